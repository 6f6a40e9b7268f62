import type { Trace } from '../../eval/trace/step.ts';
import type { TestedFile } from '../tested-file.ts';
import { escapeXml } from './junit.ts';

/** One suite a file, one case an expectation; what is wrong with a file itself is an error. */
export function egressTestsJunit(files: readonly TestedFile[], traceText: (trace: Trace) => string): string {
  const suites = files.map((file) => suite(file, traceText));
  const count = (of: (file: TestedFile) => number) => files.reduce((sum, file) => sum + of(file), 0);
  const [tests, failures, errors] = [count(size), count(failed), count(({ problems }) => problems.length)];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="istio-egress" tests="${tests}" failures="${failures}" errors="${errors}">\n${suites.join('\n')}\n</testsuites>\n`;
}

function size({ results, problems }: TestedFile): number {
  return results.length + problems.length;
}

function failed({ results }: TestedFile): number {
  return results.filter(({ outcome }) => outcome === 'failed').length;
}

function suite(file: TestedFile, traceText: (trace: Trace) => string): string {
  const name = escapeXml(file.file);
  const at = (start: number) => `line ${file.lines.positionAt(start).line + 1}`;
  const cases = [
    ...file.results.map(({ name: called, outcome, message, trace }) => {
      const head = `    <testcase classname="${name}" name="${escapeXml(called)}"`;
      return outcome === 'passed'
        ? `${head}/>`
        : `${head}><failure type="${trace.verdict}" message="${escapeXml(message)}">${escapeXml(traceText(trace))}</failure></testcase>`;
    }),
    ...file.problems.map(
      ({ message, span }) =>
        `    <testcase classname="${name}" name="${at(span.start)}"><error message="${escapeXml(message)}"/></testcase>`,
    ),
  ];
  return `  <testsuite name="${name}" tests="${size(file)}" failures="${failed(file)}" errors="${file.problems.length}">\n${cases.join('\n')}\n  </testsuite>`;
}
