// The result of a test request beside the expected one, as a document.
import { shellQuoted } from '../../../server/src/cluster/tools/command.ts';
import type { TestAnswer } from '../../../server/src/cluster/requests/test-request.ts';
import type { TraceResult } from '../../../server/src/lsp/protocol/egress.ts';
import { block, wrapped, type Lines } from '../documents/answer.ts';
import { lineLines } from '../documents/log.ts';
import { outcomeLines } from '../documents/trace.ts';
import type { Comparison } from './compare-with-trace.ts';
import type { FoundLine } from './find-line.ts';

export interface TestResult {
  readonly context: string;
  /** `NAMESPACE/SERVICE-ACCOUNT` */
  readonly from: string;
  readonly pod: string;
  readonly container: string;
  readonly method: string;
  readonly url: string;
  readonly answer: TestAnswer;
  readonly expected: TraceResult | undefined;
  readonly comparison: Comparison;
  /** Or why there is none. */
  readonly line: FoundLine | string;
}

/** The part of a body that is enough to recognize the server. */
const mostBody = 12;

export function resultLines(result: TestResult): Lines {
  const { context, from, pod, container, method, url, answer, expected, comparison, line } = result;
  const { response, failure, timing, remote } = answer;
  return [
    [`${method} ${url} from ${from}`],
    [`Pod ${pod}, container ${container}`],
    [`Context ${context}, ${answer.sentAt}`],
    [],
    ...wrapped(`${verdict(comparison)} ${comparison.text}`),
    ...block('Answered', [
      [answer.summary],
      ...(response?.headers ?? []).map(([name, value]) => [`${name}: ${value}`]),
      ...(response && response.body !== '' ? [[], ...bodyLines(response.body)] : []),
      ...(failure && response ? [[`curl ${failure.code}: ${failure.meaning}`]] : []),
      ...(timing
        ? [
            [],
            [
              `${ms(timing.total)} ms in total, connected after ${ms(timing.connect)} ms${remote === undefined ? '' : `, to ${remote}`}`,
            ],
          ]
        : []),
    ]),
    ...block(
      "In the gateway's log",
      typeof line === 'string'
        ? [[line]]
        : [
            ...(line.others > 0 ? [[`${line.others + 1} lines match; this one is nearest in time.`]] : []),
            [`Pod ${line.row.pod}`],
            [],
            ...lineLines(line.row.explained),
          ],
    ),
    ...block('Expected steps', expected ? outcomeLines(expected) : [['The language server does not answer.']]),
    ...block('Command', [[shellQuoted(answer.command)]]),
  ];
}

function verdict({ agrees }: Comparison): string {
  if (agrees === undefined) return 'Open:';
  return agrees ? '✔ As expected:' : '✘ Not as expected:';
}

function bodyLines(body: string): Lines {
  const lines = body.trimEnd().split(/\r?\n/);
  return [...lines.slice(0, mostBody).map((text) => [text.slice(0, 400)]), ...(lines.length > mostBody ? [['…']] : [])];
}

function ms(seconds: number): string {
  return String(Math.round(seconds * 1000));
}
