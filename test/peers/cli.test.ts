// The command line beside a real cluster: what its resources change in the answers, what is said of both, and the exit codes.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeFiles, type CliRun } from '../kit/cli.ts';
import { root } from '../kit/lsp-client.ts';
import { assertOutput } from '../kit/output-schema.ts';
import { peers, startCluster, type Cluster } from '../kit/peers.ts';

const found = peers();

const entry = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: httpbin
  namespace: egress
spec:
  hosts: [httpbin.org]
  ports:
  - { number: 80, name: http, protocol: HTTP }
  resolution: DNS
`;
const inCluster = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gate, namespace: egress }
spec:
  gatewayClassName: istio-waypoint
  listeners: [{ name: mesh, port: 15008, protocol: HBONE }]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: nobody, namespace: egress }
spec:
  targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: gate }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: broken, namespace: egress }
spec:
  host: httpbin.org
  trafficPolicy: { tls: { mode: SIMPLE } }
`;

describe('the command line and a real cluster', { skip: found.available ? false : found.why, timeout: 300_000 }, () => {
  let cluster: Cluster;
  const dir = mkdtempSync(join(tmpdir(), 'istio-egress-cli-cluster-'));
  before(async () => {
    cluster = await startCluster();
    await cluster.kubectl(['create', 'namespace', 'egress']);
    await cluster.kubectl(['label', 'namespace', 'egress', 'istio.io/use-waypoint=gate']);
    await cluster.kubectl(['label', 'namespace', 'default', 'istio.io/dataplane-mode=ambient']);
    await cluster.kubectl(['apply', '-f', '-'], inCluster);
    await cluster.kubectl(['apply', '--server-side', '-f', '-'], entry);
    writeFiles(dir, { 'entry.yaml': entry });
  });
  after(() => {
    cluster?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const run = (args: readonly string[], folder = dir): CliRun => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist/cli.js'), ...args], {
      cwd: folder,
      input: '',
      encoding: 'utf8',
      env: cluster.env,
    });
    assertOutput(args, stdout);
    return { code: status, out: stdout, err: stderr };
  };
  const json = (args: readonly string[]) => JSON.parse(run([...args, '--format', 'json']).out) as Record<string, never>;
  const request = ['trace', 'http://httpbin.org/get', '--from', 'default/curl'];

  test('a trace: files alone do not know the policy, the cluster does; files alone do not depend on it', () => {
    assert.equal(json(request)['verdict'], 'undetermined', 'no file describes the namespace');
    const live = json([...request, '--cluster']) as unknown as {
      verdict: string;
      waypoint: unknown;
      steps: readonly { readonly evidence: readonly { readonly file: string }[] }[];
    };
    assert.deepEqual([live.verdict, live.waypoint], ['denied', { namespace: 'egress', name: 'gate' }]);
    assert.ok(
      live.steps.some(({ evidence }) =>
        evidence.some(({ file }) => file.startsWith('istio-egress-cluster:/local/egress/AuthorizationPolicy/nobody')),
      ),
    );
    assert.equal(run([...request, '--cluster']).code, 1);
    const guest = run([...request, '--cluster', '--context', 'local-guest']);
    assert.match(guest.err, /cluster local-guest: could not read [^(]*\(you have no permission to list them\)/);
  });

  test('access: who may call what, with what the cluster holds', () => {
    const rows = (args: readonly string[]) =>
      (json(['access', ...args])['rows'] as unknown as readonly { from: unknown; via: string; access: string }[])
        .filter(({ from }) => from === '*')
        .map(({ via, access }) => `${via} ${access}`);
    assert.deepEqual(rows([]), ['direct undetermined']);
    assert.deepEqual(rows(['--cluster', '--context=local', '--namespace', 'egress,default,istio-system']), [
      'waypoint none',
    ]);
  });

  test('check: findings name where they come from, statuses stand apart', async () => {
    let seen = check();
    // istiod writes its statuses a moment later.
    for (let i = 0; i < 60 && !seen.cluster.statuses.some(({ condition }) => condition === 'WaypointBound'); i++) {
      await sleep(500);
      seen = check();
    }
    const { findings, cluster } = seen;
    assert.deepEqual([cluster.context, cluster.namespaces, cluster.unread], ['local', null, []]);
    assert.deepEqual(
      [...new Set(findings.map(({ origin }) => origin))].filter((origin) => origin !== undefined),
      ['cluster:local'],
    );
    assert.deepEqual(
      findings
        .filter(({ rule }) => rule === 'tls-to-plaintext-port')
        .map(({ file, related }) => [file, related[0]?.file]),
      [['entry.yaml', 'istio-egress-cluster:/local/egress/DestinationRule/broken.yaml']],
    );
    const bound = cluster.statuses.find(({ condition }) => condition === 'WaypointBound');
    assert.deepEqual(
      [bound?.file, bound?.reason],
      ['entry.yaml', 'WaypointIsNotReady'],
      'told at the file that describes it',
    );
    const alone = JSON.parse(run(['check', '--format', 'json']).out) as {
      readonly cluster?: unknown;
      readonly findings: readonly { origin?: string }[];
    };
    assert.equal(alone.cluster, undefined);
    assert.ok(alone.findings.every(({ origin }) => origin === undefined));
  });

  interface Checked {
    readonly findings: readonly {
      readonly origin?: string;
      readonly rule: string;
      readonly file: string;
      readonly related: readonly { readonly file: string }[];
    }[];
    readonly cluster: {
      readonly context: string;
      readonly namespaces: unknown;
      readonly unread: unknown;
      readonly statuses: readonly { readonly condition: string; readonly file: string; readonly reason: string }[];
    };
  }
  function check(): Checked {
    return JSON.parse(run(['check', '--cluster', '--format', 'json']).out) as Checked;
  }

  test('drift: 0 where nothing differs, 1 where something does, 2 where it cannot be told', () => {
    const one = join(dir, 'one');
    const same = `${inCluster}---\n${entry}`;
    writeFiles(one, { 'all.yaml': same });
    assert.deepEqual(run(['drift', '.'], one), {
      code: 0,
      out: '0 missing, 0 different, 0 only in cluster local, 0 not compared, of 4 resources in files.\n',
      err: '',
    });
    writeFiles(one, {
      'all.yaml': same.replace('mode: SIMPLE', 'mode: DISABLE').replace('name: nobody', 'name: somebody'),
    });
    const differs = run(['drift', '.'], one);
    assert.equal(differs.code, 1);
    assert.match(differs.out, /all\.yaml:10:19: missing in the cluster: AuthorizationPolicy egress\/somebody\n/);
    assert.match(
      differs.out,
      /different: DestinationRule egress\/broken\n {4}spec\.trafficPolicy\.tls\.mode: "DISABLE" in the file, "SIMPLE" in the cluster\n/,
    );
    assert.match(differs.out, /only in the cluster: AuthorizationPolicy egress\/nobody\n/);
    assert.match(
      differs.out,
      /\n1 missing, 1 different, 1 only in cluster local, 0 not compared, of 4 resources in files\.\n$/,
    );
    assert.equal(run(['drift', '.', '--format', 'json'], one).code, 1);
    const quiet = run(['drift', '.', '--quiet'], one).out;
    assert.equal(quiet, differs.out.replace(/^ {4}.*\n/gm, '').replace(/\n\n[^]*/, '\n'));
    const guest = run(['drift', '.', '--context', 'local-guest'], one);
    assert.equal(guest.code, 2);
    assert.match(
      guest.out,
      /not compared: ServiceEntry egress\/httpbin \(You \(user "guest"\) have no permission to list serviceentries/,
    );
    const nowhere = run(['drift', '.', '--context', 'nowhere'], one);
    assert.deepEqual([nowhere.code, nowhere.out], [2, '']);
    assert.match(nowhere.err, /The kubeconfig has no context "nowhere"\./);
  });

  test('a waypoint that nobody has is known to be missing', () => {
    const lost = join(dir, 'lost');
    writeFiles(lost, {
      'entry.yaml': entry.replace('namespace: egress', 'namespace: egress\n  labels: { istio.io/use-waypoint: lost }'),
    });
    const said = run(['check', '.', '--cluster'], lost).out;
    assert.match(
      said,
      /warning: Traffic to ServiceEntry egress\/httpbin skips the waypoint: there is no Gateway egress\/lost in these files or in cluster local\./,
    );
    assert.match(run(['check', '.'], lost).out, /unless the cluster has Gateway/);
  });
});
