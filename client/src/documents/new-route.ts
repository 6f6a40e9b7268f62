// What a new route would do, before it is written: the trace of each client, and who may call.
import { l10n } from 'vscode';
import type { PlannedRoute } from '../../../server/src/lsp/protocol/new-route.ts';
import { clientOf, accesses, operationOf } from './access.ts';
import { compose, type Answer, type Lines } from './answer.ts';
import { traceLines } from './trace.ts';

export function newRouteDocument({ title, requests, access, notes }: PlannedRoute): Answer {
  const calls: Lines = access.map(({ from, host, port, via, access: may, operations }) => {
    const what = operations.map(operationOf).filter((one) => one !== '');
    return [`  ${[clientOf(from), `${host}:${port}`, via, accesses[may](), ...what].join('  ')}`];
  });
  return compose([
    [title],
    [l10n.t('Nothing is written yet.')],
    ...(notes.length > 0 ? [[], ...notes.map((note) => [note])] : []),
    ...requests.flatMap(({ trace, ...request }) => [[], ...traceLines(request, trace)]),
    [],
    [l10n.t('Who may call')],
    ...calls,
  ]);
}
