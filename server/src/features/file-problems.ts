// Errors in files of this project, which are not manifests: no rule checks them.
import type { Span } from '../base/span.ts';
import { ruleIds } from '../engine/rule-ids.ts';
import type { Rules } from '../engine/workspace-options.ts';
import { egressTestProblems } from '../eval/run-egress-tests.ts';
import { isConfigFile, readConfigFile } from '../sources/config-file.ts';
import { isEgressTestName } from '../sources/egress-test.ts';

export interface FileProblem {
  readonly message: string;
  /** In the file. */
  readonly span: Span;
}

/** Undefined for a file that is none of ours; its text is read only where it is one. */
export function fileProblems(
  uri: string,
  textOf: (uri: string) => string | undefined,
  rules: Rules,
): readonly FileProblem[] | undefined {
  if (isConfigFile(uri)) return readConfigFile(textOf(uri) ?? '', uri, ruleIds(rules)).errors;
  return isEgressTestName(uri) ? egressTestProblems(textOf(uri) ?? '') : undefined;
}
