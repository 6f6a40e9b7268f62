// What stands behind one cell: the answer, the lines that decide it, and what it takes for granted.
import { element, type Child } from '../../kit/page/element.ts';
import type { AccessMatrix, ShownReason } from '../protocol.ts';
import { answerText } from './access-text.ts';
import type { Chosen } from './grid.ts';

interface ReasonActions {
  readonly open: (reason: ShownReason) => void;
  readonly trace: (host: string, port: number, from: string) => void;
}

export function reasonsOf(matrix: AccessMatrix, { host: row, client: column }: Chosen, actions: ReasonActions): Child {
  const { host, port } = matrix.hosts[row]!;
  const { label, key } = matrix.clients[column]!;
  const answer = matrix.answers[matrix.cells[row]![column]!];
  return [
    element('h2', {}, `${label} to ${host}:${port}`),
    element(
      'p',
      {},
      answer
        ? answerText(answer)
        : 'For this client the host is a Service of the cluster, so that its requests do not leave the mesh.',
    ),
    answer && answer.because.length > 0
      ? element(
          'ul',
          {},
          answer.because.map((reason) =>
            element(
              'li',
              {},
              element(
                'button',
                { type: 'button', class: 'link', on: { click: () => actions.open(reason) } },
                reason.label,
              ),
            ),
          ),
        )
      : undefined,
    (answer?.notes ?? []).map((note) => element('p', { class: 'note' }, note)),
    key.endsWith('*')
      ? undefined
      : element(
          'button',
          { type: 'button', class: 'secondary', on: { click: () => actions.trace(host, port, key) } },
          'Trace Request',
        ),
  ];
}
