// Lines as people paste them: which proxy wrote each, what came of the request, and why.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainLogLine } from '../../../server/src/eval/log/explain-line.ts';
import { linesOfText } from '../../../server/src/eval/log/join-lines.ts';
import { proposalYaml } from '../../../server/src/features/proposal-yaml.ts';
import { callsOf } from '../../kit/count-calls.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

type Fields = Partial<Record<keyof typeof usual, string>>;

/** A request through a waypoint that was answered; each line changes what it is about. */
const usual = {
  request: 'GET /v1 HTTP/1.1',
  code: '200',
  flags: '-',
  details: 'via_upstream',
  ended: '-',
  failure: '-',
  received: '0',
  sent: '255',
  authority: 'api.partner.example',
  upstream: '198.51.100.7:443',
  cluster: 'inbound-vip|80|http|api.partner.example',
  own: '10.1.0.8:40324',
  called: '240.240.0.3:80',
  client: '10.1.0.9:35662',
  sni: '-',
  route: 'default',
};

function line(fields: Fields): string {
  const v = { ...usual, ...fields };
  return `[2026-03-01T02:48:20.634Z] "${v.request}" ${v.code} ${v.flags} ${v.details} ${v.ended} "${v.failure}" ${v.received} ${v.sent} 12 - "-" "curl/8.14.1" "c29d1bce" "${v.authority}" "${v.upstream}" ${v.cluster} ${v.own} ${v.called} ${v.client} ${v.sni} ${v.route}`;
}

const unsent: Fields = { upstream: '-', cluster: '-', own: '-', sent: '0' };
const tcp: Fields = { request: '- - -', code: '0', details: '-', authority: '-', route: '-' };
const sidecar: Fields = {
  own: '10.1.0.9:40000',
  called: '203.0.113.7:80',
  cluster: 'outbound|80||api.partner.example',
};
const gateway: Fields = {
  own: '10.1.0.5:40000',
  called: '10.1.0.5:8080',
  cluster: 'outbound|443||api.partner.example',
};
const failed: Fields = { code: '503', sent: '91', upstream: '198.51.100.7:443' };

