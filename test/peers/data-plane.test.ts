// Bytes through the waypoint's real Envoy, configured by a running istiod: each change of the manifests changes what a real curl gets,
// what the site sees, and what Envoy logs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { peersWithDataPlane, startCluster, type Cluster } from '../kit/peers.ts';
import { expectedOf, namesIn, storyRequests, storyStates, type StoryRequest } from './data-plane/story-states.ts';

const found = peersWithDataPlane();
const namespace = 'common-infrastructure';
const example = (name: string) => path.resolve(import.meta.dirname, `../../examples/${name}.yaml`);

/** The fields of Istio's default text format up to the failure, those that change. */
const line = (request: string, status: number, flags: string, details: string) =>
  new RegExp(`^\\[[^\\]]+\\] "${request} HTTP/1\\.1" ${status} ${flags} ${details} - "[^"]*" \\d+ \\d+ \\d+ `, 'm');
const whole =
  /^\[[^\]]+\] "GET \/get HTTP\/1\.1" 200 - via_upstream - "-" 0 \d+ \d+ \d+ "-" "curl\/[^"]+" "[0-9a-f-]{36}" "httpbin\.org" "192\.0\.2\.10:443" inbound-vip\|80\|http\|httpbin\.org 10\.42\.0\.\d+:\d+ 240\.240\.0\.\d+:80 10\.42\.0\.\d+:\d+ - default$/m;

const denying = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: no-secrets, namespace: ${namespace} }
spec:
  targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: httpbin }]
  action: DENY
  rules: [{ to: [{ operation: { methods: [GET], paths: [/secret] } }] }]
