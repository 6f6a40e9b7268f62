import type { Rules } from '../engine/workspace-options.ts';

/** The rules with their pages, by id. */
export interface RuleBook extends Rules {
  readonly pages: () => ReadonlyMap<string, string>;
}