const envoy: readonly (readonly [string, Fields, writer: string, outcome: string, summary: RegExp])[] = [
  ['an answer', {}, 'waypoint', 'answered', /^GET \/v1 at api\.partner\.example:80: 200, the answer came from the up/],
  [
    'block_all',
    { ...unsent, code: '502', details: 'direct_response', called: '203.0.113.7:80', route: 'block_all' },
    'sidecar-outbound',
    'failed',
    /: 502, blocked: no ServiceEntry or Service .* has api\.partner\.example:80, and REGISTRY_ONLY blocks .*block_all/,
  ],
  [
    'BlackHoleCluster with a server name',
    {
      ...unsent,
      ...tcp,
      flags: 'UH',
      cluster: 'BlackHoleCluster',
      called: '203.0.113.7:443',
      sni: 'files.example.org',
    },
    'sidecar-outbound',
    'failed',
    /^Connection to files\.example\.org:443: blocked: .* has files\.example\.org:443, and REGISTRY_ONLY/,
  ],
  [
    'BlackHoleCluster with an address only',
    { ...unsent, ...tcp, flags: 'UH', cluster: 'BlackHoleCluster', called: '203.0.113.7:5432' },
    'sidecar-outbound',
    'failed',
    /^Connection to 203\.0\.113\.7:5432: blocked: .* has 203\.0\.113\.7:5432, and REGISTRY_ONLY/,
  ],
  [
    'a call of the port of the sidecar itself',
    { ...unsent, ...tcp, flags: 'UH', cluster: 'BlackHoleCluster', called: '10.1.0.9:15001' },
    'sidecar-outbound',
    'failed',
    /blocked: the connection was made to a port of the sidecar itself/,
  ],
  [
    'PassthroughCluster',
    { ...tcp, sent: '4099', received: '517', cluster: 'PassthroughCluster', called: '203.0.113.7:443' },
    'sidecar-outbound',
    'connected',
    /^Connection to 203\.0\.113\.7:443: passed on to an unknown host: no ServiceEntry .* ALLOW_ANY/,
  ],
  [
    'allow_any, the connection refused',
    {
      ...failed,
      flags: 'UF',
      failure: 'delayed_connect_error:_111',
      cluster: 'PassthroughCluster',
      called: '203.0.113.7:80',
      route: 'allow_any',
    },
    'sidecar-outbound',
    'failed',
    /503, UF: the server refused the connection: .*\. The host is unknown: no ServiceEntry .* ALLOW_ANY/,
  ],
  [
    'a sidecar towards a declared host',
    sidecar,
    'sidecar-outbound',
    'answered',
    /^GET \/v1 at api\.partner\.example:80: 200, the answer/,
  ],
  [
    'a tunnel that the other end closes',
    {
      ...failed,
      request: 'CONNECT - HTTP/2',
      flags: 'UF',
      details: 'upstream_reset_before_response_started{connection_termination}',
      cluster: 'connect_originate',
      upstream: 'envoy://connect_originate/10.1.0.7:8080',
    },
    'tunnel',
    'failed',
    /503, UF: the other end closed the tunnel before it answered: no ztunnel or waypoint takes it there/,
  ],
  [
    'the sidecar of the destination',
    {
      cluster: 'inbound|8080||',
      own: '127.0.0.6:4321',
      called: '10.1.0.7:8080',
      sni: 'outbound_.80_._.web.shop.svc.cluster.local',
    },
    'sidecar-inbound',
    'answered',
    /: 200, the answer/,
  ],
  [
    'a port that no Service lists, at the destination',
    { ...tcp, cluster: 'InboundPassthroughCluster', called: '10.1.0.7:9999' },
    'sidecar-inbound',
    'connected',
    /^Connection to 10\.1\.0\.7:9999: bytes went through, to the client only/,
  ],
  ['an egress gateway', gateway, 'egress-gateway', 'answered', /^GET \/v1 at api\.partner\.example:443: 200/],
  [
    'an ingress gateway',
    { ...gateway, cluster: 'outbound|80||web.shop.svc.cluster.local', authority: 'shop.example.org' },
    'ingress-gateway',
    'answered',
    /^GET \/v1 at shop\.example\.org:80: 200/,
  ],
  [
    'no route at a waypoint',
    {
      ...unsent,
      ...tcp,
      flags: 'NR',
      details: 'filter_chain_not_found',
      cluster: 'inbound-vip|80|tcp|api.partner.example',
    },
    'waypoint',
    'failed',
    /NR: the waypoint has no route .* the port is not in the ServiceEntry/,
  ],
  [
    'no route, at a proxy that the line does not show',
    { ...unsent, code: '404', flags: 'NR', details: 'route_not_found', route: '-' },
    'unknown',
    'failed',
    /404, NR: no route of the proxy takes the request: .* must have no port/,
  ],
  [
    'a tunnel to a port that nothing serves',
    {
      ...unsent,
      request: 'CONNECT - HTTP/2',
      code: '503',
      flags: 'NR',
      authority: '240.240.0.3:8443',
      called: '10.1.0.8:15008',
    },
    'tunnel',
    'failed',
    /^Tunnel \(CONNECT\) to 240\.240\.0\.3:8443: 503, NR: the proxy has nothing for/,
  ],
  [
    'a tunnel that was open',
    {
      request: 'CONNECT - HTTP/2',
      cluster: 'main_internal',
      upstream: 'envoy://main_internal/',
      authority: '240.240.0.3:80',
      called: '10.1.0.8:15008',
    },
    'tunnel',
    'answered',
    /the tunnel was open; the request inside has a line of its own/,
  ],
  [
    'a waypoint towards a pod through a tunnel',
    {
      upstream: 'envoy://connect_originate/10.1.0.7:8080',
      cluster: 'inbound-vip|80|http|web.shop.svc.cluster.local',
      own: 'envoy://internal_client_address/',
    },
    'waypoint',
    'answered',
    /200, the answer/,
  ],
  [
    'metrics',
    {
      request: 'GET /stats/prometheus HTTP/1.1',
      cluster: 'prometheus_stats',
      upstream: '127.0.0.1:15000',
      called: '10.1.0.8:15090',
    },
    'unknown',
    'answered',
    /the answer of the proxy's own endpoint/,
  ],
  [
    'readiness',
    { request: 'GET /healthz/ready HTTP/1.1', cluster: 'agent', upstream: '127.0.0.1:15020' },
    'unknown',
    'answered',
    /proxy's own endpoint/,
  ],
  [
    'a backend that does not exist',
    { ...unsent, code: '500', flags: 'NC', details: 'cluster_not_found', cluster: 'UnknownService' },
    'unknown',
    'failed',
    /500, NC: the route has no valid destination/,
  ],
  [
    'certificate of another name',
    {
      ...failed,
      flags: 'UF,URX',
      failure:
        'TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify_SAN_list:TLS_error_end',
    },
    'waypoint',
    'failed',
    /503, UF,URX: the server's certificate is for another name/,
  ],
  [
    'certificate of an unknown issuer',
    {
      ...failed,
      flags: 'UF',
      failure:
        'TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:unable_to_get_local_issuer_certificate',
    },
    'waypoint',
    'failed',
    /UF: the certificate's issuer is not trusted/,
  ],
  [
    'TLS to a plaintext port',
    {
      ...failed,
      flags: 'UF',
      failure: 'TLS_error:|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end',
    },
    'waypoint',
    'failed',
    /UF: the server does not speak TLS on that port/,
  ],
  [
    'a client certificate that is missing',
    {
      ...failed,
      flags: 'UC',
      failure: 'TLS_error:|268436572:SSL_routines:OPENSSL_internal:TLSV1_ALERT_CERTIFICATE_REQUIRED',
    },
    'waypoint',
    'failed',
    /UC: the server refused the TLS handshake: it may require a client certificate/,
  ],
  [
    'a Secret that is missing',
    { ...failed, flags: 'UF', failure: 'TLS_error:_Secret_is_not_supplied_by_SDS' },
    'waypoint',
    'failed',
    /the Secret is missing/,
  ],
  [
    'refused, told in the details only',
    {
      ...failed,
      flags: 'UF',
      details: 'upstream_reset_before_response_started{remote_connection_failure|delayed_connect_error:_111}',
    },
    'waypoint',
    'failed',
    /UF: the server refused the connection/,
  ],
  [
    'plain HTTP to a TLS port, with the spaces of older proxies',
    { ...failed, flags: 'UC', details: 'upstream_reset_before_response_started{connection termination}' },
    'waypoint',
    'failed',
    /UC: the server closed the connection before it answered: typical of plain HTTP/,
  ],
  [
    'timed out',
    { ...failed, code: '504', flags: 'UT', details: 'response_timeout' },
    'waypoint',
    'failed',
    /504, UT: the upstream did not answer in time/,
  ],
  [
    'no endpoint',
    { ...unsent, code: '503', flags: 'UH', details: 'no_healthy_upstream', cluster: usual.cluster },
    'waypoint',
    'failed',
    /503, UH: no healthy upstream/,
  ],
  [
    'the client went away',
    { ...unsent, code: '0', flags: 'DC', details: 'downstream_remote_disconnect', cluster: usual.cluster },
    'waypoint',
    'failed',
    /DC: the client closed/,
  ],
  [
    'not HTTP',
    { ...unsent, request: '- - HTTP/1.1', code: '400', flags: 'DPE', details: 'http1.codec_error' },
    'unknown',
    'failed',
    /400, DPE: .*TLS sent to a port that is declared as HTTP/,
  ],
  [
    'flags by their long names',
    { ...unsent, code: '503', flags: 'NoHealthyUpstream' },
    'unknown',
    'failed',
    /503, UH: no healthy/,
  ],
  [
    'a policy that denied',
    {
      ...unsent,
      code: '403',
      details: 'rbac_access_denied_matched_policy[ns[egress]-policy[no-admin]-rule[1]]',
      cluster: usual.cluster,
    },
    'waypoint',
    'denied',
    /403, denied by authorization: rule 2 of AuthorizationPolicy egress\/no-admin matched/,
  ],
  [
    'a connection that a policy denied',
    {
      ...unsent,
      ...tcp,
      ended: 'rbac_access_denied_matched_policy[none]',
      cluster: 'inbound-vip|5432|tcp|db.example.org',
    },
    'waypoint',
    'denied',
    /^Connection to db\.example\.org:80: denied by authorization: ALLOW policies apply here, and none/,
  ],
  [
    'an external authorizer',
    { ...unsent, code: '403', flags: 'UAEX', details: 'ext_authz_denied', cluster: usual.cluster },
    'waypoint',
    'denied',
    /403, UAEX: an external/,
  ],
  [
    'nothing came back',
    { ...tcp, sent: '0', received: '78' },
    'waypoint',
    'connected',
    /opened, but the upstream sent nothing\./,
  ],
];

