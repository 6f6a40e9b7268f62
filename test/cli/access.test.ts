// The built command line: the table, and the formats for programs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import type { CliHost } from '../../server/src/cli/host.ts';
import { run as runInProcess } from '../../server/src/cli/run.ts';
import { cliHost } from '../../server/src/host/node/cli-host.ts';
import { documentRules, rules } from '../../server/src/rules/index.gen.ts';
import { runCli } from '../kit/cli.ts';
import { noServers } from '../kit/no-servers.ts';

const root = resolve(import.meta.dirname, '../..');
const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist/cli.js'), 'access', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
};

test('the table of the story', () => {
  const { code, out, err } = run('examples');
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /^ +ACCESS +VIA +FROM +OPERATIONS\nhttpbin\.org:80\n/);
  assert.match(
    out,
    /^ +some +waypoint +default\/curl +GET\n +- AuthorizationPolicy common-infrastructure\/httpbin \(examples\/authorization-policy\.yaml:\d+:\d+\)$/m,
  );
  assert.match(
    out,
    /^ +none +waypoint +all accounts in common-infrastructure; other accounts in default;\n +all other clients$/m,
  );
});

/** A host that 60 accounts may call, by a policy with a long name. */
function crowded(): string {
  const folder = mkdtempSync(join(tmpdir(), 'access-'));
  const callers = Array.from({ length: 60 }, (_, i) => `cluster.local/ns/shop/sa/worker-${i + 10}`);
  writeFileSync(
    join(folder, 'mesh.yaml'),
    `apiVersion: v1
kind: Namespace
metadata: { name: egress, labels: { istio.io/use-waypoint: wp, istio.io/dataplane-mode: ambient } }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: egress }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: pay, namespace: egress }
spec: { hosts: [pay.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: only-the-workers-of-the-shop-may-call-the-provider-of-payments, namespace: egress }
spec:
  targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: pay }]
  rules: [{ from: [{ source: { principals: [${callers.join(', ')}] } }], to: [{ operation: { methods: [GET] } }] }]
`,
  );
  return folder;
}

test('no line is longer than 100 characters where the output is no terminal; --wide has all clients', () => {
  const folder = crowded();
  const { out } = run(folder);
  assert.ok(out.split('\n').every((line) => line.length <= 100));
  assert.match(out, /shop\/worker-10, shop\/worker-11, shop\/worker-12 and 57\n? +more accounts/);
  const wide = run(folder, '--wide').out.split('\n');
  assert.match(wide[0]!, /^HOST +ACCESS +VIA +FROM +OPERATIONS +BECAUSE$/);
  assert.ok(wide.some((line) => /^pay\.example\.com:80 +some .*shop\/worker-10, .*shop\/worker-69 +GET/.test(line)));
  assert.deepEqual([run(folder, '--wide', '--format', 'csv').code, runCli(['check', '--wide', folder]).code], [0, 2]);
});

test('a narrow terminal is filled, not exceeded', async () => {
  let out = '';
  const host: CliHost = {
    ...cliHost('0', noServers),
    columns: 60,
    stdout: (text) => void (out += text),
  };
  await runInProcess(['access', crowded()], host, { rules, documentRules, pages: () => new Map() });
  const widest = Math.max(...out.split('\n').map((line) => line.length));
  assert.ok(widest <= 60 && widest > 50, out);
});

test('json is the contract', () => {
  const { version, rows } = JSON.parse(run('examples', '--format', 'json').out) as {
    version: number;
    rows: Record<string, unknown>[];
  };
  assert.equal(version, 1);
  assert.deepEqual(Object.keys(rows[0]!), [
    'from',
    'host',
    'port',
    'via',
    'access',
    'operations',
    'because',
    'assumed',
  ]);
  const curl = rows.find(
    ({ from }) => from !== '*' && (from as { serviceAccount: string | null }).serviceAccount === 'curl',
  )!;
  assert.deepEqual([curl['access'], curl['operations']], ['some', [{ methods: ['GET'] }]]);
  assert.equal((curl['because'] as { file: string }[])[0]!.file, 'examples/authorization-policy.yaml');
  assert.equal(rows.at(-1)!['from'], '*');
});

test('csv and markdown have a line a row', () => {
  assert.match(
    run('examples', '--format', 'csv').out,
    /^from,host,port,via,access,operations,because,refused,assumed,skips\n(.+,httpbin\.org,80,waypoint,(none|some),.*\n){4}$/,
  );
  assert.match(run('examples', '--format', 'markdown').out, /^\| from \| host .*\n\| --- .*\n(\| .+ \|\n){4}$/);
  assert.equal(run('examples', '--format', 'junit').code, 2);
});
