// What routes and TLS settings can do with a request, each at a waypoint that certainly has the host: mirrors, rewrites, redirects, faults,
// retries, timeouts, BackendTLSPolicies, endpoints by EDS, wildcards that are resolved as they are called, GRPCRoutes.
import fc from 'fast-check';
import { manifestsOf, type Profile } from '../oracle/generate.ts';
import { maybe, some, type Manifest } from '../oracle/manifests.ts';
import type { Call } from '../oracle/policies.ts';

const space = (name: string): Manifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const frame: readonly Manifest[] = [
  ...['red', 'clients', 'istio-system'].map(space),
  // So that it is known which Services there are.
  ...['red', 'clients'].map(
    (namespace): Manifest => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'any', namespace },
      spec: { clusterIP: `10.96.1.${namespace.length}`, ports: [{ name: 'http', port: 80 }] },
    }),
  ),
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'gate', namespace: 'red' },
    spec: {
      gatewayClassName: 'istio-waypoint',
      listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE', allowedRoutes: { namespaces: { from: 'All' } } }],
    },
  },
  entryOf('copy', 'copy.net', { ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'DNS' }),
  entryOf('secret-copy', 'secret-copy.net', {
    ports: [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: 443 }],
    resolution: 'DNS',
  }),
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'secret-copy', namespace: 'red' },
    spec: { host: 'secret-copy.net', trafficPolicy: { tls: { mode: 'SIMPLE' } } },
  },
];

function entryOf(name: string, host: string, spec: Manifest): Manifest {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: {
      name,
      namespace: 'red',
      labels: { 'istio.io/use-waypoint': 'gate', 'istio.io/use-waypoint-namespace': 'red' },
    },
    spec: { hosts: [host], ...spec },
  };
}

const wild = '*.wild.org';
const hosts = ['one.org', 'two.org', wild] as const;

const port = some<Manifest>(
  { number: 80, protocol: 'HTTP' },
  { number: 80, protocol: 'HTTP' },
  { number: 80, protocol: 'HTTP', targetPort: 443 },
  { number: 80, protocol: 'HTTP', targetPort: 443 },
  { number: 8080, protocol: 'GRPC' },
  { number: 8080, protocol: 'HTTP2', targetPort: 8443 },
  { number: 443, protocol: 'TLS' },
  { number: 443, protocol: 'HTTPS' },
  { number: 9000, protocol: 'TCP' },
  { number: 81 },
);
const ports = fc
  .uniqueArray(port, { minLength: 1, maxLength: 3, selector: ({ number }) => number })
  .map((all) => all.map((one): Manifest => ({ ...one, name: `p${String(one['number'])}` })));

const endpoint = fc.record({ named: fc.boolean(), override: maybe(some(4443, 8081), 1, 3) });
const place = fc.record({
  resolution: some('DNS', 'DNS', 'DNS_ROUND_ROBIN', 'STATIC', 'STATIC', 'NONE'),
  endpoints: fc.array(endpoint, { minLength: 1, maxLength: 2 }),
  withEndpoints: some(false, false, true),
  ports,
});

function placed(i: number, { resolution, endpoints, withEndpoints, ports: own }: Placed): Manifest {
  const host = hosts[i]!;
  if (host === wild) {
    const http = own.map(({ targetPort: _, ...one }): Manifest => ({ ...one, protocol: 'HTTP' }));
    return entryOf(`entry-${i}`, host, { ports: http, resolution: 'DYNAMIC_DNS' });
  }
  const given = endpoints.slice(0, resolution === 'DNS_ROUND_ROBIN' ? 1 : 2).map(({ named, override }, n) => ({
    address: named && resolution !== 'STATIC' ? `real${n}.example.net` : `198.51.100.${10 * i + n + 1}`,
    ports: override ? { [String(own[0]!['name'])]: override } : undefined,
  }));
  const isGiven = resolution === 'STATIC' || (resolution.startsWith('DNS') && withEndpoints);
  return entryOf(`entry-${i}`, host, {
    ports: own,
    resolution,
    addresses: resolution === 'NONE' ? [`192.0.2.${i + 1}`] : undefined,
    endpoints: isGiven ? given : undefined,
  });
}
type Placed = typeof place extends fc.Arbitrary<infer T> ? T : never;