`;

describe('the data plane of a cluster', { skip: found.available ? false : found.why, timeout: 240_000 }, () => {
  let cluster: Cluster;
  let log = '';
  let follower: ReturnType<typeof spawn>;
  const apply = (...names: string[]) => cluster.kubectl(['apply', ...names.flatMap((name) => ['-f', example(name)])]);
  const pod = ['exec', 'deployment/curl', '--', 'curl', '--silent', '--include', '--max-time', '10'];
  const ask = (...args: string[]) => cluster.kubectl([...pod, ...args]);

  before(async () => {
    cluster = await startCluster({ dataPlane: true });
    await apply('namespace');
    await apply('client', 'waypoint', 'service-entry', 'destination-rule', 'telemetry');
    await cluster.kubectl(['rollout', 'status', 'deployment/curl', '--timeout=30s']);
    await cluster.kubectl([
      'wait',
      'gateway/egress-gateway',
      '-n',
      namespace,
      '--for=condition=Programmed',
      '--timeout=30s',
    ]);
    await cluster.kubectl(['rollout', 'status', 'deployment/egress-gateway', '-n', namespace, '--timeout=30s']);
    await cluster.kubectl([
      'wait',
      'serviceentry/httpbin',
      '-n',
      namespace,
      '--for=jsonpath={.status.addresses[0].value}',
      '--timeout=10s',
    ]);
    follower = spawn(cluster.tools.kubectl, ['logs', '--follow', 'deployments/egress-gateway', '-n', namespace], {
      env: cluster.env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    follower.stdout!.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  });
  after(() => {
    follower?.kill();
    cluster?.stop();
  });

  /** istiod takes a moment; the last answer is shown where the awaited never comes. */
  async function until(args: readonly string[], expected: RegExp): Promise<string> {
    let seen = '';
    for (let i = 0; i < 40; i++) {
      seen = await ask(...args).catch(String);
      if (expected.test(seen)) return seen;
      await sleep(250);
    }
    return assert.fail(`never ${String(expected)}, at last:\n${seen}`);
  }
  async function logged(expected: RegExp): Promise<void> {
    for (let i = 0; i < 100 && !expected.test(log); i++) await sleep(50);
    assert.match(log, expected);
  }

  test('a request goes out through the waypoint, in TLS from there, and kubectl follows its log', async () => {
    const answer = await until(['http://httpbin.org/get'], /^HTTP\/1\.1 200 OK/);
    assert.match(answer, /"Host": "httpbin\.org"/);
    assert.match(answer, /^server: istio-envoy/m);
    const waypoint = await cluster.kubectl(['get', 'pods', '-n', namespace, '-o', 'jsonpath={.items[0].status.podIP}']);
    const site = JSON.parse(answer.slice(answer.indexOf('{'))) as { url: string; origin: string };
    assert.deepEqual([site.url, site.origin], ['https://httpbin.org/get', waypoint]);
    await logged(whole);
  });

  test("a forbidden POST is 403, as nothing allows it; a denied path has the policy's name", async () => {
    await apply('authorization-policy');
    assert.match(await until(['-X', 'POST', 'http://httpbin.org/post'], /^HTTP\/1\.1 403/), /RBAC: access denied/);
    await logged(line('POST /post', 403, '-', 'rbac_access_denied_matched_policy\\[none\\]'));
    await cluster.kubectl(['apply', '-f', '-'], denying);
    await until(['http://httpbin.org/secret'], /^HTTP\/1\.1 403/);
    await logged(
      line(
        'GET /secret',
        403,
        '-',
        `rbac_access_denied_matched_policy\\[ns\\[${namespace}\\]-policy\\[no-secrets\\]-rule\\[0\\]\\]`,
      ),
    );
    assert.match(await ask('http://httpbin.org/%73ecret'), /^HTTP\/1\.1 403/, 'the path is normalised first');
    assert.match(await ask('http://httpbin.org/get'), /^HTTP\/1\.1 200/);
  });

  test('a port that is not listed is closed, a host that nobody lists leaves past the waypoint', async () => {
    await assert.rejects(ask('https://httpbin.org/get'), /exit status 35/);
    await logged(/"- - -" 0 NR filter_chain_not_found - .* 240\.240\.0\.\d+:443 /);
    const before = log.length;
    assert.match(await ask('http://elsewhere.example/get'), /^HTTP\/1\.1 200[\s\S]*^server: gunicorn/m);
    await assert.rejects(
      ask('https://elsewhere.example/get'),
      /exit status 60/,
      "the world's certificates are not curl's",
    );
    await assert.rejects(ask('http://nowhere.invalid/'), /exit status 6/);
    await sleep(300);
    assert.doesNotMatch(log.slice(before), /elsewhere/);
  });

  test('without the DestinationRule plaintext reaches the TLS port; another name is not accepted', async () => {
    await cluster.kubectl(['delete', '-f', example('destination-rule')]);
    assert.match(
      await until(['http://httpbin.org/get'], /^HTTP\/1\.1 400/),
      /plain HTTP request was sent to HTTPS port/,
    );
    await logged(line('GET /get', 400, '-', 'via_upstream'));
    await apply('destination-rule');
    const names = { spec: { trafficPolicy: { tls: { subjectAltNames: ['other.example'] } } } };
    const patch = [
      'patch',
      'destinationrule',
      'httpbin',
      '-n',
      namespace,
      '--type=merge',
      `--patch=${JSON.stringify(names)}`,
    ];
    await cluster.kubectl(patch);
    await until(['http://httpbin.org/get'], /^HTTP\/1\.1 503/);
    await logged(/ 503 URX,UF .*CERTIFICATE_VERIFY_FAILED:verify_cert_failed:_SAN_matcher/);
    await cluster.kubectl(['delete', '-f', example('destination-rule')]);
    await apply('destination-rule');
    await until(['http://httpbin.org/get'], /^HTTP\/1\.1 200/);
  });

  test('without a pod of the waypoint connections are reset, and none goes past it', async () => {
    const scale = (to: number) =>
      cluster.kubectl(['scale', 'deployment/egress-gateway', '-n', namespace, `--replicas=${to}`]);
    await scale(0);
    await until(['http://httpbin.org/get'], /exit status 56/);
    await scale(1);
    await until(['http://httpbin.org/get'], /^HTTP\/1\.1 200/);
  });

  test('without the label the waypoint is passed by; without Telemetry nothing is logged', async () => {
    await cluster.kubectl(['label', 'namespace', namespace, 'istio.io/use-waypoint-']);
    await until(['http://httpbin.org/get'], /^HTTP\/1\.1 400[\s\S]*^server: nginx/m);
    await apply('namespace');
    await until(['http://httpbin.org/get'], /^HTTP\/1\.1 200/);
    await cluster.kubectl(['delete', '-f', example('telemetry')]);
    for (let before = -1; before !== log.length; ) {
      before = log.length;
      await ask('http://httpbin.org/get');
      await sleep(500);
    }
    assert.match(await ask('http://httpbin.org/get'), /^HTTP\/1\.1 200/);
  });

  test('a client that is not captured goes past the waypoint', async () => {
    const redirected = () =>
      cluster.kubectl([
        'get',
        'pods',
        '--selector=app=curl',
        '-o',
        'jsonpath={.items[0].metadata.annotations.ambient\\.istio\\.io/redirection}',
      ]);
    assert.equal(await redirected(), 'enabled');
    await cluster.kubectl(['label', 'namespace', 'default', 'istio.io/dataplane-mode-']);
    await until(['http://httpbin.org/get'], /^HTTP\/1\.1 200[\s\S]*^server: gunicorn/m);
    assert.equal(await redirected(), '');
  });

  test('requests do what trace says, in each state of the story', async (t) => {
    let compared = 0;
    for (const { name, files } of storyStates()) {
      await put(files);
      const expected = storyRequests.map((request) => expectedOf(files, request));
      let seen: readonly string[] = [];
      for (let i = 0; i < 30 && !isDeepStrictEqual(seen, expected); i++) {
        if (i > 0) await sleep(300);
        seen = await Promise.all(storyRequests.map(send));
      }
      assert.deepEqual(seen, expected, name);
      compared += seen.length;
    }
    t.diagnostic(`${compared} requests compared with trace: all equal`);
  });

  /** By names, the texts of the last call. */
  let live = new Map<string, string>();
  /** Leaves these manifests in the cluster, and no others of an earlier call. */
  async function put(files: Readonly<Record<string, string>>): Promise<void> {
    const wanted = new Map(Object.values(files).map((text) => [namesIn(text), text]));
    const gone = [...live.keys()].filter((names) => !wanted.has(names));
    for (const names of gone) await cluster.kubectl(['delete', '--ignore-not-found', ...names.split(' ')]);
    const changed = [...wanted].filter(([names, text]) => live.get(names) !== text);
    if (changed.length > 0)
      await cluster.kubectl(['apply', '-f', '-'], changed.map(([, text]) => text).join('\n---\n'));
    live = wanted;
    // Some states do what the one before does: istiod and Envoy get the time to see that they are others.
    await sleep(500);
  }

  let sent = 0;
  /** Who answered, with which status, and the gateway's line of it. */
  async function send({ method, url }: StoryRequest): Promise<string> {
    const id = `id=${++sent}`;
    const answer = await ask('-X', method, `${url}?${id}`).catch(String);
    const status = /^HTTP\/1\.1 (\d{3})/m.exec(answer)?.[1];
    if (!/^server: istio-envoy/m.test(answer))
      return status !== undefined || /exit status 60/.test(answer) ? 'site' : 'nobody';
    const line = () => log.split('\n').find((one) => one.includes(`?${id} `));
    for (let i = 0; i < 40 && line() === undefined; i++) await sleep(50);
    const [, logged, cluster] = /" (\d{3}) .* (inbound-vip\S+|-) \S+ 240\./.exec(line() ?? '') ?? [];
    return `waypoint ${status}, logged ${logged} ${cluster}`;
  }
});
