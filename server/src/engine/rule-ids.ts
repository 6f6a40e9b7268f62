import type { Rules } from './workspace-options.ts';

/** The ids of all rules, as settings name them. */
export function ruleIds({ rules, documentRules }: Rules): readonly string[] {
  return [...rules, ...documentRules].map(({ id }) => id);
}
