// `learn`: manifests from a log, their check, the diff of existing ones, and what is told besides.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli, writeFiles } from '../kit/cli.ts';
import { copyStory, temporaryFolder } from '../kit/story-folder.ts';

const folder = temporaryFolder('learn');
const ztunnel =
  'info\taccess\tconnection complete\tsrc.addr=10.1.0.9:1 src.identity="spiffe://cluster.local/ns/shop/sa/cart" dst.addr=10.1.0.8:15008 direction="outbound"';
const line = (request: string, host: string, rest = '') =>
  `[2026-03-01T02:48:20.634Z] "${request} HTTP/1.1" 200 - via_upstream - "-" 0 255 12 - "-" "-" "-" "${host}" "198.51.100.7:443" inbound-vip|80|http|${host} 10.1.0.8:1 240.240.0.3:80 10.1.0.9:1 - ${rest || 'default'}`;
const passed = (client: string) =>
  `[2026-03-01T02:51:20.634Z] "- - -" 0 - - - "-" 517 4099 12 - "-" "-" "-" "-" "203.0.113.7:443" PassthroughCluster ${client}:2 203.0.113.7:443 ${client}:1 files.example.org -`;

test('manifests from a log have no finding, and the log gets out', () => {
  const log = [ztunnel, line('GET /v1', 'api.example.com'), passed('10.1.0.9'), passed('10.1.0.77'), 'noise'].join(
    '\n',
  );
  const { code, out, err } = runCli(['learn'], { input: log, cwd: folder });
  assert.equal(code, 0, err);
  assert.match(out, /^# 4 access-log lines read \(1 of traffic inside the mesh\), 1 other line skipped\.\n/);
  assert.match(out, /^# {3}files\.example\.org:443 from 10\.1\.0\.77: 1 request, 2026/m);
  assert.match(out, /^# {3}files\.example\.org:443 passed from shop\/cart: 1 request/m);
  writeFiles(folder, { 'proposal.yaml': out });
  const checked = runCli(['check', '--fail-on', 'information', 'proposal.yaml'], { cwd: folder });
  assert.equal(checked.code, 0, checked.out);
  const traced = ['http://api.example.com/v1', 'http://api.example.com/v2', 'https://files.example.org/'].map(
    (url) => runCli(['trace', url, '--from', 'shop/cart', 'proposal.yaml'], { cwd: folder }).code,
  );
  assert.deepEqual(traced, [0, 1, 0]);
});

test('beside existing manifests: only what is missing, what is unused, and a diff that can be applied', () => {
  const story = copyStory(join(folder, 'story'));
  const log = [ztunnel, line('GET /get', 'httpbin.org')].join('\n');
  const args = ['learn', '--manifests', 'story'];
  const { out } = runCli(args, { input: log, cwd: folder });
  assert.match(
    out,
    /^# {3}rule 1 of AuthorizationPolicy common-infrastructure\/httpbin, story\/authorization-policy\.yaml:\d+:\d+$/m,
  );
  assert.doesNotMatch(out, /^kind: (ServiceEntry|Namespace|Gateway)/m);
  assert.match(out, /name: httpbin-learned\n/);
  const diff = runCli([...args, '--format', 'diff'], { input: log, cwd: folder });
  assert.match(diff.out, /^--- \/dev\/null\n\+\+\+ b\/learned-egress\.yaml\n/);
  assert.match(diff.err, /^2 access-log lines read/);
  const covered = runCli(args, { input: line('GET /get', 'httpbin.org'), cwd: folder });
  assert.match(covered.out, /nothing tells the account/);
  const known = runCli([...args, '--from', 'default/curl', '--format', 'json'], {
    input: line('GET /get', 'httpbin.org'),
    cwd: folder,
  });
  const json = JSON.parse(known.out) as { manifests: string; allowedBefore: unknown[]; unused: { rules: unknown[] } };
  assert.deepEqual([json.manifests, json.allowedBefore.length, json.unused.rules], ['', 1, []]);
  assert.ok(readFileSync(join(story, 'service-entry.yaml'), 'utf8').length > 0);
});

test('a port that a ServiceEntry lacks is added to it, comments are kept; what cannot be let through is told', () => {
  writeFiles(folder, {
    'mesh/all.yaml': `apiVersion: v1
kind: Namespace
metadata:
  name: egress
  labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: exit }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: exit, namespace: egress }
spec:
  gatewayClassName: istio-waypoint
  listeners: [{ name: mesh, port: 15008, protocol: HBONE }]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: files, namespace: egress }
spec:
  hosts: [files.example.org]
  ports:
  # For old clients.
  - { number: 80, name: http, protocol: HTTP }
  resolution: DNS
`,
  });
  const args = ['learn', '--manifests', 'mesh', '--from', 'shop/cart'];
  const { code, out } = runCli([...args, '--format', 'diff'], { input: passed('10.1.0.9'), cwd: folder });
  assert.equal(code, 0);
  assert.match(out, /\n {3}# For old clients\.\n.*\n\+ {2}- ?\{? ?(number: 443)/);
  assert.match(runCli(args, { input: passed('10.1.0.9'), cwd: folder }).out, /# For old clients\./);
  writeFiles(folder, {
    'mesh/deny.yaml': `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: nobody, namespace: egress }
spec:
  targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: exit }]
  action: DENY
  rules: [{ from: [{ source: { namespaces: [shop] } }] }]
`,
  });
  const denied = runCli(args, { input: passed('10.1.0.9'), cwd: folder });
  assert.equal(denied.code, 1);
  assert.match(
    denied.out,
    /^# Not let through with this proposal:\n# {3}files\.example\.org:443 from shop\/cart: .*nobody/m,
  );
});

test('gRPC gets a port for gRPC; a text without a log is an error', () => {
  const calls = [line('POST /shop.Cart/Add', 'api.example.com').replace('HTTP/1.1', 'HTTP/2')];
  const { code, out } = runCli(['learn', '--from', 'shop/cart'], { input: calls.join('\n'), cwd: folder });
  assert.equal(code, 0);
  assert.match(out, /name: grpc-80\n +protocol: GRPC\n/);
  const mixed = [...calls, line('GET /health', 'api.example.com')].join('\n');
  assert.match(runCli(['learn', '--from', 'shop/cart'], { input: mixed, cwd: folder }).out, /protocol: HTTP\n/);
  const none = runCli(['learn'], { input: 'noise\n', cwd: folder });
  assert.deepEqual([none.code, none.out], [2, '']);
  assert.match(none.err, /standard input: no line is an access-log line/);
});

test('what a log holds cannot end a comment or add a resource', () => {
  const paths = Array.from({ length: 12 }, (_, i) => `/a\\nkind: Secret\\n---\\n#/${i}`);
  const lines = paths.map(
    (path) =>
      `{"start_time":"1\\nkind: Pod","method":"GET","path":"${path}","response_code":200,"response_code_details":"via_upstream","authority":"api.example.com","upstream_host":"198.51.100.7:80","upstream_cluster":"inbound-vip|80|http|api.example.com","downstream_local_address":"240.240.0.3:80","downstream_remote_address":"10.1.0.9:1"}`,
  );
  const { out } = runCli(['learn', '--from', 'shop/cart'], { input: lines.join('\n'), cwd: folder });
  assert.deepEqual(
    [...out.matchAll(/^kind: (\w+)/gm)].map(([, kind]) => kind),
    ['Namespace', 'Gateway', 'ServiceEntry', 'AuthorizationPolicy'],
  );
});

test('words that are not right are refused', () => {
  assert.match(runCli(['learn', 'a', 'b'], { cwd: folder }).err, /learn reads one log/);
  assert.match(
    runCli(['learn', '--from', 'a/b/c'], { input: 'x', cwd: folder }).err,
    /--from a\/b\/c: write NAMESPACE/,
  );
  assert.match(runCli(['learn'], { cwd: folder }).err, /standard input is empty/);
});
