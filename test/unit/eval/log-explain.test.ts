// Lines of access logs: each field found, named and explained; links and proposals from manifests.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { policiesAt } from '../../../server/src/eval/authz/attached-policies.ts';
import { evaluate } from '../../../server/src/eval/authz/evaluate.ts';
import { explainLogLine } from '../../../server/src/eval/log/explain-line.ts';
import { parseCluster } from '../../../server/src/eval/log/upstream-cluster.ts';
import { explainFlags } from '../../../server/src/eval/log/flags.ts';
import { readLogLine } from '../../../server/src/eval/log/read-line.ts';
import { proposalYaml } from '../../../server/src/features/proposal-yaml.ts';
import { mostRelated } from '../../../server/src/base/and-more.ts';
import { meshFromYaml, waypointForAll } from '../../kit/mesh-from-yaml.ts';

const sample =
  '[2025-06-30T02:48:20.634Z] "GET /get HTTP/1.1" 200 - via_upstream - "-" 0 255 1477 1477 "-" "curl/8.14.1" "c29d1bce-9704-4b6f-8c3f-0a4c5b0e7a11" "httpbin.org" "44.207.188.95:443" inbound-vip|80|http|httpbin.org; 10.42.0.8:40324 240.240.0.3:80 10.42.0.9:35662 - default';
const denied =
  '[2025-06-30T02:48:21.634Z] "POST /post?x=1 HTTP/1.1" 403 - rbac_access_denied_matched_policy[none] - "-" 0 19 0 - "-" "curl/8.14.1" "c29d" "httpbin.org" "-" inbound-vip|80|http|httpbin.org - 240.240.0.3:80 10.42.0.9:35662 - default';

const folder = resolve(import.meta.dirname, '../../../examples');
const story = Object.fromEntries(
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml') && !name.includes('egress-test'))
    .map((name) => [name, readFileSync(resolve(folder, name), 'utf8')]),
);

