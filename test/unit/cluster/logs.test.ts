// Following logs: streams that break, pods that come and go, and lines that come twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../../server/src/cluster/tools/command.ts';
import { followGatewayLogs, readGatewayLogs, type LogState } from '../../../server/src/cluster/logs/gateway-logs.ts';
import { LineReader, type LogLine } from '../../../server/src/cluster/logs/log-stream.ts';
import { backOff } from '../../../server/src/cluster/tools/pause.ts';
import { ranTo, recorded, tools, type Answer } from './cluster-kit.ts';

const request = { context: 'prod', tools, namespace: 'egress', name: 'gate' };
const at = (second: string, text: string) => `2026-01-01T00:00:0${second}Z ${text}\n`;
const podRow = (name: string) => `egress\t${name}\tgate\t{}\tistio-proxy\t\tRunning\tTrue\t\t\t\t\t\n`;

test('lines from pieces; repeated lines after a break are reported once', () => {
  const told: string[] = [];
  const reader = new LineReader('p', ({ text }) => told.push(text));
  reader.take(at('1.1', 'a').slice(0, 10));
  reader.take(
    `${at('1.1', 'a').slice(10)}${at('1.25', 'same')}${at('1.25', 'same')}\nno time\n${at('2.5', 'half').slice(0, -3)}`,
  );
  reader.end();
  assert.deepEqual([told, reader.lastTime], [['a', 'same', 'same', 'no time'], '2026-01-01T00:00:01.25Z']);
  reader.take(
    `${at('1.1', 'a')}${at('1.250000000', 'same')}${at('1.25', 'same')}${at('1.25', 'same')}${at('1.25', 'other')}${at('2.5', 'half')}${at('2.4', 'late')}`,
  );
  assert.deepEqual(told.slice(4), ['same', 'other', 'half', 'late']);
});

test('read once: all pods, oldest first', async () => {
  const run = recorded([
    [
      /get pods --selector=gateway\.networking\.k8s\.io\/gateway-name=gate /,
      { stdout: podRow('gate-1') + podRow('gate-2') },
    ],
    [
      /logs pods\/gate-1 --container=istio-proxy --timestamps --since-time=2026-01-01T00:00:00Z --tail=200$/,
      { stdout: at('2', 'b') },
    ],
    [/logs pods\/gate-2 /, { stdout: at('1', 'a') + at('3', 'c') }],
  ]);
  const lines = await readGatewayLogs(run, request, { since: '2026-01-01T00:00:00.9Z' });
  assert.deepEqual(lines.ok && lines.value.map(({ pod, text }) => `${pod} ${text}`), [
    'gate-2 a',
    'gate-1 b',
    'gate-2 c',
  ]);
  const refused = await readGatewayLogs(
    recorded([
      [/get pods/, { code: 1, stderr: 'Error from server (Forbidden): User "d" cannot list resource "pods"' }],
    ]),
    request,
  );
  assert.equal(!refused.ok && refused.problem.kind, 'forbidden');
});

/** Answers `logs` for each pod with one stream after the other; the last stays open until it is stopped. */
function streams(
  pods: () => readonly string[],
  byPod: Readonly<Record<string, readonly (Answer & { readonly open?: boolean })[]>>,
): Run & { readonly asked: string[] } {
  const asked: string[] = [];
  const taken = new Map<string, number>();
  const run: Run = async ({ args }, { signal, onOutput }) => {
    const words = args.join(' ');
    if (words.includes('get pods')) return ranTo({ stdout: pods().map(podRow).join('') });
    const pod = /logs pods\/(\S+)/.exec(words)?.[1] ?? assert.fail(words);
    asked.push(words.slice(words.indexOf('logs ')));
    const turn = taken.get(pod) ?? 0;
    taken.set(pod, turn + 1);
    const { open, ...answer } = byPod[pod]?.[turn] ?? { open: true };
    if (answer.stdout !== undefined) onOutput?.({ stream: 'stdout', text: answer.stdout });
    if (open)
      await new Promise<void>((resolve) => {
        if (signal?.aborted) resolve();
        else signal?.addEventListener('abort', () => resolve());
      });
    return ranTo(signal?.aborted ? { ended: 'cancelled' } : answer);
  };
  return Object.assign(run, { asked });
}

