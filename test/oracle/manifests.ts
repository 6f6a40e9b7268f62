// Random meshes: namespaces, waypoints, entries and rules as JSON manifests. Only shapes that Istio's validation accepts, or nearly:
// what it refuses all the same is named in its answer and left out on both sides.
import fc from 'fast-check';

export type Manifest = Readonly<Record<string, unknown>>;

/** Left out where undefined, so that an absent field is really absent. */
export function maybe<T>(arbitrary: fc.Arbitrary<T>, present = 1, absent = 1): fc.Arbitrary<T | undefined> {
  return fc.oneof({ arbitrary: fc.constant(undefined), weight: absent }, { arbitrary, weight: present });
}

export function some<T>(...values: readonly T[]): fc.Arbitrary<T> {
  return fc.constantFrom(...values);
}

export const anyNamespace = some('red', 'red', 'red', 'blue', 'istio-system');

/** A `use-waypoint` label with what may stand beside it. */
const useWaypoint = fc
  .record({
    name: some<string | undefined>(
      'gate',
      'gate',
      'gate',
      'gate',
      'gate',
      'gate',
      'gate',
      'side',
      'none',
      'nowhere',
      undefined,
    ),
    namespace: some<string | undefined>(undefined, 'red', 'red', 'red', 'red', 'blue'),
  })
  .map(({ name, namespace }) => ({ 'istio.io/use-waypoint': name, 'istio.io/use-waypoint-namespace': namespace }));

const namespaceManifests = fc
  .tuple(useWaypoint, useWaypoint, maybe(useWaypoint, 1, 3), some('a', 'b'))
  .map(([red, blue, root, team]): Manifest[] => [
    namespaceOf('red', { ...red, team }),
    namespaceOf('blue', { ...blue, team: 'b' }),
    namespaceOf('istio-system', root ?? {}),
    namespaceOf('clients', {}),
  ]);

function namespaceOf(name: string, labels: Readonly<Record<string, string | undefined>>): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

const allowedRoutes = maybe(
  fc.oneof(
    some('Same', 'All', 'All', 'All', 'All', 'All').map((from) => ({ namespaces: { from } })),
    some(
      { matchLabels: { team: 'a' } },
      { matchExpressions: [{ key: 'team', operator: 'In', values: ['b'] }] },
      { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] },
      {},
    ).map((selector) => ({ namespaces: { from: 'Selector', selector } })),
  ),
  3,
);

const gateway = (...places: readonly (readonly [string, string])[]) =>
  fc
    .record({
      place: some(...places),
      traffic: some(
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
        'service',
        'service',
        'all',
        'workload',
        'none',
      ),
      allowedRoutes,
      port: some(15008, 15008, 15008, 15008, 15008, 15008, 15008, 15009),
    })
    .map(
      ({ place: [namespace, name], traffic, allowedRoutes: allowed, port }): Manifest => ({
        apiVersion: 'gateway.networking.k8s.io/v1',
        kind: 'Gateway',
        metadata: { name, namespace, labels: { 'istio.io/waypoint-for': traffic } },
        spec: {
          gatewayClassName: 'istio-waypoint',
          listeners: [{ name: 'mesh', port, protocol: 'HBONE', allowedRoutes: allowed }],
        },
      }),
    );

export const plainHosts = ['one.org', 'two.org', 'api.one.org'] as const;
export const wildHosts = ['*.one.org', '*.org'] as const;

const port = fc.record({
  number: some(80, 80, 443, 8080, 9000),
  protocol: some('HTTP', 'HTTP', 'http', 'HTTP2', 'GRPC', 'TLS', 'HTTPS', 'TCP', 'tcp', undefined),
  targetPort: maybe(some(443, 8443, 8080), 1, 2),
});
const ports = fc
  .uniqueArray(port, { minLength: 1, maxLength: 3, selector: (one) => one.number })
  .map((all) => all.map((one) => ({ ...one, name: `p${one.number}` })));

