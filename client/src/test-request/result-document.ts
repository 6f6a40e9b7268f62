// The result of a test request beside the expected one, as a document.
import { l10n } from 'vscode';
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
    [l10n.t('{0} {1} from {2}', method, url, from)],
    [l10n.t('Pod {0}, container {1}', pod, container)],
    [l10n.t('Context {0}, {1}', context, answer.sentAt)],
    [],
    ...wrapped(`${verdict(comparison)} ${comparison.text}`),
    ...block(l10n.t('Answered'), [
      [answer.summary],
      ...(response?.headers ?? []).map(([name, value]) => [`${name}: ${value}`]),
      ...(response && response.body !== '' ? [[], ...bodyLines(response.body)] : []),
      ...(failure && response ? [[`curl ${failure.code}: ${failure.meaning}`]] : []),
      ...(timing
        ? [
            [],
            [
              l10n.t(
                '{0} ms in total, connected after {1} ms{2}',
                ms(timing.total),
                ms(timing.connect),
                remote === undefined ? '' : l10n.t(', to {0}', remote),
              ),
            ],
          ]
        : []),
    ]),
    ...block(
      l10n.t("In the gateway's log"),
      typeof line === 'string'
        ? [[line]]
        : [
            ...(line.others > 0 ? [[l10n.t('{0} lines match; this one is nearest in time.', line.others + 1)]] : []),
            [l10n.t('Pod {0}', line.row.pod)],
            [],
            ...lineLines(line.row.explained),
          ],
    ),
    ...block(
      l10n.t('Expected steps'),
      expected ? outcomeLines(expected) : [[l10n.t('The language server does not answer.')]],
    ),
    ...block(l10n.t('Command'), [[shellQuoted(answer.command)]]),
  ];
}

function verdict({ agrees }: Comparison): string {
  if (agrees === undefined) return `${l10n.t('Open')}:`;
  return agrees ? `✔ ${l10n.t('As expected')}:` : `✘ ${l10n.t('Not as expected')}:`;
}

function bodyLines(body: string): Lines {
  const lines = body.trimEnd().split(/\r?\n/);
  return [...lines.slice(0, mostBody).map((text) => [text.slice(0, 400)]), ...(lines.length > mostBody ? [['…']] : [])];
}

function ms(seconds: number): string {
  return String(Math.round(seconds * 1000));
}