test('lines of waypoints, sidecars and gateways', () => {
  for (const [what, fields, writer, outcome, summary] of envoy) {
    const told = explainLogLine(line(fields));
    assert.deepEqual([told?.writer, told?.outcome], [writer, outcome], what);
    assert.match(told!.summary, summary, what);
    if (writer !== 'waypoint')
      for (const { name, meaning } of told!.fields)
        assert.doesNotMatch(meaning, /to the waypoint|the waypoint's|at the waypoint/, `${what}: ${name}`);
  }
});

const ztunnel = (end: string, from = 'info\taccess\tconnection complete') =>
  `2026-03-01T10:11:12.123456Z\t${from}\tsrc.addr=10.1.0.9:35662 src.workload="curl-1" src.namespace="shop" src.identity="spiffe://cluster.local/ns/shop/sa/curl" ${end}`;
const tunnel =
  'dst.addr=10.1.0.8:15008 dst.hbone_addr=240.240.0.3:80 dst.service="api.partner.example" direction="outbound"';
const direct = 'dst.addr=198.51.100.7:443 direction="outbound"';
const none = 'bytes_sent=0 bytes_recv=0 duration="1ms"';
const bad = 'error\taccess\tconnection complete';

const ztunnelLines: readonly (readonly [string, outcome: string, summary: RegExp])[] = [
  [
    ztunnel(`${tunnel} bytes_sent=78 bytes_recv=512 duration="1ms"`),
    'connected',
    /bytes went through the tunnel \(HBONE\): 78 from the client, 512 from the dest/,
  ],
  [
    ztunnel(`${tunnel} bytes_sent=78 bytes_recv=0 duration="1ms"`),
    'connected',
    /opened through the tunnel \(HBONE\), but nothing came back from the destination\.$/,
  ],
  [
    ztunnel(`${direct} bytes_sent=0 bytes_recv=0 duration="1ms"`),
    'connected',
    /opened directly, without a tunnel, but nothing came back .*, and the client sent nothing/,
  ],
  [
    ztunnel('dst.addr=10.1.0.7:8080 direction="inbound" bytes_sent=0 bytes_recv=78 duration="1ms"'),
    'connected',
    /nothing came back from the destination\.$/,
  ],
  [ztunnel(tunnel, 'debug\taccess\tconnection opened'), 'connected', /the connection was opened\.$/],
  [
    ztunnel(`${tunnel} ${none} error="http status: 503 Service Unavailable"`, bad),
    'failed',
    /could not reach the destination \(503\)/,
  ],
  [
    ztunnel(`${tunnel} ${none} error="http status: 401 Unauthorized"`, bad),
    'denied',
    /refused the tunnel \(401\): an AuthorizationPolicy denied it/,
  ],
  [
    ztunnel(
      `${direct} ${none} error="connection closed due to policy rejection: allow policies exist, but none allowed"`,
      bad,
    ),
    'denied',
    /denied: ALLOW policies without targetRefs/,
  ],
  [
    ztunnel(
      `${direct} ${none} error="connection closed due to policy rejection: explicitly denied by: shop/no-out"`,
      bad,
    ),
    'denied',
    /denied: the DENY policy shop\/no-out matched/,
  ],
  [
    ztunnel(`${direct} ${none} error="connection closed due to policy change"`, bad),
    'denied',
    /denied: a policy that came later/,
  ],
  [
    ztunnel(`${direct} ${none} error="no healthy upstream: 240.240.0.3:8443"`, bad),
    'failed',
    /the service has no endpoint for this port/,
  ],
  [
    ztunnel(`${direct} error="unknown waypoint: waypoint egress/out not found"`, 'warn\taccess\tconnection failed'),
    'failed',
    /the waypoint .* does not exist or has no ready pod; ztunnel does not send traffic around it/,
  ],
  [
    ztunnel(`${direct} ${none} error="io error: Connection refused (os error 111)"`, bad),
    'failed',
    /the server refused the connection/,
  ],
  [
    ztunnel(`${direct} ${none} error="connection failed: deadline has elapsed"`, bad),
    'failed',
    /did not answer in time/,
  ],
  [
    ztunnel(
      `${tunnel} ${none} error="connection timed out, maybe a NetworkPolicy is blocking HBONE port 15008: deadline has elapsed"`,
      bad,
    ),
    'failed',
    /may block port 15008/,
  ],
  [
    ztunnel(`${direct} ${none} error="receive: client disconnected before all data was written"`, bad),
    'failed',
    /the client closed the connection before/,
  ],
  [ztunnel(`${direct} ${none} error="tls error: invalid certificate: UnknownIssuer"`, bad), 'failed', /mTLS handshake/],
  [ztunnel(`${direct} ${none} error="something new"`, bad), 'failed', /ztunnel's own words: something new/],
];

test('a line without a connection: what tells a sidecar from a gateway, or that nothing does', () => {
  const cases: readonly (readonly [Fields, writer: string, note: RegExp | undefined])[] = [
    [{ ...sidecar, ...failed, own: '-' }, 'sidecar-outbound', undefined],
    [{ ...sidecar, ...failed, own: '-', authority: 'other.example' }, 'unknown', /no connection to a server was made/],
    [{ ...tcp, ...sidecar, own: '-', sni: 'api.partner.example' }, 'unknown', /no connection to a server was made/],
    [
      { ...tcp, ...sidecar, own: '-', sni: 'api.partner.example', called: '240.240.0.3:443' },
      'sidecar-outbound',
      undefined,
    ],
    [{ ...unsent, code: '404', flags: 'NR', details: 'route_not_found', route: '-' }, 'unknown', /it names no cluster/],
  ];
  for (const [fields, writer, note] of cases) {
    const found = explainLogLine(line(fields));
    assert.equal(found?.writer, writer, line(fields));
    const why = found.notes.find((one) => one.includes('The line does not tell a sidecar from a waypoint or gateway'));
    if (note) assert.match(why ?? '', note);
    else assert.equal(why, undefined);
  }
  const forwarded = line({ ...sidecar, ...failed, own: '-' }).replace('"-" "curl', '"10.1.0.9" "curl');
  assert.equal(explainLogLine(forwarded)?.writer, 'unknown', 'gateways add the address of the client');
});

test("ztunnel's lines, as text, as JSON and without their beginning", () => {
  for (const [text, outcome, summary] of ztunnelLines) {
    const told = explainLogLine(text);
    assert.equal(told?.outcome, outcome, text);
    assert.match(told.summary, summary);
    assert.deepEqual([told.client, told.writer], ['shop/curl-1', 'ztunnel']);
    assert.ok(
      told.fields.every(({ meaning }) => !meaning.startsWith('Not a field')),
      text,
    );
    const json = Object.fromEntries(
      told.fields.map(({ name, value }) => [name, /^\d+$/.test(value) ? Number(value) : value]),
    );
    assert.equal(explainLogLine(JSON.stringify({ ...json, scope: 'access' }))?.summary, told.summary);
    assert.equal(explainLogLine(text.slice(text.indexOf('dst.addr')))?.outcome, outcome);
  }
});

test('cluster fields of ztunnel are default fields of 1.31, and others are not', () => {
  const { fields } = explainLogLine(ztunnel(`src.cluster="Kubernetes" ${direct} mine=1`))!;
  const meaning = (name: string) => fields.find((field) => field.name === name)?.meaning ?? '';
  assert.match(meaning('src.cluster'), /default field since Istio 1\.31/);
  assert.match(meaning('mine'), /Not a field of the default format/);
});

test('what surrounds a line does not matter', () => {
  const denied = line({
    ...unsent,
    code: '403',
    details: 'rbac_access_denied_matched_policy[none]',
    cluster: usual.cluster,
  });
  const plain = explainLogLine(denied)!.summary;
  const escape = String.fromCodePoint(27);
  for (const text of [
    `[pod/out-6c8-x/istio-proxy] ${denied}`,
    `2026-03-01T02:48:20.634999Z ${denied}`,
    `2026-03-01T02:48:20.634999Z stdout F ${denied}`,
    `egress out-6c8-x istio-proxy ${denied}`,
    `${escape}[32mout-6c8-x${escape}[0m ${escape}[33mistio-proxy${escape}[0m ${denied}`,
    `out-6c8-x › istio-proxy | ${denied}`,
    `> ${denied}`,
    `> \`${denied}\``,
    `- ${denied}`,
    `| ${denied} |`,
    `\`\`\`${denied}\`\`\``,
    denied.replaceAll('"', '&quot;'),
    denied.replaceAll('"', '\\"'),
    denied.replace(/"([^"]*)"/g, '“$1”'),
    `2026-03-01T02:48:20Z {app="out", namespace="egress", pod="out-6c8-x"} ${denied}`,
    JSON.stringify({ log: denied, stream: 'stderr', kubernetes: { pod_name: 'out-6c8-x', namespace_name: 'egress' } }),
    JSON.stringify({ stream: { pod: 'out-6c8-x' }, values: [['1767230900634999000', denied]] }),
    JSON.stringify({ data: { result: [{ values: [['1', denied]] }] } }),
    JSON.stringify({ _raw: denied }),
    JSON.stringify({ '@timestamp': 'x', body: JSON.stringify({ message: denied }) }),
    `data: ${JSON.stringify({ textPayload: denied })},`,
  ])
    assert.equal(explainLogLine(text)?.summary, plain, text);
});

test('JSON: keys of other spellings, a subset of keys, wrappers, parts', () => {
  const own = {
    authority: 'api.partner.example',
    response_code: 503,
    response_flags: 'UH',
    upstream_cluster: 'inbound-vip|80|http|api.partner.example',
  };
  const whole = JSON.stringify(own);
  for (const text of [
    whole,
    `[pod/out-x/istio-proxy] ${whole}`,
    `2026-03-01T02:48:21Z {app="out", pod="out-1"} ${whole}`,
    JSON.stringify({ jsonPayload: own, resource: { labels: { pod_name: 'out-1' } } }),
    JSON.stringify({ message: whole }),
    whole.replaceAll('"', '\\"'),
    whole.slice(1),
    `${whole.slice(0, -1)},"route_na`,
    JSON.stringify({
      authority: own.authority,
      responseCode: 503,
      responseFlags: 'UH',
      upstreamCluster: own.upstream_cluster,
    }),
    `authority=${own.authority} response_code=503 response_flags=UH upstream_cluster="${own.upstream_cluster}"`,
  ])
    assert.match(
      explainLogLine(text)?.summary ?? 'skipped',
      /^Request to api\.partner\.example:80: 503, UH: no healthy/,
      text,
    );
  assert.equal(explainLogLine(whole.slice(0, 40)), undefined);
  assert.equal(explainLogLine('{"method":"GET","path":"/x","level":"info"}'), undefined);
});

test("Envoy's own default format, whose order is another", () => {
  const told = explainLogLine(
    '[2026-03-01T20:17:00.310Z] "POST /v1 HTTP/2" 204 - 154 10 226 100 "10.0.35.28" "nsq2http" "cc21d9b0" "api.partner.example" "tcp://10.0.2.1:80"',
  )!;
  const value = (name: string) => told.fields.find((field) => field.name === name)?.value;
  assert.deepEqual(
    ['bytes_received', 'bytes_sent', 'duration', 'upstream_service_time', 'authority', 'upstream_host'].map(value),
    ['154', '10', '226', '100', 'api.partner.example', 'tcp://10.0.2.1:80'],
  );
});

test('formats mixed, JSON over several lines, and other text between', () => {
  const pretty = JSON.stringify(
    { authority: 'api.partner.example', response_code: 200, upstream_cluster: usual.cluster, nested: { a: 1 } },
    null,
    2,
  );
  const text = ['hello', line({}), pretty, '{', 'not JSON', ztunnelLines[0]![0], '}'].join('\n');
  const found = linesOfText(text).flatMap(({ text: one, number }) => (explainLogLine(one) ? [number] : []));
  assert.deepEqual(found, [2, 3, 13]);
});

const known = (spec: string, more = '') => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: egress }
spec:
  hosts: [api.partner.example]
  ports: [{ number: 80, name: http, protocol: HTTP }]
  resolution: DNS
