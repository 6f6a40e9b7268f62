// Requests from a pod and the logs of a gateway, by the real kubectl through the real API server, and through the waypoint's real Envoy.
import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkEgressIsClosed } from '../../server/src/cluster/requests/egress-closed.ts';
import { followGatewayLogs, readGatewayLogs, type LogState } from '../../server/src/cluster/logs/gateway-logs.ts';
import type { LogLine } from '../../server/src/cluster/logs/log-stream.ts';
import { clientWorkloads, listPods, type PodSummary } from '../../server/src/cluster/objects/pods.ts';
import { sendTestRequest } from '../../server/src/cluster/requests/test-request.ts';
import { runCli } from '../kit/cli.ts';
import { nodeRun } from '../../server/src/host/node/run.ts';
import { peersWithDataPlane, startCluster, type Cluster } from '../kit/peers.ts';
import { until } from '../kit/until.ts';
import { cacheFolder } from './programs.ts';

const found = peersWithDataPlane();
const home = 'common-infrastructure';

describe('pods of a real cluster', { skip: found.available ? false : found.why, timeout: 400_000 }, () => {
  let cluster: Cluster;
  let client: PodSummary;
  const run = (...args: Parameters<ReturnType<typeof nodeRun>>) => nodeRun({ env: cluster.env })(...args);
  before(async () => {
    cluster = await startCluster({ dataPlane: true });
    const { kubectl, istioctl } = cluster;
    await kubectl(['create', 'namespace', home]);
    await istioctl([
      'waypoint',
      'apply',
      '--enroll-namespace',
      '--name=egress-gateway',
      `--namespace=${home}`,
      '--wait',
    ]);
    await kubectl(['apply', '-f', path.join(cacheFolder(), 'share/istio/curl/curl.yaml')]);
    await kubectl(['label', 'namespace', 'default', 'istio.io/dataplane-mode=ambient']);
    await kubectl(
      ['apply', '-f', '-'],
      [
        {
          apiVersion: 'networking.istio.io/v1',
          kind: 'ServiceEntry',
          metadata: { name: 'httpbin', namespace: home },
          spec: { hosts: ['httpbin.org'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'DNS' },
        },
        {
          apiVersion: 'telemetry.istio.io/v1',
          kind: 'Telemetry',
          metadata: { name: 'log', namespace: home },
          spec: { accessLogging: [{ providers: [{ name: 'envoy' }] }] },
        },
      ]
        .map((one) => JSON.stringify(one))
        .join('\n'),
    );
    await kubectl(['rollout', 'status', 'deployment/curl', '--timeout=40s']);
    await kubectl(['rollout', 'status', 'deployment/egress-gateway', `--namespace=${home}`, '--timeout=40s']);
    await kubectl([
      'wait',
      'serviceentry/httpbin',
      `--namespace=${home}`,
      '--for=condition=istio.io/WaypointBound',
      '--timeout=40s',
    ]);
    const pods = await listPods(run, { context: 'local', namespace: 'default', tools: cluster.tools });
    const clients = pods.ok ? clientWorkloads(pods.value) : assert.fail(pods.problem.message);
    assert.deepEqual(
      clients.map(({ workload, containers }) => [workload, ...containers]),
      [['Deployment curl', 'curl']],
    );
    client = clients[0]!.pod;
  });
  after(() => cluster?.stop());

  const gate = () => ({ context: 'local', tools: cluster.tools, namespace: home, name: 'egress-gateway' });
  const from = () => ({
    context: 'local',
    tools: cluster.tools,
    namespace: 'default',
    pod: client.name,
    container: 'curl',
    maxSeconds: 5,
  });
  const log = () => path.join(cluster.folder, 'pods/egress-gateway.log');
  const write = (text: string) =>
    appendFileSync(log(), `${new Date().toISOString().replace('Z', '000000Z')} stdout F ${text}\n`);

  test('who a client is', () => {
    assert.deepEqual([client.serviceAccount, client.isReady, client.labels.get('app')], ['curl', true, 'curl']);
    assert.match(client.address ?? '', /^10\.42\.0\.\d+$/);
  });

  test("a request is answered, and its line stands in the gateway's log", async () => {
    const sent = await sendTestRequest(run, {
      ...from(),
      url: 'http://httpbin.org/get?x=1',
      headers: ['X-Tried: a; b $(c)'],
    });
    const answer = sent.ok ? sent.value : assert.fail(`${sent.problem.message} ${sent.problem.details}`);
    assert.deepEqual([answer.response?.status, answer.failure, answer.summary], [200, undefined, 'HTTP/1.1 200']);
    assert.match(answer.response?.body ?? '', /"X-Tried": "a; b \$\(c\)"/);
    assert.ok((answer.timing?.total ?? 0) > 0);
    const lines = await until(
      async () => {
        const read = await readGatewayLogs(run, gate(), { since: answer.sentAt, tail: 50 });
        return read.ok ? read.value : assert.fail(read.problem.message);
      },
      (all) => all.some(({ text }) => text.includes('"GET /get?x=1 HTTP/1.1" 200')),
    );
    assert.ok(lines.every(({ pod, time }) => pod.startsWith('egress-gateway-') && time >= answer.sentAt.slice(0, 19)));
  });

  test('learn --cluster proposes the request for the account of its client', () => {
    const { code, out, err } = runCli(
      ['learn', '--cluster', '--context=local', `--gateway=${home}/egress-gateway`, '--since=10m'],
      { env: cluster.env },
    );
    assert.equal(code, 0, err + out);
    assert.match(err, /read the logs of egress-gateway-\S+ of Gateway common-infrastructure\/egress-gateway\.$/m);
    assert.match(out, /^kind: AuthorizationPolicy\nmetadata:\n {2}name: httpbin-learned\n/m);
    assert.match(
      out,
      /serviceAccounts:\n +- default\/curl\n +to:\n +- operation:\n +methods:\n +- GET\n +paths:\n +- \/get\n/,
    );
  });

  test('learn --cluster reads the log of a classic egress gateway, by each of its names', async () => {
    const named = { namespace: 'classic-egress', name: 'way-out' };
    const labels = { istio: 'way-out' };
    await cluster.kubectl(['create', 'namespace', named.namespace]);
    await cluster.kubectl(
      ['apply', '-f', '-'],
      [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: named,
          spec: {
            selector: { matchLabels: labels },
            template: { metadata: { labels }, spec: { containers: [{ name: 'istio-proxy', image: 'none' }] } },
          },
        },
        { apiVersion: 'v1', kind: 'Service', metadata: named, spec: { selector: labels, ports: [{ port: 80 }] } },
        {
          apiVersion: 'networking.istio.io/v1',
          kind: 'Gateway',
          metadata: { name: 'to-outside', namespace: 'default' },
          spec: {
            selector: labels,
            servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['httpbin.org'] }],
          },
        },
      ]
        .map((one) => JSON.stringify(one))
        .join('\n'),
    );
    await cluster.kubectl(['rollout', 'status', 'deployment/way-out', '--namespace=classic-egress', '--timeout=40s']);
    const now = new Date().toISOString();
    const line = `[${now}] "GET /classic HTTP/2" 200 - via_upstream - "-" 0 255 12 11 "${client.address}" "curl/8" "-" "httpbin.org" "198.51.100.7:80" outbound|80||httpbin.org 10.42.0.250:51436 10.42.0.250:8080 ${client.address}:41234 - -`;
    appendFileSync(
      path.join(cluster.folder, 'pods/classic-gateway.log'),
      `${now.replace('Z', '000000Z')} stdout F ${line}\n`,
    );
    for (const [gateway, source] of [
      ['default/to-outside', 'Gateway default/to-outside'],
      ['classic-egress/way-out', 'Service classic-egress/way-out'],
    ]) {
      const { out, err } = runCli(['learn', '--cluster', '--context=local', `--gateway=${gateway}`, '--since=10m'], {
        env: cluster.env,
      });
      assert.match(err, new RegExp(`read the logs of way-out-\\S+ of ${source}\\.$`, 'm'));
      assert.match(out, /serviceAccounts:\n +- default\/curl\n[^]* - \/classic\n/, err);
    }
    await cluster.kubectl(['delete', 'service/way-out', '--namespace=classic-egress']);
    const { err } = runCli(['learn', '--cluster', '--context=local', '--gateway=classic-egress/way-out'], {
      env: cluster.env,
    });
    assert.match(err, /read the logs of way-out-\S+ of Deployment classic-egress\/way-out\.$/m);
  });

  test("a request that fails is told in curl's words", async () => {
    const sent = await sendTestRequest(run, { ...from(), url: 'https://httpbin.org/get' });
    assert.match(
      sent.ok ? sent.value.summary : sent.problem.message,
      /^No response: the TLS handshake failed \(curl 35: /,
    );
  });

  test('no pod, no curl, no right', async () => {
    const problem = async (more: object) => {
      const sent = await sendTestRequest(run, { ...from(), url: 'http://httpbin.org/', ...more });
      return sent.ok ? assert.fail(sent.value.summary) : sent.problem;
    };
    assert.equal((await problem({ pod: 'gone' })).kind, 'not-found');
    assert.match((await problem({ container: 'nothing' })).message, /has no container nothing\.$/);
    const gateway = await cluster.kubectl(['get', 'pods', '-n', home, '-o', 'jsonpath={.items[0].metadata.name}']);
    assert.equal((await problem({ namespace: home, pod: gateway, container: 'istio-proxy' })).kind, 'failed');
    assert.match((await problem({ context: 'local-guest' })).message, /user "guest"\) have no permission to get pods/);
    await cluster.kubectl(['create', 'role', 'sees', '--verb=get,list', '--resource=pods']);
    await cluster.kubectl(['create', 'rolebinding', 'guest-sees', '--role=sees', '--user=guest']);
    assert.match(
      (await problem({ context: 'local-guest' })).message,
      /user "guest"\) have no permission to create pods\/exec/,
    );
  });

  test('a way out that is open is found', async () => {
    const report = await checkEgressIsClosed(run, {
      ...from(),
      undeclaredUrl: 'http://example.com/',
      controlUrl: 'http://httpbin.org/get',
    });
    assert.deepEqual(
      report.checks.map(({ what, verdict }) => `${what} ${verdict}`),
      ['control open', 'undeclared open'],
      'the stand-in answers every host',
    );
    assert.match(report.summary, /^From default\/curl-\S+, the outside can be reached where it must not be\.$/);
  });

  test('logs are followed: a stream that is killed is taken up, a pod that comes is joined in, no line comes twice', async () => {
    const pids = path.join(cluster.folder, 'kubectl-pids');
    const kubectl = path.join(cluster.folder, 'kubectl');
    // The real kubectl under a number that is known, so that a stream can be broken.
    writeFileSync(
      kubectl,
      `#!/bin/sh\ncase "$*" in *--follow*) echo $$ >> ${pids} ;; esac\nexec ${cluster.tools.kubectl} "$@"\n`,
    );
    chmodSync(kubectl, 0o755);
    writeFileSync(pids, '');
    const followers = () =>
      readFileSync(pids, 'utf8')
        .trim()
        .split('\n')
        .filter((line) => line !== '')
        .map(Number);
    const stop = new AbortController();
    const lines: LogLine[] = [];
    const states: LogState[] = [];
    const count = (text: string) => lines.filter((line) => line.text === text).length;
    const ended = followGatewayLogs(
      run,
      { ...gate(), tools: { ...cluster.tools, kubectl } },
      { signal: stop.signal, pollMs: 300, onLine: (line) => lines.push(line), onState: (state) => states.push(state) },
    );
    try {
      await until(
        async () => followers(),
        (all) => all.length === 1,
      );
      await sleep(1500); // until the stream is open
      write('one');
      await until(
        async () => count('one'),
        (n) => n === 1,
      );
      process.kill(followers()[0]!, 'SIGKILL');
      write('two');
      await until(
        async () => count('two'),
        (n) => n === 1,
      );
      assert.deepEqual(
        states.map(({ state }) => state),
        ['following', 'broken', 'resumed'],
      );
      assert.match(states[1]!.message, /^kubectl was ended by a signal\. Following pod egress-gateway-\S+ again\.$/);
      await cluster.kubectl(['scale', 'deployment/egress-gateway', '-n', home, '--replicas=2']);
      await until(
        async () => states.filter(({ state }) => state === 'following').length,
        (n) => n === 2,
      );
      await until(
        async () => followers().length,
        (n) => n === 3,
      );
      await sleep(1500);
      write('three');
      await until(
        async () => count('three'),
        (n) => n === 2,
      );
      assert.equal(
        new Set(lines.filter(({ text }) => text === 'three').map(({ pod }) => pod)).size,
        2,
        'kwok gives both pods one file',
      );
      const first = lines[0]!.pod;
      assert.deepEqual(
        lines.filter(({ pod, text }) => pod === first && /^(one|two|three)$/.test(text)).map(({ text }) => text),
        ['one', 'two', 'three'],
      );
    } finally {
      stop.abort();
    }
    assert.equal(await ended, undefined);
  });

  test('somebody who may not read logs', async () => {
    await cluster.kubectl(['create', 'role', 'sees', '-n', home, '--verb=get,list', '--resource=pods']);
    await cluster.kubectl(['create', 'rolebinding', 'guest-sees', '-n', home, '--role=sees', '--user=guest']);
    const problem = await followGatewayLogs(
      run,
      { ...gate(), context: 'local-guest' },
      { signal: AbortSignal.timeout(20_000), onLine: () => assert.fail('a line') },
    );
    assert.equal(problem?.message, 'You (user "guest") have no permission to get pods/log in the cluster.');
  });
});