const tls = some<Manifest>(
  { mode: 'SIMPLE' },
  { mode: 'SIMPLE' },
  { mode: 'SIMPLE', sni: 'sni.example.com' },
  { mode: 'SIMPLE', subjectAltNames: ['a.org', 'b.org'] },
  { mode: 'SIMPLE', insecureSkipVerify: true },
  { mode: 'SIMPLE', credentialName: 'roots' },
  { mode: 'MUTUAL', credentialName: 'client', sni: 'm.org' },
  { mode: 'MUTUAL', credentialName: 'client' },
  { mode: 'DISABLE' },
);
const validation = some<Manifest>(
  { hostname: 'one.org', wellKnownCACertificates: 'System' },
  { hostname: 'two.org', wellKnownCACertificates: 'System' },
  { hostname: 'b.wild.org', wellKnownCACertificates: 'System' },
  {
    hostname: 'sni.example.com',
    wellKnownCACertificates: 'System',
    subjectAltNames: [{ type: 'Hostname', hostname: 'a.org' }],
  },
);
const originated = fc.record({
  host: some(0, 0, 1, 1, 2),
  by: some('rule', 'policy'),
  tls,
  validation,
  port: maybe(some(80, 443, 8080), 1, 3),
});
const origins = fc.array(originated, { minLength: 1, maxLength: 3 }).map((all) =>
  all.map(({ host, by, tls: own, validation: against, port: number }, i): Manifest => {
    if (by === 'policy')
      return {
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'BackendTLSPolicy',
        metadata: { name: `policy-${i}`, namespace: 'red' },
        spec: {
          targetRefs: [
            {
              group: 'networking.istio.io',
              kind: 'ServiceEntry',
              name: `entry-${host}`,
              sectionName: number === undefined ? undefined : `p${number}`,
            },
          ],
          validation: against,
        },
      };
    const trafficPolicy = number ? { portLevelSettings: [{ port: { number }, tls: own }] } : { tls: own };
    return {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: `rule-${i}`, namespace: 'red' },
      spec: { host: hosts[host]!, trafficPolicy },
    };
  }),
);

/** Where a route leads: its own host, now and then another. A port below zero is the first of the host. */
const target = some(-1, -1, -1, 80, 443, 8080);
const hostname = (name: string, number: number): Manifest => ({
  group: 'networking.istio.io',
  kind: 'Hostname',
  name,
  port: number,
});
const mirror = some('copy.net', 'copy.net', 'secret-copy.net', 'absent.net').map(
  (name): Manifest => ({ type: 'RequestMirror', requestMirror: { backendRef: hostname(name, 80) } }),
);
const filter = some<Manifest>(
  { type: 'URLRewrite', urlRewrite: { hostname: 'rewritten.org' } },
  { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplaceFullPath', replaceFullPath: '/x' } } },
  {
    type: 'URLRewrite',
    urlRewrite: { hostname: 'b.wild.org', path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/new' } },
  },
  { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'Host', value: 'set.org' }] } },
  { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'x-a', value: 'b' }] } },
);
const redirect = some<Manifest>(
  { scheme: 'https', statusCode: 301 },
  { hostname: 'else.org' },
  { port: 8443, statusCode: 302 },
  { path: { type: 'ReplaceFullPath', replaceFullPath: '/x' } },
).map((requestRedirect): Manifest => ({ filters: [{ type: 'RequestRedirect', requestRedirect }] }));
const path = some('/', '/', '/get', '/api').map((value): Manifest => ({ path: { type: 'PathPrefix', value } }));
const timeouts = maybe(some<Manifest>({ request: '400ms' }, { request: '20s', backendRequest: '400ms' }), 1, 3);
const httpRule = (own: string) =>
  fc.oneof(
    {
      arbitrary: fc
        .record({
          matches: path.map((one) => [one]),
          to: target,
          filter: maybe(filter),
          mirror: maybe(mirror),
          timeouts,
        })
        .map(({ to, filter: first, mirror: second, ...rest }): Manifest => {
          const filters = [first, second].filter((one) => one !== undefined);
          return {
            ...rest,
            filters: filters.length > 0 ? filters : undefined,
            backendRefs: [hostname(own, to)],
          };
        }),
      weight: 5,
    },
    { arbitrary: fc.tuple(path, redirect).map(([one, does]): Manifest => ({ matches: [one], ...does })), weight: 1 },
  );
const grpcRule = (own: string) =>
  fc
    .record({
      matches: maybe(
        some<readonly Manifest[]>([{ method: { service: 'shop.Cart' } }], [{ method: { method: 'Add' } }]),
      ),
      filters: maybe(fc.array(mirror, { minLength: 1, maxLength: 1 }), 1, 2),
      to: target,
    })
    .map(({ to, ...rest }): Manifest => ({ ...rest, backendRefs: [hostname(own, to)] }));

