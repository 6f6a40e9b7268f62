// `learn --cluster`: a script that replaces kubectl answers what a cluster would, and notes its arguments.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scope } from '../../server/src/cluster/objects/scope.ts';
import { runCli, writeFiles } from '../kit/cli.ts';
import { temporaryFolder } from '../kit/story-folder.ts';

const folder = temporaryFolder('learn-cluster');
const bin = join(folder, 'bin');
const asked = join(folder, 'asked');
mkdirSync(bin);
const posix = process.platform === 'win32' ? 'POSIX only' : false;

const line = (method: string, client: string, second: number) =>
  `2026-03-01T02:48:${second}.634Z [2026-03-01T02:48:${second}.634Z] "${method} /v1 HTTP/1.1" 200 - via_upstream - "-" 0 255 12 - "-" "-" "-" "api.example.com" "198.51.100.7:80" inbound-vip|80|http|api.example.com 10.1.0.8:1 240.240.0.3:80 ${client}:1 - default`;
const account = (name: string, address: string, since = '2026-03-01T00:00:00Z', hostNetwork = '') =>
  ['shop', name, since, hostNetwork, 'Running', address].join('\t');
const podRow = (namespace: string, name: string, containers: string, inits = '', owner = '') =>
  [namespace, name, 'gate', '{}', containers, inits, 'Running', 'True', '', owner && 'ReplicaSet', owner, '', ''].join(
    '\t',
  );
const pod = (name: string) => podRow('egress', name, 'istio-proxy');

const ambient = { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'gate' };
const waypoint = `apiVersion: v1
kind: Namespace
metadata:
  name: egress
  labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: gate }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gate, namespace: egress }
spec:
  gatewayClassName: istio-waypoint
  listeners: [{ name: mesh, port: 15008, protocol: HBONE }]
`;

const listOf = (items: readonly object[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 4);

function answering(
  gatewayPods: readonly string[],
  log: readonly string[],
  accounts: readonly string[],
  objects: readonly object[] = [],
  { selected = [], workloads = [] }: Readonly<Partial<Record<'selected' | 'workloads', readonly string[]>>> = {},
): void {
  rmSync(asked, { force: true });
  writeFiles(folder, {
    'answers/pods': gatewayPods.map((one) => `${pod(one)}\n`).join(''),
    'answers/selected': selected.map((one) => `${one}\n`).join(''),
    'answers/workloads': workloads.map((one) => `${one}\n`).join(''),
    'answers/kinds': ['namespaces', ...scope.map(({ resource }) => resource)].map((one) => `${one}\n`).join(''),
    'answers/log': log.map((one) => `${one}\n`).join(''),
    'answers/accounts': accounts.map((one) => `${one}\n`).join(''),
    'answers/namespaces': listOf([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'egress', labels: ambient } },
    ]),
    'answers/objects': listOf(objects),
    'manifests/waypoint.yaml': waypoint,
  });
  const script = `#!/bin/sh
printf '%s\\n' "$*" >> ${asked}
case " $* " in
  *" config view "*) printf '{"contexts":[{"name":"c","context":{"cluster":"c"}}],"current-context":"c"}' ;;
  *" api-resources "*) cat ${folder}/answers/kinds ;;
  *" get pods --selector=gateway.networking.k8s.io/gateway-name="*) cat ${folder}/answers/pods ;;
  *" get pods --selector="*|*" get pods --all-namespaces --selector="*|*" --namespace=egress get pods --output="*)
    cat ${folder}/answers/selected ;;
  *" get deployments.apps"*) cat ${folder}/answers/workloads ;;
  *" logs pods/gate-1 "*) cat ${folder}/answers/log ;;
  *" logs "*) ;;
  *" get pods --all-namespaces "*startTime*) cat ${folder}/answers/accounts ;;
  *--output=jsonpath=*|*--output=go-template=*) ;;
  *" get "*serviceentries*) cat ${folder}/answers/objects ;;
  *" get namespaces"*) cat ${folder}/answers/namespaces ;;
  *) printf '{"apiVersion":"v1","kind":"List","items":[]}' ;;
esac
`;
  writeFileSync(join(bin, 'kubectl'), script);
  chmodSync(join(bin, 'kubectl'), 0o755);
}

