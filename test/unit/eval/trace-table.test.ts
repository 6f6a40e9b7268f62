// What requests do, by the part of the path that decides. Written as `verdict waypoint address:port tls cluster status`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Trace } from '../../../server/src/eval/trace/step.ts';
import type { RequestWords } from '../../../server/src/eval/trace/parse-request.ts';
import { traceOf } from '../../kit/trace.ts';
import type { MeshOptions } from '../../kit/mesh-from-yaml.ts';

const namespace = (name: string, labels = '') => `
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { ${labels} } }
---`;
const waypoint = ({ name = 'wp', ns = 'egress', from = 'All', labels = '' } = {}) => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: ${ns}, labels: { ${labels} } }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE, allowedRoutes: { namespaces: { from: ${from} } } }] }
---`;
const use = 'istio.io/use-waypoint: wp, istio.io/use-waypoint-namespace: egress';
const ports80 = '[{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]';
const both = '[{ number: 80, name: http, protocol: HTTP, targetPort: 443 }, { number: 443, name: tls, protocol: TLS }]';
const entry = ({
  name = 'api',
  ns = 'egress',
  host = 'api.example.com',
  labels = use,
  ports = both,
  resolution = 'DNS',
  extra = '',
  annotations = '',
} = {}) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: ${ns}, labels: { ${labels} }, annotations: { ${annotations} } }
spec: { hosts: ["${host}"], ports: ${ports}${resolution ? `, resolution: ${resolution}` : ''}${extra} }
---`;
const rule = ({
  name = 'rule',
  ns = 'egress',
  host = 'api.example.com',
  policy = '{ portLevelSettings: [{ port: { number: 80 }, tls: { mode: SIMPLE } }] }',
  extra = '',
} = {}) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: ${ns} }
spec: { host: "${host}", trafficPolicy: ${policy}${extra} }
---`;
const policy = (spec: string, { name = 'policy', ns = 'egress' } = {}) => `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: ${ns} }
spec: { targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: api }], ${spec} }
---`;
const route = (rules: string, { kind = 'HTTPRoute', name = 'route', ns = 'egress', port = '' } = {}) => `
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: { name: ${name}, namespace: ${ns} }
spec: { parentRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: api${ns === 'egress' ? '' : ', namespace: egress'}${port} }], rules: ${rules} }
---`;
const virtualService = (spec: string, { ns = 'egress' } = {}) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: vs, namespace: ${ns} }
spec: { hosts: [api.example.com], ${spec} }
---`;
const sidecar = (spec: string) => `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: app }
spec: ${spec}
---`;
const toHost = (host: string, port: number, weight = 1) =>
  `{ group: networking.istio.io, kind: Hostname, name: ${host}, port: ${port}, weight: ${weight} }`;
const app = namespace('app', 'istio.io/dataplane-mode: ambient');
const injected = namespace('app', 'istio-injection: enabled');
const egress = namespace('egress');
const base = app + egress + waypoint();
const plainMesh = app + egress;

const http = 'http://api.example.com/get';
const https = 'https://api.example.com';
const via80 = 'allowed egress/wp api.example.com:443 SIMPLE api.example.com inbound-vip|80|http|api.example.com 200';
const passTls = 'allowed egress/wp api.example.com:443 own tls inbound-vip|443|tcp|api.example.com -';
const direct80 = 'allowed - api.example.com:80 own http - -';

