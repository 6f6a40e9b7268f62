// Keeping a snapshot fresh: told only what changed, ever more rarely asked, stopped at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchSnapshot } from '../../../server/src/cluster/snapshot/watch-snapshot.ts';
import { list, recorded, tools, type Answer } from './cluster-kit.ts';

const served = ['namespaces', 'services'].join('\n');
const service = (name: string) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'a' } });

test('reported once while nothing changes, again on a change, and once for an error', async () => {
  const stop = new AbortController();
  let turn = 0;
  const turns: readonly Answer[] = [
    list(service('x')),
    list(service('x')),
    list(service('x'), service('y')),
    {},
    {},
    list(service('x'), service('y')),
  ];
  const down: Answer = { code: 1, stderr: 'The connection to the server was refused' };
  const run = recorded([
    [/api-resources/, () => (turn === 3 || turn === 4 ? (turn++, down) : { stdout: served })],
    [/get services/, () => turns[turn++] ?? {}],
    [/get namespaces/, list({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } })],
    [/get deployments|get configmaps|get configmap/, {}],
  ]);
  const told: string[] = [];
  const watch = watchSnapshot(
    run,
    { context: 'prod', tools },
    {
      signal: stop.signal,
      everyMs: 1,
      mostMs: 4,
      jitter: () => 0.5,
      onSnapshot: ({ objects }) => {
        told.push(
          objects
            .filter(({ kind }) => kind === 'Service')
            .map(({ name }) => name)
            .join(),
        );
        if (turn >= 6) stop.abort();
      },
      onProblem: ({ kind }) => told.push(kind),
    },
  );
  await watch.ended;
  assert.deepEqual(told, ['x', 'x,y', 'unreachable', 'x,y']);
});

test('asked at once when wanted, and ended at once', async () => {
  const stop = new AbortController();
  let asked = 0;
  const run = recorded([
    [
      /api-resources/,
      () => {
        asked++;
        return { code: 1, stderr: 'error: context "prod" does not exist' };
      },
    ],
  ]);
  let told = (): void => undefined;
  const first = new Promise<void>((resolve) => {
    told = resolve;
  });
  const watch = watchSnapshot(
    run,
    { context: 'prod', tools },
    { signal: stop.signal, everyMs: 60_000, onSnapshot: () => undefined, onProblem: () => told() },
  );
  await first;
  watch.refresh();
  while (asked < 2) await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  await watch.ended;
  assert.equal(asked, 2);
});