${spec}${more}`;
const sidecarOf = (hosts: string) => `---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec: { egress: [{ hosts: [${hosts}] }] }
`;

test('why a host is unknown though the files have it', () => {
  const blocked = (called: string) =>
    line({ ...unsent, code: '502', details: 'direct_response', called, route: 'block_all' });
  const told = (yaml: string, text = blocked('203.0.113.7:80')) => explainLogLine(text, meshFromYaml(yaml).mesh)!;
  assert.match(told('').summary, /The files have no ServiceEntry for api\.partner\.example\.$/);
  assert.match(
    proposalYaml(told('').proposal!),
    /hosts:\n\s+- api\.partner\.example[^]*number: 80\n[^]*protocol: HTTP/,
  );
  const port = told(known(''), blocked('203.0.113.7:8080'));
  assert.match(port.summary, /ServiceEntry egress\/partner has the host, but not port 8080 \(it lists 80\)\.$/);
  assert.equal(port.proposal, undefined);
  assert.match(told(known("  exportTo: ['.']\n")).summary, /visible only in egress \(exportTo\)/);
  assert.match(told(known('', sidecarOf('./*'))).summary, /Sidecar shop\/default does not import it \(egress\.hosts\)/);
  assert.match(
    told(known('')).summary,
    /has the host and the port: the sidecar did not know it when it wrote the line/,
  );
  const inNamespace = `{app="x", namespace="egress"} ${blocked('203.0.113.7:80')}`;
  assert.match(told(known("  exportTo: ['.']\n"), inNamespace).summary, /did not know it when/);
});

test('long lines of any kind are read at once', () => {
  const many = (text: string) => text.repeat(Math.ceil(50_000 / text.length));
  const began = performance.now();
  for (const text of [' ', '{', '"', '{"a":"', '`', 'a=', 'pod/', '\\"', '[2026-03-01T02:48:20.634Z]', 'a '])
    for (const whole of [many(text), `${many(text)}x`, `${many(text)}${line({})}`, `${line({})}${many(text)}`])
      explainLogLine(whole);
  assert.ok(performance.now() - began < 5000, `${performance.now() - began} ms`);
});

test('lines of a megabyte are not held back for an object that never ends', async () => {
  const text = ['{', '{'.repeat(100), ...Array.from({ length: 50 }, () => `}${'x'.repeat(500_000)}`)].join('\n');
  let numbers: readonly number[] = [];
  const looks = await callsOf('eval/log/json-line.ts', 'endOfObject', () => {
    numbers = linesOfText(text).map(({ number }) => number);
  });
  assert.deepEqual([numbers.length, numbers[0], numbers.at(-1)], [52, 1, 52]);
  assert.ok(looks < 10, `the end was looked for ${looks} times`);
});