type Case = readonly [
  title: string,
  files: string,
  url: string,
  expected: string | readonly string[],
  words?: Partial<RequestWords>,
  options?: MeshOptions,
];
const cases: readonly Case[] = [
  ['§0 the recipe', base + entry() + rule(), http, via80],
  ["§0 the client's own TLS passes through", base + entry() + rule(), https, passTls],
  // capture
  [
    '§1.40 a namespace without the label is not captured',
    namespace('app') + egress + waypoint() + entry() + rule(),
    http,
    'bypasses - api.example.com:80 own http - -',
  ],
  [
    '§1.40 a pod can opt out',
    base + entry() + rule(),
    http,
    'bypasses - api.example.com:80 own http - -',
    { labels: { 'istio.io/dataplane-mode': 'none' } },
  ],
  [
    '§1.40 a pod can opt in',
    namespace('app') + egress + waypoint() + entry() + rule(),
    http,
    via80,
    { labels: { 'istio.io/dataplane-mode': 'ambient' } },
  ],
  [
    '§1.40 kube-system is never captured',
    base + entry() + rule(),
    http,
    'bypasses - api.example.com:80 own http - -',
    { from: 'kube-system' },
  ],
  ['§1.40 what no file describes is assumed to be captured', egress + waypoint() + entry() + rule(), http, via80],
  [
    '§1.40 manifests that disagree',
    namespace('app') + app + egress + waypoint() + entry() + rule(),
    http,
    ['undetermined', via80, 'bypasses - api.example.com:80 own http - -'],
  ],
  [
    '§1.41 without DNS capture the name leads outside',
    base + entry() + rule(),
    http,
    'bypasses - api.example.com:80 own http - -',
    {},
    { settings: { dnsCapture: false } },
  ],
  // names and addresses
  ['§2.60 a host that nothing declares', base, http, direct80],
  [
    '§2.3 resolution NONE gives no address',
    base + entry({ resolution: 'NONE' }) + rule(),
    http,
    'bypasses - api.example.com:80 own http - -',
  ],
  [
    '§2.2 an absent resolution is NONE',
    base + entry({ resolution: '' }) + rule(),
    http,
    'bypasses - api.example.com:80 own http - -',
  ],
  [
    '§2.4 NONE with addresses goes through the waypoint',
    base + entry({ resolution: 'NONE', extra: ', addresses: [10.9.9.9]' }) + rule(),
    https,
    'allowed egress/wp 10.9.9.9:443 own tls inbound-vip|443|tcp|api.example.com -',
  ],
  [
    '§2.10 the label that keeps addresses away',
    base + entry({ labels: `${use}, networking.istio.io/enable-autoallocate-ip: "false"` }) + rule(),
    http,
    'bypasses - api.example.com:80 own http - -',
  ],
  [
    '§2.10 before 1.25 nothing is allocated',
    base + entry() + rule(),
    http,
    'bypasses - api.example.com:80 own http - -',
    {},
    { settings: { istioVersion: '1.24' } },
  ],
  [
    '§2.14 an address that an entry lists',
    base + entry({ resolution: 'STATIC', extra: ', addresses: [10.9.9.9], endpoints: [{ address: 203.0.113.7 }]' }),
    'https://10.9.9.9',
    'allowed egress/wp 203.0.113.7:443 own tls inbound-vip|443|tcp|api.example.com -',
  ],
  ['§2.14 an address that no entry lists', base + entry(), 'https://10.9.9.8', 'allowed - 10.9.9.8:443 own tls - -'],
  [
    '§2.16 an exact host before a wildcard',
    base +
      entry({ name: 'wide', host: '*.example.com', resolution: 'NONE', extra: ', addresses: [10.9.9.9]' }) +
      entry() +
      rule(),
    http,
    via80,
  ],
  [
    "§2.20 an endpoint's own port",
    base +
      entry({ resolution: 'STATIC', extra: ', endpoints: [{ address: 203.0.113.7, ports: { http: 8443 } }]' }) +
      rule(),
    http,
    'allowed egress/wp 203.0.113.7:8443 SIMPLE api.example.com inbound-vip|80|http|api.example.com 200',
  ],
  [
    '§2.5 no endpoint at all',
    base + entry({ resolution: 'STATIC' }) + rule(),
    http,
    'fails egress/wp - - inbound-vip|80|http|api.example.com 503',
  ],
  [
    '§2.26 names under a dynamic wildcard',
    base +
      entry({ host: '*.example.com', resolution: 'DYNAMIC_DNS', ports: ports80 }) +
      rule({ host: '*.example.com' }),
    http,
    'allowed egress/wp api.example.com:443 SIMPLE api.example.com inbound-vip|80|http|*.example.com 200',
  ],
  [
    '§2.30b a dynamic wildcard without a waypoint',
    plainMesh + entry({ host: '*.example.com', resolution: 'DYNAMIC_DNS', labels: '' }),
    http,
    'fails - - - - -',
  ],
  [
    '§2.29 a Host outside the wildcard',
    base +
      entry({ host: '*.example.com', resolution: 'DYNAMIC_DNS', ports: ports80 }) +
      rule({ host: '*.example.com' }),
    http,
    'fails egress/wp - - - 404',
    { headers: { Host: 'other.org' } },
  ],
  [
    '§2.27 gRPC under a dynamic wildcard',
    base +
      entry({
        host: '*.example.com',
        resolution: 'DYNAMIC_DNS',
        ports: '[{ number: 80, name: grpc, protocol: GRPC }]',
      }),
    http,
    'fails egress/wp - - - 503',
  ],
  [
    '§2.26 TLS under a dynamic wildcard needs a flag',
    base + entry({ host: '*.example.com', resolution: 'DYNAMIC_DNS' }),
    https,
    [
      'undetermined',
      'allowed egress/wp api.example.com:443 own tls inbound-vip|443|tcp|*.example.com -',
      'fails egress/wp - - - -',
    ],
  ],
  [
    '§2.26 TLS under a dynamic wildcard with the flag',
    base + entry({ host: '*.example.com', resolution: 'DYNAMIC_DNS' }),
    https,
    'allowed egress/wp api.example.com:443 own tls inbound-vip|443|tcp|*.example.com -',
    {},
    { settings: { wildcardTls: true } },
  ],
  [
    '§2.26 TLS under a dynamic wildcard without the flag',
    base + entry({ host: '*.example.com', resolution: 'DYNAMIC_DNS' }),
    https,
    'fails egress/wp - - - -',
    {},
    { settings: { wildcardTls: false } },
  ],
  [
    '§2.29 MESH_INTERNAL under a dynamic wildcard is refused',
    base +
      entry({ host: '*.example.com', resolution: 'DYNAMIC_DNS', ports: ports80, extra: ', location: MESH_INTERNAL' }),
    http,
    'bypasses - api.example.com:80 own http - -',
  ],
  // which entry
  [
    "§2.30 the client's own namespace first",
    base +
      entry() +
      rule() +
      entry({ name: 'own', ns: 'app', labels: '', ports: '[{ number: 80, name: http, protocol: HTTP }]' }),
    http,
    'bypasses - api.example.com:80 own http - -',
  ],
  [
    '§2.30 age decides between other namespaces',
    base +
      namespace('other') +
      entry({ ports: '[{ number: 80, name: http, protocol: HTTP }]', extra: '' }) +
      entry({
        name: 'two',
        ns: 'other',
        labels: '',
        ports: '[{ number: 80, name: http, protocol: HTTP, targetPort: 8080 }]',
      }),
    http,
    [
      'undetermined',
      'allowed egress/wp api.example.com:80 plain inbound-vip|80|http|api.example.com 200',
      'allowed - api.example.com:8080 own http - -',
    ],
  ],
  [
    '§2.31 age decides within a namespace',
    base +
      entry({ ports: ports80 }) +
      entry({ name: 'two', ports: '[{ number: 443, name: tls, protocol: TLS }]' }) +
      rule(),
    https,
    ['undetermined', 'fails egress/wp - - - -', passTls],
  ],
  ['§2.31 entries that lead alike are one', base + entry({ name: 'a' }) + entry({ name: 'b' }) + rule(), http, via80],
  [
    '§2.32 one waypoint, two namespaces',
    base + namespace('other') + entry() + rule() + entry({ name: 'two', ns: 'other' }),
    http,
    ['undetermined', via80, 'fails egress/wp - - - -'],
  ],
  [
    '§2.41 an entry that is not visible',
    base + entry() + rule(),
    http,
    'bypasses - api.example.com:80 own http - -',
    {},
    { settings: { serviceEntryVisibility: { defaultVisibility: 'NONE', policies: [], applyToSidecars: false } } },
  ],
  // binding
  [
    '§1.3 the label none, with nothing else meant',
    base + entry({ labels: 'istio.io/use-waypoint: none', ports: '[{ number: 80, name: http, protocol: HTTP }]' }),
    http,
    direct80,
  ],
  [
    '§1.12 a waypoint for workloads',
    app + egress + waypoint({ labels: 'istio.io/waypoint-for: workload' }) + entry() + rule(),
    http,
    'bypasses - api.example.com:443 own http - -',
  ],
  [
    '§1.17 a namespace that is refused',
    app + namespace('team') + egress + waypoint({ from: 'Same' }) + entry({ ns: 'team' }),
    https,
    'bypasses - api.example.com:443 own tls - -',
  ],
  [
    '§1.23 a waypoint that does not exist',
    plainMesh + entry() + rule(),
    https,
    'bypasses - api.example.com:443 own tls - -',
  ],
  [
    '§1.23 a waypoint that may exist elsewhere',
    plainMesh + entry() + rule(),
    https,
    ['undetermined', 'bypasses - api.example.com:443 own tls - -'],
    {},
    { completeKinds: ['ServiceEntry', 'DestinationRule'] },
  ],
  [
    '§1.7 a canary shares the traffic',
    app +
      egress +
      waypoint() +
      waypoint({ name: 'next' }) +
      entry({
        labels: `${use}, istio.io/use-waypoint-canary: next, istio.io/use-waypoint-canary-namespace: egress`,
        annotations: 'istio.io/use-waypoint-canary-weight: "10"',
      }) +
      rule(),
    http,
    ['allowed', via80, via80.replace('egress/wp', 'egress/next')],
  ],
  [
    'an entry with nothing beside it',
    plainMesh + entry({ labels: '', ports: '[{ number: 443, name: tls, protocol: TLS }]' }),
    https,
    'allowed - api.example.com:443 own tls - -',
  ],
  [
    '§3.2 no waypoint, plaintext to a TLS port',
    plainMesh + entry({ labels: '' }),
    http,
    'fails - api.example.com:443 own http - -',
  ],
  // ports and chains
  ['§2.24 a port that is not listed', base + entry({ ports: ports80 }) + rule(), https, 'fails egress/wp - - - -'],
  ['§2.24 nor without a waypoint', plainMesh + entry({ labels: '', ports: ports80 }), https, 'fails - - - - -'],
  [
    '§2.22 UDP is no port here',
    base + entry({ ports: '[{ number: 443, name: quic, protocol: UDP }]' }),
    https,
    'fails egress/wp - - - -',
  ],
  ['§2.50 TLS to an HTTP port', base + entry() + rule(), 'https://api.example.com:80', 'fails egress/wp - - - 400'],
  [
    '§2.50 plain HTTP to a TLS port',
    base + entry() + rule(),
    'http://api.example.com:443',
    'fails egress/wp - - inbound-vip|443|tcp|api.example.com -',
  ],
  ['§2.50 no HTTP to an HTTP port', base + entry() + rule(), 'tcp://api.example.com:80', 'fails egress/wp - - - 400'],
  [
    '§2.50 a port without a protocol takes HTTP as such',
    base + entry({ ports: '[{ number: 80, name: any }]' }),
    http,
    'allowed egress/wp api.example.com:80 plain inbound-vip|80|http|api.example.com 200',
  ],
  [
    '§2.50 and anything else as bytes',
    base + entry({ ports: '[{ number: 5432, name: any }]' }),
    'tcp://api.example.com:5432',
    'allowed egress/wp api.example.com:5432 plain inbound-vip|5432|tcp|api.example.com -',
  ],
  // authorization
  ['§4.11 nothing attached allows', base + entry() + rule() + policy('rules: [{}]', { ns: 'other' }), http, via80],
  [
    '§4.12 ALLOW without rules',
    base + entry() + rule() + policy('action: ALLOW'),
    http,
    'denied egress/wp - - inbound-vip|80|http|api.example.com 403',
  ],
  [
    '§4.11 DENY',
    base + entry() + rule() + policy('action: DENY, rules: [{ to: [{ operation: { methods: [DELETE] } }] }]'),
    http,
    'denied egress/wp - - inbound-vip|80|http|api.example.com 403',
    { method: 'DELETE' },
  ],
  [
    "§4.30 ports are the entry's, not the target's",
    base + entry() + rule() + policy('rules: [{ to: [{ operation: { ports: ["443"] } }] }]'),
    http,
    'denied egress/wp - - inbound-vip|80|http|api.example.com 403',
  ],
  [
    '§4.40 HTTP conditions deny on a TLS port',
    base + entry() + rule() + policy('rules: [{ to: [{ operation: { methods: [GET] } }] }]'),
    https,
    'denied egress/wp - - inbound-vip|443|tcp|api.example.com -',
  ],
  [
    '§4.21 the port is part of the host that is compared',
    base +
      entry({ ports: '[{ number: 8080, name: http, protocol: HTTP, targetPort: 443 }]' }) +
      rule({ policy: '{ tls: { mode: SIMPLE } }' }) +
      policy('rules: [{ to: [{ operation: { hosts: [api.example.com] } }] }]'),
    'http://api.example.com:8080',
    'denied egress/wp - - inbound-vip|8080|http|api.example.com 403',
  ],
  [
    '§4.43 the server name on a TLS port',
    base + entry() + policy('rules: [{ when: [{ key: connection.sni, values: [other.example.com] }] }]'),
    https,
    'allowed egress/wp api.example.com:443 own tls inbound-vip|443|tcp|api.example.com -',
    { sni: 'other.example.com' },
  ],
  [
    "§4.25 the client's address is not known",
    base + entry() + rule() + policy('rules: [{ from: [{ source: { ipBlocks: [10.0.0.0/8] } }] }]'),
    http,
    ['undetermined', via80, 'denied egress/wp - - inbound-vip|80|http|api.example.com 403'],
  ],
  // routes
  [
    "§6.1 a route to the host's other port",
    base +
      entry() +
      rule({ policy: '{ tls: { mode: SIMPLE } }' }) +
      route(`[{ backendRefs: [${toHost('api.example.com', 443)}] }]`),
    http,
    'allowed egress/wp api.example.com:443 SIMPLE api.example.com inbound-vip|443|tcp|api.example.com 200',
  ],
  [
    "§6.2 a consumer's route is not used",
    base + entry() + rule() + route(`[{ backendRefs: [${toHost('api.example.com', 443)}] }]`, { ns: 'app' }),
    http,
    via80,
  ],
  [
    '§6.3 a route for another port',
    base + entry() + rule() + route(`[{ backendRefs: [${toHost('api.example.com', 443)}] }]`, { port: ', port: 443' }),
    http,
    via80,
  ],
  [
    '§6.5 a backend without a port',
    base +
      entry() +
      rule() +
      route('[{ backendRefs: [{ group: networking.istio.io, kind: Hostname, name: api.example.com }] }]'),
    http,
    via80,
  ],
  [
    '§6.5 a ServiceEntry is no backend',
    base +
      entry() +
      rule() +
      route('[{ backendRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: api, port: 80 }] }]'),
    http,
    'fails egress/wp - - - 500',
  ],
  [
    '§6.6 another host of the waypoint',
    base +
      entry() +
      entry({ name: 'b', host: 'b.example.com' }) +
      rule({ host: 'b.example.com' }) +
      route(`[{ backendRefs: [${toHost('b.example.com', 80)}] }]`),
    http,
    'allowed egress/wp b.example.com:443 SIMPLE api.example.com inbound-vip|80|http|b.example.com 200',
  ],
  [
    '§6.6 a host of nobody',
    base + entry() + rule() + route(`[{ backendRefs: [${toHost('none.example.com', 80)}] }]`),
    http,
    'fails egress/wp - - - 500',
  ],
  [
    'a route that spreads',
    base +
      entry() +
      entry({ name: 'b', host: 'b.example.com' }) +
      rule() +
      rule({ name: 'r2', host: 'b.example.com' }) +
      route(`[{ backendRefs: [${toHost('api.example.com', 80, 9)}, ${toHost('b.example.com', 80, 1)}] }]`),
    http,
    [
      'allowed',
      via80,
      'allowed egress/wp b.example.com:443 SIMPLE api.example.com inbound-vip|80|http|b.example.com 200',
    ],
  ],
  [
    '§6.4 a path that no rule takes',
    base +
      entry() +
      rule() +
      route(`[{ matches: [{ path: { value: /a } }], backendRefs: [${toHost('api.example.com', 80)}] }]`),
    http,
    'fails egress/wp - - - 404',
  ],
  [
    '§6.11 HTTP routes mean nothing on a TLS port',
    base + entry() + route(`[{ backendRefs: [${toHost('none.example.com', 80)}] }]`),
    https,
    passTls,
  ],
  [
    '§6.8 a VirtualService',
    base +
      entry() +
      rule({ policy: '{ tls: { mode: SIMPLE } }' }) +
      virtualService('http: [{ route: [{ destination: { host: api.example.com, port: { number: 443 } } }] }]'),
    http,
    'allowed egress/wp api.example.com:443 SIMPLE api.example.com inbound-vip|443|tcp|api.example.com 200',
  ],
  [
    '§6.8 one for gateways only',
    base +
      entry() +
      rule() +
      virtualService('gateways: [some/gateway], http: [{ route: [{ destination: { host: none.example.com } }] }]'),
    http,
    via80,
  ],
  // rules and TLS
  [
    "§3.2 a rule in the client's namespace",
    base + entry() + rule({ ns: 'app' }),
    http,
    'fails egress/wp - - inbound-vip|80|http|api.example.com 400',
  ],
  [
    '§3.10 two rules for one host',
    base + entry() + rule() + rule({ name: 'two', policy: '{ tls: { mode: DISABLE } }' }),
    http,
    ['undetermined', via80, 'fails egress/wp - - inbound-vip|80|http|api.example.com 400'],
  ],
  [
    '§3.20 ISTIO_MUTUAL is none',
    base + entry() + rule({ policy: '{ tls: { mode: ISTIO_MUTUAL } }' }),
    http,
    'fails egress/wp - - inbound-vip|80|http|api.example.com 400',
  ],
  [
    '§3.22 the name that the rule gives',
    base + entry() + rule({ policy: '{ tls: { mode: SIMPLE, sni: x.example.com } }' }),
    http,
    via80.replace('SIMPLE api', 'SIMPLE x'),
  ],
  [
    '§3.22 the Host that the client sends',
    base + entry() + rule(),
    http,
    via80.replace('SIMPLE api', 'SIMPLE y'),
    { headers: { Host: 'y.example.com' } },
  ],
  [
    '§3.31 TLS in TLS',
    base + entry() + rule({ policy: '{ tls: { mode: SIMPLE } }' }),
    https,
    'fails egress/wp - - inbound-vip|443|tcp|api.example.com -',
  ],
  [
    '§3.30 TLS to a plaintext port',
    base + entry({ ports: '[{ number: 80, name: http, protocol: HTTP }]' }) + rule(),
    http,
    'fails egress/wp - - inbound-vip|80|http|api.example.com 503',
  ],
  [
    '§3.32 plaintext on a TLS port is wrapped, without a name',
    base +
      entry({ ports: '[{ number: 80, name: x, protocol: HTTPS, targetPort: 443 }]' }) +
      rule({ policy: '{ tls: { mode: SIMPLE } }' }),
    http,
    'allowed egress/wp api.example.com:443 SIMPLE none inbound-vip|80|tcp|api.example.com -',
  ],
  [
    '§3.26 a Secret that may be there',
    base +
      entry() +
      rule({ policy: '{ portLevelSettings: [{ port: { number: 80 }, tls: { mode: SIMPLE, credentialName: ca } }] }' }),
    http,
    via80,
  ],
  [
    '§3.26 a Secret of another namespace',
    base +
      entry() +
      rule({
        policy:
          '{ portLevelSettings: [{ port: { number: 80 }, tls: { mode: SIMPLE, credentialName: "kubernetes://app/ca" } }] }',
      }),
    http,
    'fails egress/wp - - inbound-vip|80|http|api.example.com 503',
  ],
  [
    '§3.27 a Secret that is surely missing',
    base +
      entry() +
      rule({ policy: '{ portLevelSettings: [{ port: { number: 80 }, tls: { mode: SIMPLE, credentialName: ca } }] }' }),
    http,
    'fails egress/wp - - inbound-vip|80|http|api.example.com 503',
    {},
    { suppliedKinds: ['Secret'] },
  ],
  // sidecars
  [
    '§7.15 a sidecar goes past the waypoint',
    injected + egress + waypoint() + entry() + rule(),
    http,
    'bypasses - api.example.com:443 SIMPLE api.example.com outbound|80||api.example.com 200',
  ],
  [
    '§7.5 a sidecar looks rules up from its own namespace',
    injected + egress + entry({ labels: '' }) + rule({ ns: 'app' }),
    http,
    'allowed - api.example.com:443 SIMPLE api.example.com outbound|80||api.example.com 200',
  ],
  ['§7.1 a host that a sidecar does not know', injected, http, direct80],
  [
    '§7.1 REGISTRY_ONLY blocks it',
    injected,
    http,
    'fails - - - - 502',
    {},
    { settings: { outboundTrafficPolicy: 'REGISTRY_ONLY' } },
  ],
  [
    '§2.60 which ambient does not enforce',
    app,
    http,
    direct80,
    {},
    { settings: { outboundTrafficPolicy: 'REGISTRY_ONLY' } },
  ],
  [
    '§7.3 a host that the Sidecar does not import',
    injected +
      egress +
      entry({ labels: '' }) +
      sidecar('{ egress: [{ hosts: ["./*"] }], outboundTrafficPolicy: { mode: REGISTRY_ONLY } }'),
    http,
    'fails - - - - 502',
  ],
  [
    '§3.28 a sidecar takes no credentialName without a selector',
    injected + egress + entry({ labels: '' }) + rule({ policy: '{ tls: { mode: SIMPLE, credentialName: ca } }' }),
    http,
    'fails - - - outbound|80||api.example.com 400',
  ],
];