const run = (...args: readonly string[]) =>
  runCli(['learn', ...args], { cwd: folder, env: { ...process.env, PATH: `${bin}:/usr/bin:/bin` } });
const gate = ['--cluster', '--gateway', 'egress/gate'];
const commands = () => (existsSync(asked) ? readFileSync(asked, 'utf8').split('\n') : []);

test('the logs of all pods of the gateway, with the accounts of the addresses', { skip: posix }, () => {
  answering(
    ['gate-1', 'gate-2'],
    [line('GET', '10.1.0.9', 20), line('PUT', '10.1.0.10', 21), line('POST', '10.1.0.11', 22), 'a line of the proxy'],
    [
      account('cart', '10.1.0.9'),
      // Began after the line, so another pod had the address.
      account('late', '10.1.0.10', '2026-03-01T03:00:00Z'),
      // The address of a node.
      account('agent', '10.1.0.11', '2026-03-01T00:00:00Z', 'true'),
    ],
  );
  const { code, out, err } = run(...gate, '--since', '1h30m', '--manifests', 'manifests');
  assert.equal(code, 0, err);
  assert.match(err, /^istio-egress: cluster c: read the logs of gate-1, gate-2 of Gateway egress\/gate\.$/m);
  assert.match(out, /^# 3 access-log lines read \(0 of traffic inside the mesh\), 1 other line skipped\.$/m);
  assert.match(out, /serviceAccounts:\n +- shop\/cart\n/);
  assert.match(out, /^# {3}PUT \/v1 api\.example\.com:80 from 10\.1\.0\.10: 1 request/m);
  assert.match(out, /^# {3}POST \/v1 api\.example\.com:80 from 10\.1\.0\.11: 1 request/m);
  assert.doesNotMatch(out, /late|agent|^kind: Gateway/m);
  const logs = commands().filter((words) => words.includes(' logs '));
  assert.deepEqual(
    logs,
    ['gate-1', 'gate-2'].map(
      (name) =>
        `--context=c --namespace=egress logs pods/${name} --container=istio-proxy --timestamps --since=1h30m --tail=-1`,
    ),
  );
});

test('a gateway without pods is an error, and so is what cannot be a name or a time', { skip: posix }, () => {
  answering([], [], []);
  const none = run(...gate);
  assert.deepEqual([none.code, none.out], [2, '']);
  assert.match(none.err, /Gateway egress\/gate has no pods in cluster c/);
  rmSync(asked, { force: true });
  for (const [args, words] of [
    [['--cluster'], /needs --gateway NAMESPACE\/NAME/],
    [['--gateway', 'egress/gate', '-'], /--gateway needs --cluster/],
    [['--since', '10m', '-'], /--since needs --cluster/],
    [['--cluster', '--gateway', 'gate'], /--gateway gate: write NAMESPACE\/NAME/],
    [['--cluster', '--gateway', 'egress/--all'], /--gateway egress\/--all: "--all" is not a valid/],
    [[...gate, '--since', '1h --all'], /--since: "1h --all" is not a valid duration\. Write it like 10m/],
  ] as const) {
    const { code, out, err } = run(...args);
    assert.deepEqual([code, out], [2, ''], args.join(' '));
    assert.match(err, words);
  }
  assert.deepEqual(commands(), []);
  const file = run(...gate, 'egress.log');
  assert.equal(file.code, 2);
  assert.match(file.err, /reads the logs of the gateway, and no file/);
});

test('without manifests, what the cluster has counts; what only the cluster has is not changed', {
  skip: posix,
}, () => {
  const objects = (port: number) => [
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'gate', namespace: 'egress' },
      spec: {
        gatewayClassName: 'istio-waypoint',
        listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
      },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'api', namespace: 'egress' },
      spec: {
        hosts: ['api.example.com'],
        ports: [{ number: port, name: 'http', protocol: 'HTTP' }],
        resolution: 'DNS',
      },
    },
  ];
  const live = (port: number) =>
    answering(['gate-1'], [line('GET', '10.1.0.9', 20)], [account('cart', '10.1.0.9')], objects(port));
  live(80);
  const known = run(...gate);
  assert.equal(known.code, 0, known.err + known.out);
  assert.match(known.out, /name: api-learned\n/);
  assert.doesNotMatch(known.out, /^kind: (ServiceEntry|Gateway|Namespace)$/m);
  live(443);
  const lacking = run(...gate);
  assert.equal(lacking.code, 1);
  assert.match(
    lacking.out,
    /^# Not let through with this proposal:\n# {3}GET \/v1 api\.example\.com:80 from shop\/cart: ServiceEntry egress\/api lacks port 80, and is in no file that can be changed \(1 request, /m,
  );
});

