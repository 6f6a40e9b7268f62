// What a workspace is made with, and what it says of its work.
import type { DocumentRule, Rule } from '../rules/rule.ts';
import type { OnRuleError } from './run-rules.ts';
import type { EngineSettings } from './settings.ts';

export interface Rules {
  readonly rules: readonly Rule[];
  readonly documentRules: readonly DocumentRule[];
}

export interface WorkspaceOptions extends Rules {
  readonly settings: EngineSettings;
  /** A rule that throws loses its own findings only; tests rethrow. */
  readonly onRuleError: OnRuleError;
  /** Of how many subjects that ran last all facts are kept; tests keep fewer. */
  readonly recentSubjects?: number | undefined;
}

/** What the last `refresh` did, for tests and the log. */
export interface Work {
  readonly documentsRead: number;
  readonly subjectsRun: number;
  /** What rules asked the mesh for, and the resources that it gave. */
  readonly meshRead: number;
}