for (const [title, files, url, expected, words = {}, options = {}] of cases)
  test(title, () => {
    const found = traceOf(files, { url, from: 'app/client', ...words }, options);
    if (typeof expected === 'string') assert.equal(short(found), expected);
    else assert.deepEqual([found.verdict, ...found.candidates.map(short)], expected);
    assert.ok(
      found.summary.endsWith('.') && found.steps.length > 0 && !found.summary.includes('undefined'),
      found.summary,
    );
    for (const { message } of found.steps) assert.match(message, /[.:]$/);
  });

function short({ verdict, waypoint: gateway, upstream, log, candidates }: Trace): string {
  if (candidates.length > 0) return `${verdict} of ${candidates.length}`;
  const through = gateway ? `${gateway.namespace}/${gateway.name}` : '-';
  const to = upstream ? `${upstream.address}:${upstream.port}` : '-';
  return [verdict, through, to, tlsText(upstream, log), log?.upstreamCluster ?? '-', log?.status ?? '-'].join(' ');
}

function tlsText(upstream: Trace['upstream'], log: Trace['log']): string {
  if (!upstream) return '-';
  if (upstream.tls) return `${upstream.tls.mode} ${upstream.tls.sni ?? 'none'}`;
  return log && upstream.protocol !== 'tls' ? 'plain' : `own ${upstream.protocol}`;
}
