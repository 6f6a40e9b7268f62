import type { Rules } from '../engine/workspace.ts';

/** The rules with their pages, by id. */
export interface RuleBook extends Rules {
  readonly pages: ReadonlyMap<string, string>;
}