const entryLabels = fc
  .record({ waypoint: maybe(useWaypoint, 1, 2), allocate: some(undefined, undefined, undefined, undefined, 'false') })
  .map(({ waypoint, allocate }) => ({ ...waypoint, 'networking.istio.io/enable-autoallocate-ip': allocate }));

const entry = fc.record({
  namespace: anyNamespace,
  labels: entryLabels,
  kind: some('DNS', 'DNS', 'DNS', 'DNS_ROUND_ROBIN', 'STATIC', 'NONE', 'NONE', undefined, 'DYNAMIC_DNS', 'wild'),
  host: some(...plainHosts),
  second: maybe(some(...plainHosts), 1, 5),
  wild: some(...wildHosts),
  ports,
  addressed: some(false, false, false, true),
  range: fc.boolean(),
  endpoints: fc.array(fc.record({ named: fc.boolean(), override: maybe(some(4443, 8081), 1, 2) }), {
    minLength: 1,
    maxLength: 2,
  }),
  withEndpoints: some(false, false, true),
  exportTo: some<readonly string[] | undefined>(
    undefined,
    undefined,
    undefined,
    undefined,
    ['*'],
    ['.'],
    ['red'],
    ['red', 'blue'],
    ['~'],
    ['red', '.'],
  ),
  location: some(undefined, 'MESH_EXTERNAL', 'MESH_INTERNAL'),
});

type Drawn = typeof entry extends fc.Arbitrary<infer T> ? T : never;

function hostsOf({ kind, wild, host, second, ports: listed }: Drawn): readonly string[] {
  if (kind === 'DYNAMIC_DNS' || kind === 'wild') return [wild];
  const http = listed.every(({ protocol }) => protocol !== undefined && !/^tcp$/i.test(protocol));
  return [...new Set([host, ...(second && http ? [second] : [])])];
}

/** Dynamic resolution is for HTTP and TLS, and has no target ports. */
function portsOf({ kind, ports: listed }: Drawn): readonly Manifest[] {
  if (kind !== 'DYNAMIC_DNS') return listed;
  return listed.map(({ targetPort: _, ...rest }, n) => ({
    ...rest,
    protocol: n === 0 ? 'HTTP' : (['TLS', 'GRPC'] as const)[n % 2],
  }));
}

function addressesOf({ addressed, range }: Drawn, resolution: string | undefined, i: number): string[] | undefined {
  if (!addressed || resolution === 'DYNAMIC_DNS') return undefined;
  const isRange = range && (resolution === 'NONE' || resolution === 'STATIC' || resolution === undefined);
  return [isRange ? `192.0.${i + 2}.0/24` : `192.0.2.${i + 1}`];
}

export const entries = fc.array(entry, { minLength: 2, maxLength: 6 }).map((all) =>
  all.map((one, i): Manifest => {
    const resolution = one.kind === 'wild' ? 'NONE' : one.kind;
    const endpoints = one.endpoints
      .slice(0, resolution === 'DNS_ROUND_ROBIN' ? 1 : 2)
      .map(({ named, override }, n) => ({
        address: named && resolution !== 'STATIC' ? `real${n}.example.net` : `198.51.100.${10 * i + n + 1}`,
        ports: override && one.ports[0] ? { [one.ports[0].name]: override } : undefined,
      }));
    const given = resolution === 'STATIC' || (resolution?.startsWith('DNS') && one.withEndpoints);
    return {
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: `entry-${i}`, namespace: one.namespace, labels: one.labels },
      spec: {
        hosts: hostsOf(one),
        ports: portsOf(one),
        resolution,
        location: one.location,
        exportTo: one.exportTo?.includes('.') && one.exportTo.includes(one.namespace) ? ['.'] : one.exportTo,
        addresses: addressesOf(one, resolution, i),
        endpoints: given ? endpoints : undefined,
      },
    };
  }),
);