const classicLine = `[2026-03-01T02:48:20.634Z] "GET /v1 HTTP/2" 200 - via_upstream - "-" 0 255 12 - "10.1.0.9" "-" "-" "api.example.com" "198.51.100.7:80" outbound|80||api.example.com 10.1.0.8:51436 10.1.0.8:8080 10.1.0.9:1 - -`;
const selecting = (kind: string, apiVersion: string, selector: object) => ({
  apiVersion,
  kind,
  metadata: { name: 'way-out', namespace: 'egress' },
  spec: { selector },
});
const classic = ['--cluster', '--gateway', 'egress/way-out'];

test('a classic egress gateway is known by its Gateway, its Service or its Deployment, and ztunnel by its DaemonSet', {
  skip: posix,
}, () => {
  const log = [`2026-03-01T02:48:20.634Z ${classicLine}`];
  const accounts = [account('cart', '10.1.0.9')];
  const proxy = podRow('infra', 'gate-1', 'istio-proxy', '', 'way-out-5d4f');
  for (const [source, objects, answers, asked] of [
    [
      'Gateway egress/way-out',
      [selecting('Gateway', 'networking.istio.io/v1', { istio: 'way-out', app: 'x' })],
      { selected: [proxy] },
      '--context=c get pods --all-namespaces --selector=istio=way-out,app=x ',
    ],
    [
      'Service egress/way-out',
      [selecting('Service', 'v1', { istio: 'way-out' })],
      { selected: [podRow('infra', 'gate-1', 'app', 'istio-proxy')] },
      '--context=c --namespace=egress get pods --selector=istio=way-out ',
    ],
    [
      'Deployment egress/way-out',
      [],
      {
        selected: [proxy, podRow('egress', 'other', 'istio-proxy', '', 'other-5d4f')],
        workloads: [['Deployment', 'egress', 'way-out', '{}', '{}', '', '', 'istio-proxy', '', '', '', ''].join('\t')],
      },
      '--context=c --namespace=egress get pods --output=',
    ],
    [
      'DaemonSet egress/way-out',
      [],
      {
        selected: [
          podRow('infra', 'gate-1', 'istio-proxy', '', 'way-out').replace('ReplicaSet', 'DaemonSet'),
          podRow('egress', 'gate-2', 'istio-proxy', '', 'way-out-5d4f'),
        ],
        workloads: [['DaemonSet', 'egress', 'way-out', '{}', '{}', '', '', 'istio-proxy', '', '', '', ''].join('\t')],
      },
      '--context=c --namespace=egress get pods --output=',
    ],
  ] as const) {
    answering([], log, accounts, objects, answers);
    const { out, err } = run(...classic);
    assert.ok(err.includes(`read the logs of gate-1 of ${source}.\n`), err);
    assert.match(out, /^# 1 access-log line read/m);
    assert.match(out, /GET \/v1 api\.example\.com:80 from shop\/cart/);
    assert.ok(
      commands().some((words) => words.startsWith(asked)),
      source,
    );
    assert.ok(commands().some((words) => words.includes('--namespace=infra logs pods/gate-1 --container=istio-proxy')));
  }
});

test('pods without a proxy have no access log, and a selector that is no list of labels asks for nothing', {
  skip: posix,
}, () => {
  answering([], [], [], [selecting('Service', 'v1', { app: 'cart' })], {
    selected: [podRow('egress', 'gate-1', 'app')],
  });
  const none = run(...classic);
  assert.deepEqual([none.code, none.out], [2, '']);
  assert.match(none.err, /Service egress\/way-out has no pods in cluster c that run a proxy of Istio/);
  for (const selector of [{}, { 'a,b': 'c' }, { a: 'b,c' }, { a: 1 }]) {
    answering([], [], [], [selecting('Gateway', 'networking.istio.io/v1', selector)]);
    assert.equal(run(...classic).code, 2);
    assert.ok(!commands().some((words) => words.includes(' get pods --all-namespaces --selector')));
  }
});