test('the sample line, field by field', () => {
  const told = explainLogLine(sample)!;
  const expected: [string, string, string, RegExp][] = [
    ['start_time', '%START_TIME%', '2025-06-30T02:48:20.634Z', /request began/],
    ['method', '%REQ(:METHOD)%', 'GET', /method/],
    ['path', '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%', '/get', /path/],
    ['protocol', '%PROTOCOL%', 'HTTP/1.1', /client spoke/],
    ['response_code', '%RESPONSE_CODE%', '200', /status.*200 \(success\)/],
    ['response_flags', '%RESPONSE_FLAGS%', '-', /No flag/],
    ['response_code_details', '%RESPONSE_CODE_DETAILS%', 'via_upstream', /came from the upstream/],
    ['connection_termination_details', '%CONNECTION_TERMINATION_DETAILS%', '-', /did not end the connection/],
    ['upstream_transport_failure_reason', '%UPSTREAM_TRANSPORT_FAILURE_REASON%', '-', /No failure/],
    ['bytes_received', '%BYTES_RECEIVED%', '0', /from the client: 0/],
    ['bytes_sent', '%BYTES_SENT%', '255', /to the client: 255/],
    ['duration', '%DURATION%', '1477', /1477 ms/],
    ['upstream_service_time', '%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%', '1477', /upstream: 1477 ms/],
    ['x_forwarded_for', '%REQ(X-FORWARDED-FOR)%', '-', /no X-Forwarded-For/],
    ['user_agent', '%REQ(USER-AGENT)%', 'curl/8.14.1', /program/],
    ['request_id', '%REQ(X-REQUEST-ID)%', 'c29d1bce-9704-4b6f-8c3f-0a4c5b0e7a11', /id of the request/],
    ['authority', '%REQ(:AUTHORITY)%', 'httpbin.org', /Host header/],
    ['upstream_host', '%UPSTREAM_HOST%', '44.207.188.95:443', /443 is the target port/],
    [
      'upstream_cluster',
      '%UPSTREAM_CLUSTER_RAW%',
      'inbound-vip|80|http|httpbin.org',
      /waypoint handled it.*port 80 of httpbin\.org, read as HTTP/,
    ],
    ['upstream_local_address', '%UPSTREAM_LOCAL_ADDRESS%', '10.42.0.8:40324', /waypoint's own end/],
    ['downstream_local_address', '%DOWNSTREAM_LOCAL_ADDRESS%', '240.240.0.3:80', /client connected to.*Istio gave/],
    ['downstream_remote_address', '%DOWNSTREAM_REMOTE_ADDRESS%', '10.42.0.9:35662', /pod/],
    [
      'requested_server_name',
      '%REQUESTED_SERVER_NAME%',
      '-',
      /no TLS to the [a-z' ]+, or the [a-z' ]+ did not read it/,
    ],
    ['route_name', '%ROUTE_NAME%', 'default', /default route/],
  ];
  assert.deepEqual(
    told.fields.map(({ name, operator, value }) => [name, operator, value]),
    expected.map(([name, operator, value]) => [name, operator, value]),
  );
  for (const [index, [name, , , meaning]] of expected.entries())
    assert.match(told.fields[index]!.meaning, meaning, name);
  assert.equal(told.outcome, 'answered');
  assert.match(told.summary, /^GET \/get at httpbin\.org:80: 200, /);
  assert.equal(told.proposal, undefined);
});

test('prefixes, quotes, delimiters and lost parts are tolerated', () => {
  const read = (line: string) =>
    Object.fromEntries(readLogLine(line)?.fields.map(({ name, value }) => [name, value]) ?? []);
  const plain = read(sample);
  assert.equal(Object.keys(plain).length, 24);
  for (const prefix of [
    '[pod/egress-gateway-x/istio-proxy] ',
    '2025-06-30T02:48:20.635Z ',
    '2025-06-30T02:48:20.635Z stdout F ',
    'egress-gateway-x istio-proxy ',
  ])
    assert.deepEqual(read(prefix + sample), plain, prefix);
  assert.deepEqual(read(sample.replaceAll('"', '\\"')), plain);
  assert.deepEqual(read(sample.replace(/"([^"]*)"/g, '“$1”')), plain);
  assert.deepEqual(read(JSON.stringify({ log: `${sample}\n`, stream: 'stdout' })), plain);
  assert.deepEqual(read(sample.replaceAll('"', '')), plain);
  assert.deepEqual(read(sample.replace(';', '')), plain);
  const { start_time: _, ...withoutTime } = plain;
  assert.deepEqual(read(sample.slice(sample.indexOf('"'))), withoutTime);
  assert.deepEqual(
    read(sample.replace('200 - via_upstream - "-"', '200 - "-"')),
    Object.fromEntries(
      Object.entries(plain).filter(
        ([name]) => !['response_code_details', 'connection_termination_details'].includes(name),
      ),
    ),
  );
  assert.equal(read(sample.slice(0, sample.indexOf('44.207')))['authority'], 'httpbin.org');
  assert.equal(read(sample.replace('curl/8.14.1', 'Mo"zi"lla'))['user_agent'], 'Mo"zi"lla');
});

test('other lines are skipped, and nothing throws', () => {
  for (const line of [
    '',
    ' ',
    '{',
    '{}',
    '[]',
    '{"a":1}',
    'null',
    '2025-06-30T02:48:20.634Z info xdsproxy connected',
    '[2025-06-30 02:48:20.634][15][warning] x',
    '[2025-06-30T02:48:20.634Z] hello',
    'apiVersion: v1',
    '{"log":{"log":1}}',
    '\u0000"',
  ])
    assert.equal(explainLogLine(line), undefined, line);
  for (let length = 0; length < denied.length; length++)
    explainLogLine(denied.slice(0, length), meshFromYaml(story).mesh);
});

test('JSON with the keys of Istio, in the order of the text format', () => {
  const { fields, format } = explainLogLine(
    JSON.stringify({
      route_name: 'default',
      response_code: 200,
      upstream_cluster: 'inbound-vip|80|http|httpbin.org;',
      method: 'GET',
      custom: { a: 1 },
      response_flags: null,
    }),
  )!;
  assert.equal(format, 'envoy-json');
  assert.deepEqual(
    fields.map(({ name, value }) => `${name}=${value}`),
    [
      'method=GET',
      'response_code=200',
      'response_flags=-',
      'upstream_cluster=inbound-vip|80|http|httpbin.org',
      'route_name=default',
      'custom={"a":1}',
    ],
  );
  assert.match(fields.at(-1)!.meaning, /Not a field of the default format/);
});

test('connections: no method, no status; a closed chain and a denial', () => {
  const line = (flags: string, details: string, ended: string, cluster: string) =>
    `[2025-06-30T02:48:20.634Z] "- - -" 0 ${flags} ${details} ${ended} "-" 517 0 12 - "-" "-" "-" "-" "${cluster === '-' ? '-' : '1.2.3.4:443'}" ${cluster} - 240.240.0.3:443 10.42.0.9:35662 httpbin.org -`;
  const through = explainLogLine(line('-', '-', '-', 'inbound-vip|443|tcp|httpbin.org'))!;
  assert.deepEqual(
    [through.outcome, through.fields.find(({ name }) => name === 'response_code')!.meaning.slice(0, 10)],
    ['connected', 'No status:'],
  );
  const closed = explainLogLine(line('NR', 'filter_chain_not_found', '-', '-'))!;
  assert.equal(closed.outcome, 'failed');
  assert.match(closed.summary, /^Connection to httpbin\.org:443: NR: .*port is not in the ServiceEntry/);
  const refused = explainLogLine(
    line('-', '-', 'rbac_access_denied_matched_policy[none]', '-'),
    meshFromYaml(story).mesh,
  )!;
  assert.equal(refused.outcome, 'denied');
  assert.match(proposalYaml(refused.proposal!), /ports:\n\s+- "443"/);
});

test('ztunnel lines', () => {
  const line = (end: string) =>
    `2024-11-05T10:11:12.123456Z\terror\taccess\tconnection complete\tsrc.addr=10.42.0.9:35662 src.workload="curl-1" src.identity="spiffe://cluster.local/ns/default/sa/curl" dst.addr=10.42.0.8:15008 dst.hbone_addr=240.240.0.3:80 dst.service="httpbin.org" direction="outbound" bytes_sent=1 bytes_recv=2 duration="1ms" ${end}`;
  const told = explainLogLine(
    line('error="connection closed due to policy rejection: explicitly denied by: default/no \\"x\\""'),
    meshFromYaml(story).mesh,
  )!;
  assert.deepEqual([told.format, told.outcome], ['ztunnel', 'denied']);
  assert.match(told.summary, /^Connection to httpbin\.org:80: denied: the DENY policy default\/no matched/);
  assert.ok(told.links.some(({ resource }) => resource.kind === 'ServiceEntry'));
  assert.equal(explainLogLine(line('').replace('\terror\t', '\tinfo\t'))!.outcome, 'connected');
  assert.equal(
    explainLogLine(
      JSON.stringify({
        level: 'info',
        scope: 'access',
        message: 'connection complete',
        'src.addr': '1.1.1.1:1',
        'dst.addr': '2.2.2.2:80',
      }),
    )!.format,
    'ztunnel',
  );
});

test('flags of the documents are all explained', () => {
  for (const flag of 'UH UF UC UPE NR NC DF URX UT UO DC DPE UAEX RL RLSE FI DI UMSDR SI DT IH OM DO UDO'.split(' '))
    assert.doesNotMatch(explainFlags(flag), /not in Envoy's list/, flag);
  assert.match(explainFlags('UF,URX'), /^UF: .* URX: /);
  assert.match(explainFlags('constructor'), /not in Envoy's list/);
});

test('clusters', () => {
  assert.deepEqual(parseCluster('inbound-vip|80|http|httpbin.org;'), {
    direction: 'inbound-vip',
    port: 80,
    subset: 'http',
    host: 'httpbin.org',
  });
  assert.deepEqual(parseCluster('outbound|443||api.example.com'), {
    direction: 'outbound',
    port: 443,
    subset: undefined,
    host: 'api.example.com',
  });
  assert.equal(parseCluster('PassthroughCluster').direction, 'passthrough');
  assert.equal(parseCluster('BlackHoleCluster').direction, 'blackhole');
  assert.equal(parseCluster('mine').direction, 'other');
});

test('a line is linked to entry, waypoint, rule and policy', () => {
  const { mesh } = meshFromYaml(story);
  const kinds = (line: string) => explainLogLine(line, mesh)!.links.map(({ resource }) => resource.kind);
  assert.deepEqual(kinds(sample), ['ServiceEntry', 'Gateway', 'DestinationRule']);
  assert.deepEqual(kinds(denied), ['ServiceEntry', 'Gateway', 'AuthorizationPolicy', 'DestinationRule']);
  const by = denied.replace('[none]', '[ns[common-infrastructure]-policy[httpbin]-rule[0]]');
  const told = explainLogLine(by, mesh)!;
  assert.match(told.summary, /rule 1 of AuthorizationPolicy common-infrastructure\/httpbin matched/);
  assert.match(told.links.at(-1)!.message, /^Rule 1 of AuthorizationPolicy common-infrastructure\/httpbin/);
  assert.equal(told.proposal, undefined);
  assert.match(
    explainLogLine(denied.replaceAll('httpbin.org', 'example.com'), mesh)!.notes.join(' '),
    /The files have no ServiceEntry for this host/,
  );
});

test('of very many entries and rules of a host the first are linked, the last says how many more there are, and what denied comes first', () => {
  const entry = story['service-entry.yaml']!;
  const copies = Object.fromEntries(
    Array.from({ length: 1000 }, (_, at) => [`${at}.yaml`, entry.replace(/name: httpbin$/m, `name: copy-${at}`)]),
  );
  const { mesh } = meshFromYaml({ ...story, ...copies });
  const { links } = explainLogLine(sample, mesh)!;
  assert.equal(links.length, mostRelated);
  assert.match(links.at(-1)!.message, / 98\d more are not listed\.$/);
  const by = denied.replace('[none]', '[ns[common-infrastructure]-policy[httpbin]-rule[0]]');
  assert.match(explainLogLine(by, mesh)!.links[0]!.message, /^Rule 1 of AuthorizationPolicy/);
});

const connection = (method: string) => ({
  source: { namespace: 'default', serviceAccount: 'batch', trustDomain: 'cluster.local', ip: '10.42.0.9' },
  destination: { host: 'httpbin.org', port: 80, addresses: ['240.240.0.3'] },
  chain: 'http' as const,
  sni: undefined,
  http: { method, authority: 'httpbin.org', path: '/post?x=1', headers: new Map<string, string>() },
});

test('a proposed rule, filled in, allows the request and no other', () => {
  const { proposal } = explainLogLine(denied, meshFromYaml(story).mesh)!;
  assert.equal(proposal!.addTo?.name, 'httpbin');
  assert.match(proposal!.fill[0]!, /^NAMESPACE\/SERVICE_ACCOUNT: .*10\.42\.0\.9/);
  const rule = proposalYaml(proposal!)
    .replace('NAMESPACE/SERVICE_ACCOUNT', 'default/batch')
    .replace(/^/gm, '  ')
    .trimEnd();
  const file = story['authorization-policy.yaml']!;
  assert.deepEqual(decisions({ ...story, 'authorization-policy.yaml': `${file.trimEnd()}\n${rule}\n` }), [
    'allow',
    'deny',
  ]);
  assert.deepEqual(decisions(story), ['deny', 'deny']);
});

test('a proposed policy, where none is in the files, allows the request and no other', () => {
  const { 'authorization-policy.yaml': _, ...without } = story;
  const { proposal } = explainLogLine(denied, meshFromYaml(without).mesh)!;
  assert.deepEqual(
    decisions({
      ...without,
      'new.yaml': proposalYaml(proposal!).replace('NAMESPACE/SERVICE_ACCOUNT', 'default/batch'),
    }),
    ['allow', 'deny'],
  );
  assert.match(explainLogLine(denied)!.proposal!.fill[0]!, /SERVICE_ENTRY_NAME/);
});

function decisions(files: Record<string, string>): string[] {
  const { mesh, find } = meshFromYaml(files);
  const policies = policiesAt(mesh, find('Gateway', 'egress-gateway'), find('ServiceEntry', 'httpbin'));
  return ['POST', 'DELETE'].map((method) => evaluate(policies, connection(method), { providers: [] }).decision);
}

test('a refusal by an external authorizer leads to the CUSTOM policies of the host', () => {
  const { mesh } = meshFromYaml(`${waypointForAll}
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: egress, labels: { istio.io/use-waypoint: wp } }
spec: { hosts: [api.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: asks, namespace: egress }
spec:
  targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: api }]
  action: CUSTOM
  provider: { name: authorizer }
  rules: [{}]
`);
  const line = denied
    .replaceAll('httpbin.org', 'api.example.com')
    .replace('403 - rbac_access_denied_matched_policy[none]', '403 UAEX ext_authz_denied');
  const links = explainLogLine(line, mesh)!.links.map(({ message }) => message);
  assert.ok(links.includes('AuthorizationPolicy egress/asks sends requests to the external authorizer.'), links.join());
});
