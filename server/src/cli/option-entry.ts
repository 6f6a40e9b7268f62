// What an option of the command line is.
import type { Command } from './command-table.ts';

export interface OptionUse {
  /** Undefined: commands that read manifests. An option of which every use names its commands is refused by others. */
  readonly of?: readonly Command[];
  /** As help shows it: `FILE`, a choice as `one|other`, a list of choices as `one,other`. */
  readonly value?: string;
  readonly text: string;
}

export interface OptionEntry {
  readonly name: string;
  readonly short?: string;
  /** Whether it may be given more than once. */
  readonly repeats?: true;
  readonly uses: readonly OptionUse[];
}
