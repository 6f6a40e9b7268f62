// What completion offers, as plain data.
import type { Span } from '../../base/span.ts';
import type { TextEdit } from '../../base/text-edit.ts';

export interface ManifestChoice {
  readonly label: string;
  readonly kind: 'key' | 'value' | 'reference' | 'resource';
  /** Beside the label: type, or where a value comes from. */
  readonly detail: string;
  /** Markdown. */
  readonly doc: string;
  readonly newText: string;
  /** With places to fill in, where an editor knows such; else `newText`. */
  readonly snippet?: string;
  /** In the file. */
  readonly replace: Span;
  /** Edits elsewhere in the file that belong to it. */
  readonly also?: readonly TextEdit[];
  /** What typed text is compared with, where not the label. */
  readonly filter?: string;
  readonly isDeprecated?: boolean;
}

export interface ManifestChoices {
  readonly choices: readonly ManifestChoice[];
  /** More candidates exist than are listed: the next typed letter queries again. */
  readonly isIncomplete: boolean;
}

export const noChoices: ManifestChoices = { choices: [], isIncomplete: false };