const copied = some<Manifest>(
  { mirror: { host: 'copy.net', port: { number: 80 } } },
  { mirror: { host: 'secret-copy.net' }, mirrorPercentage: { value: 100 } },
  { mirror: { host: 'copy.net' }, mirrorPercentage: { value: 0 } },
  {
    mirrors: [
      { destination: { host: 'copy.net' } },
      { destination: { host: 'secret-copy.net' }, percentage: { value: 100 } },
    ],
  },
  { mirror: { host: 'absent.net', port: { number: 80 } } },
);
const does = some<Manifest>(
  { rewrite: { authority: 'rewritten.org' } },
  { rewrite: { uri: '/x' } },
  { rewrite: { uri: '/new', authority: 'b.wild.org' } },
  { headers: { request: { set: { Host: 'set.org' } } } },
  { fault: { abort: { httpStatus: 503, percentage: { value: 100 } } } },
  { fault: { abort: { grpcStatus: 'UNAVAILABLE', percentage: { value: 100 } } } },
  { fault: { delay: { fixedDelay: '0.02s', percentage: { value: 100 } } } },
  {
    fault: {
      delay: { fixedDelay: '0.02s', percentage: { value: 100 } },
      abort: { httpStatus: 418, percentage: { value: 100 } },
    },
  },
  { timeout: '0.4s' },
  { timeout: '0.4s', retries: { attempts: 0 } },
  { retries: { attempts: 2, retryOn: '5xx' } },
  { retries: { attempts: 1, perTryTimeout: '0.3s', retryOn: 'gateway-error,reset' } },
);
const serviceRule = (own: string) =>
  fc.oneof(
    {
      arbitrary: fc
        .record({
          match: maybe(some<readonly Manifest[]>([{ uri: { prefix: '/get' } }], [{ uri: { prefix: '/api' } }])),
          to: target,
          copied: maybe(copied, 1, 2),
          does: maybe(does, 3, 1),
        })
        .map(
          ({ match, to, copied: copies, does: more }): Manifest => ({
            match,
            route: [{ destination: { host: own, port: { number: to } } }],
            ...copies,
            ...more,
          }),
        ),
      weight: 5,
    },
    {
      arbitrary: some<Manifest>(
        { redirect: { authority: 'else.org' } },
        { redirect: { uri: '/x', redirectCode: 308 } },
        { redirect: { scheme: 'https', port: 8443 } },
        { directResponse: { status: 418 } },
      ),
      weight: 1,
    },
  );

const rulesOf = (rule: fc.Arbitrary<Manifest>) => fc.array(rule, { minLength: 1, maxLength: 2 });
const routeOf = (i: number): fc.Arbitrary<Manifest | undefined> => {
  const own = hosts[i]!;
  const metadata = { name: `route-${i}`, namespace: 'red' };
  const parentRefs = [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: `entry-${i}` }];
  const to = own === wild ? 'one.org' : own;
  const api = (kind: string, rules: readonly Manifest[]): Manifest => ({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind,
    metadata,
    spec: { parentRefs, rules },
  });
  return fc.oneof(
    { arbitrary: fc.constant(undefined), weight: 1 },
    { arbitrary: rulesOf(httpRule(to)).map((rules) => api('HTTPRoute', rules)), weight: 4 },
    { arbitrary: rulesOf(grpcRule(to)).map((rules) => api('GRPCRoute', rules)), weight: 2 },
    {
      arbitrary: rulesOf(serviceRule(to)).map(
        (http): Manifest => ({
          apiVersion: 'networking.istio.io/v1',
          kind: 'VirtualService',
          metadata,
          spec: { hosts: [own], http },
        }),
      ),
      weight: 4,
    },
  );
};

const call: fc.Arbitrary<Call> = fc.record({
  namespace: fc.constant('clients'),
  serviceAccount: fc.constant('curl'),
  ip: fc.constant('10.1.2.3'),
  sni: fc.constant(undefined),
  method: some('GET', 'GET', 'POST'),
  path: some('/', '/get', '/get/more?x=1', '/api', '/api/v1?x=2&y=1', '/shop.Cart/Add', '/shop.Bill/Add'),
  authority: some(undefined, undefined, undefined, undefined, 'b.wild.org', 'ONE.org'),
  withPort: some(false, false, true),
  headers: fc.constant({}),
});

/** Ports below zero are the first of the host that a route leads to. */
function settled(entries: readonly Manifest[], routes: readonly Manifest[]): readonly Manifest[] {
  const first = (host: string): number => {
    const found = entries.map(({ spec }) => spec as Written).find((one) => one.hosts.includes(host));
    return found?.ports[0]?.number ?? 80;
  };
  const settle = (value: unknown, host: string): unknown => {
    if (value === -1) return first(host);
    if (Array.isArray(value)) return value.map((one) => settle(one, host));
    if (typeof value !== 'object' || value === null) return value;
    const own = value as Readonly<Record<string, unknown>>;
    const named = [own['name'], own['host']].find((one): one is string => typeof one === 'string') ?? host;
    return Object.fromEntries(Object.entries(own).map(([key, item]) => [key, settle(item, named)]));
  };
  return settle(routes, '') as readonly Manifest[];
}
interface Written {
  readonly hosts: readonly string[];
  readonly ports: readonly { readonly number: number }[];
}

export const everySetting: Profile = {
  sample: fc.noBias(
    fc.record({
      manifests: fc
        .tuple(fc.tuple(place, place, place), origins, fc.tuple(routeOf(0), routeOf(1), routeOf(2)))
        .map(([places, rules, routes]) => {
          const entries = places.map((one, i) => placed(i, one));
          const written = routes.filter((one) => one !== undefined);
          return manifestsOf(frame, entries, rules, settled(entries, written));
        }),
      calls: fc.array(call, { minLength: 24, maxLength: 24 }),
    }),
  ),
  names: [],
  asks: 'policies',
};
