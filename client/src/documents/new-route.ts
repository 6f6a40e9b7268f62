// What a new route would do, before it is written: the trace of each client, and who may call.
import type { PlannedRoute } from '../../../server/src/lsp/protocol/new-route.ts';
import { clientOf, operationOf } from './access.ts';
import { compose, type Answer, type Lines } from './answer.ts';
import { traceLines } from './trace.ts';

export function newRouteDocument({ title, requests, access, notes }: PlannedRoute): Answer {
  const calls: Lines = access.map(({ from, host, port, via, access: may, operations }) => {
    const what = operations.map(operationOf).filter((one) => one !== '');
    return [`  ${[clientOf(from), `${host}:${port}`, via, may, ...what].join('  ')}`];
  });
  return compose([
    [title],
    ['Nothing is written yet.'],
    ...(notes.length > 0 ? [[], ...notes.map((note) => [note])] : []),
    ...requests.flatMap(({ trace, ...request }) => [[], ...traceLines(request, trace)]),
    [],
    ['Who may call'],
    ...calls,
  ]);
}