async function follow(
  run: Run,
  until: (lines: readonly LogLine[], states: readonly LogState[]) => boolean,
  since?: string,
) {
  const stop = new AbortController();
  const lines: LogLine[] = [];
  const states: LogState[] = [];
  const look = (): void => {
    if (until(lines, states)) stop.abort();
  };
  const guard = setTimeout(() => stop.abort(), 10_000);
  const problem = await followGatewayLogs(run, request, {
    signal: stop.signal,
    since,
    pollMs: 20,
    jitter: () => 1,
    onLine: (line) => {
      lines.push(line);
      look();
    },
    onState: (state) => {
      states.push(state);
      look();
    },
  });
  clearTimeout(guard);
  return {
    lines: lines.map(({ pod, text }) => `${pod} ${text}`),
    states: states.map((one) => `${one.state}${'pod' in one && one.pod !== undefined ? ` ${one.pod}` : ''}`),
    messages: states.map(({ message }) => message),
    problem,
  };
}

test('a stream that breaks is taken up where it broke', async () => {
  const run = streams(() => ['gate-1'], {
    'gate-1': [
      { stdout: at('1', 'a') + at('2', 'b'), code: 1, stderr: 'error: unexpected EOF' },
      { stdout: at('2', 'b') + at('3', 'c'), open: true },
    ],
  });
  const { lines, states, messages, problem } = await follow(run, (all) => all.some(({ text }) => text === 'c'));
  assert.deepEqual(
    [lines, states, problem],
    [['gate-1 a', 'gate-1 b', 'gate-1 c'], ['following gate-1', 'broken gate-1', 'resumed gate-1'], undefined],
  );
  assert.match(messages[1] ?? '', /Following pod gate-1 again\./);
  assert.deepEqual(run.asked, [
    'logs pods/gate-1 --container=istio-proxy --timestamps --tail=0 --follow',
    'logs pods/gate-1 --container=istio-proxy --timestamps --since-time=2026-01-01T00:00:02Z --follow',
  ]);
});

test('a stream that breaks before its first line asks by a span, not by a clock', async () => {
  const run = streams(() => ['gate-1'], {
    'gate-1': [
      { code: 1, stderr: 'EOF' },
      { stdout: at('1', 'a'), open: true },
    ],
  });
  await follow(run, (all) => all.length === 1);
  assert.match(run.asked[1] ?? '', /--since=\d+s --follow$/);
});

test('pods come and go', async () => {
  let pods = ['gate-1'];
  const run = streams(() => pods, {
    'gate-1': [{ stdout: at('1', 'a') }],
    'gate-2': [{ stdout: at('2', 'b'), open: true }],
  });
  const { lines, states } = await follow(
    (command, options) => {
      if (command.args.includes('pods/gate-1')) pods = ['gate-2'];
      return run(command, options);
    },
    (all) => all.length === 2,
  );
  assert.deepEqual(
    [lines, states],
    [
      ['gate-1 a', 'gate-2 b'],
      ['following gate-1', 'gone gate-1', 'following gate-2'],
    ],
  );
  assert.equal(
    run.asked[1],
    'logs pods/gate-2 --container=istio-proxy --timestamps --follow',
    'of a pod that came later every line counts',
  );
});

test('no pods, then one', async () => {
  let looks = 0;
  const { states, messages } = await follow(
    streams(() => (++looks > 2 ? ['gate-1'] : []), { 'gate-1': [{ stdout: at('1', 'a'), open: true }] }),
    (all) => all.length === 1,
  );
  assert.deepEqual(states, ['no-pods', 'following gate-1']);
  assert.equal(messages[0], 'Gateway egress/gate has no running pod. Waiting for one.');
});

test('missing permission to read logs is reported once', async () => {
  const run = streams(() => ['gate-1', 'gate-2'], {
    'gate-1': [
      { code: 1, stderr: 'Error from server (Forbidden): User "d" cannot get resource "pods/log" in API group ""' },
    ],
  });
  assert.equal(
    (await follow(run, () => false)).problem?.message,
    'You (user "d") have no permission to get pods/log in the cluster.',
  );
});

test('inputs that are none', async () => {
  const run = recorded([]);
  const follow = (more: object) =>
    followGatewayLogs(run, { ...request, ...more }, { signal: new AbortController().signal, onLine: () => undefined });
  for (const more of [{ name: '--all' }, { namespace: 'a b' }, { context: '' }])
    assert.equal((await follow(more))?.kind, 'invalid-input');
  const since = await readGatewayLogs(run, request, { since: '1h --all' });
  assert.deepEqual([!since.ok && since.problem.kind, run.seen], ['invalid-input', []]);
});

test('back-off doubles up to a limit, and the jitter takes away at most half', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 50].map((n) => backOff(500, n, undefined, 5000)),
    [500, 1000, 2000, 4000, 5000],
  );
  assert.deepEqual(
    [backOff(500, 1, () => 1), backOff(500, 1, () => 0), backOff(500, 1, () => 9), backOff(500, 0, () => 1)],
    [500, 1000, 500, 500],
  );
});