const tls = fc.oneof(
  { arbitrary: some<Manifest>({ mode: 'DISABLE' }, { mode: 'ISTIO_MUTUAL' }, {}), weight: 1 },
  {
    arbitrary: fc.record({
      mode: fc.constant('SIMPLE'),
      sni: maybe(some('sni.example.com', 'one.org'), 1, 2),
      subjectAltNames: maybe(some(['one.org'], ['a.org', 'b.org']), 1, 3),
      caCertificates: maybe(some('system', '/etc/ca.pem'), 1, 3),
      insecureSkipVerify: maybe(fc.constant(false), 1, 5),
    }),
    weight: 4,
  },
  {
    arbitrary: some<Manifest>(
      { mode: 'SIMPLE', insecureSkipVerify: true },
      { mode: 'SIMPLE', insecureSkipVerify: true, sni: 'sni.example.com' },
    ),
    weight: 1,
  },
  {
    arbitrary: some<Manifest>(
      { mode: 'SIMPLE', credentialName: 'roots' },
      { mode: 'MUTUAL', credentialName: 'client' },
      { mode: 'MUTUAL', credentialName: 'client', sni: 'm.org' },
      { mode: 'MUTUAL', clientCertificate: '/c.pem', privateKey: '/k.pem', caCertificates: '/ca.pem' },
      { mode: 'MUTUAL', clientCertificate: '/c.pem', privateKey: '/k.pem' },
    ),
    weight: 1,
  },
);
const portPolicy = fc
  .record({
    port: some(80, 443, 8080).map((number) => ({ number })),
    tls: maybe(tls, 3),
    connectionPool: maybe(fc.constant({ tcp: { maxConnections: 9 } }), 1, 3),
  })
  .filter((one) => one.tls !== undefined || one.connectionPool !== undefined);
const trafficPolicy = fc
  .record({
    tls: maybe(tls, 3),
    portLevelSettings: maybe(fc.uniqueArray(portPolicy, { maxLength: 2, selector: (one) => one.port.number }), 1, 2),
    connectionPool: maybe(fc.constant({ tcp: { maxConnections: 7 } }), 1, 4),
  })
  .filter(
    (one) => one.tls !== undefined || one.connectionPool !== undefined || (one.portLevelSettings?.length ?? 0) > 0,
  );
const rule = fc.record({
  namespace: anyNamespace,
  host: some(...plainHosts, ...plainHosts, ...plainHosts, ...wildHosts, '*', '*e.org', 'one'),
  exportTo: some<readonly string[] | undefined>(
    undefined,
    undefined,
    undefined,
    ['*'],
    ['.'],
    ['red'],
    ['blue'],
    ['red', 'blue'],
    ['.', 'blue'],
  ),
  workloadSelector: maybe(some({ matchLabels: { app: 'x' } }), 1, 7),
  trafficPolicy: maybe(trafficPolicy, 6),
  subsets: maybe(
    tls.map((own) => [{ name: 'v1', labels: { v: '1' }, trafficPolicy: { tls: own } }]),
    1,
    6,
  ),
});
export const rules = fc.array(rule, { maxLength: 6 }).map((all) =>
  all.map(({ namespace, ...spec }, i): Manifest => {
    // Istio wants the list local where there is a selector.
    const exportTo =
      spec.workloadSelector || (spec.exportTo?.includes('.') && spec.exportTo.includes(namespace))
        ? undefined
        : spec.exportTo;
    return {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: `rule-${i}`, namespace },
      spec: { ...spec, exportTo },
    };
  }),
);

export const frame = fc
  .tuple(
    namespaceManifests,
    maybe(gateway(['red', 'gate']), 9),
    maybe(gateway(['red', 'side'], ['blue', 'gate'], ['blue', 'gate'], ['istio-system', 'gate']), 3),
  )
  .map(([spaces, ...gateways]) => [...spaces, ...gateways.filter((one) => one !== undefined)]);
