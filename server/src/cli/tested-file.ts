import type { LineIndex } from '../base/line-index.ts';
import type { EgressTestRun } from '../eval/run-egress-tests.ts';

/** A file of expectations with what came of each. */
export interface TestedFile extends EgressTestRun {
  /** The path as it is shown. */
  readonly file: string;
  readonly lines: LineIndex;
}
