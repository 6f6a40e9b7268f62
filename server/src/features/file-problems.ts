// Mistakes in files of our own, which are no manifests: no rule looks at them.
import type { Span } from '../base/span.ts';
import { egressTestProblems } from '../eval/run-egress-tests.ts';
import { isEgressTestName } from '../sources/egress-test.ts';

export interface FileProblem {
  readonly message: string;
  /** In the file. */
  readonly span: Span;
}

/** Undefined for a file that is none of ours; its text is read only where it is one. */
export function fileProblems(uri: string, textOf: (uri: string) => string | undefined): readonly FileProblem[] | undefined {
  return isEgressTestName(uri) ? egressTestProblems(textOf(uri) ?? '') : undefined;
}
