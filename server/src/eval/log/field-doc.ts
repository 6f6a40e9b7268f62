import type { LogEntry } from './entry.ts';

/** What a field is and what its value says. */
export interface FieldDoc {
  /** Envoy's command operator: `%START_TIME%`. */
  readonly operator?: string;
  readonly say: (value: string, entry: LogEntry) => string;
  /** Where the value is `-`. */
  readonly none?: (value: string, entry: LogEntry) => string;
}
