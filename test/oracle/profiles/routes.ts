// Meshes with routes on ServiceEntries: the Gateway API's, VirtualServices and those that they delegate to.
import fc from 'fast-check';
import { manifestsOf, type Profile } from '../generate.ts';
import type { Call } from '../policies.ts';
import { maybe, some, type Manifest } from './parts.ts';
import { gatewayRoutes } from './routes-gateway.ts';
import { virtualServices } from './routes-virtual-services.ts';

const frame: readonly Manifest[] = [
  ...['red', 'blue', 'clients', 'istio-system'].map(
    (name): Manifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
  ),
  // So that it is known which Services there are.
  ...['red', 'blue', 'clients'].map(
    (namespace): Manifest => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'any', namespace },
      spec: { clusterIP: `10.96.1.${namespace.length}`, ports: [{ name: 'http', port: 80 }] },
    }),
  ),
  gateway('red', 'gate'),
  gateway('blue', 'side'),
];

function gateway(namespace: string, name: string): Manifest {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { namespace, name },
    spec: {
      gatewayClassName: 'istio-waypoint',
      listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE', allowedRoutes: { namespaces: { from: 'All' } } }],
    },
  };
}

const port = fc.record({
  number: some(80, 80, 80, 80, 8080, 443, 9000, 81),
  targetPort: maybe(some(443, 8443), 1, 2),
  odd: some(false, false, false, false, true),
});
const protocols: Readonly<Record<number, string | undefined>> = {
  80: 'HTTP',
  8080: 'GRPC',
  443: 'TLS',
  9000: 'TCP',
  81: undefined,
};
const oddProtocols: Readonly<Record<number, string>> = { 80: 'TCP', 443: 'HTTPS' };
const ports = fc.uniqueArray(port, { minLength: 1, maxLength: 3, selector: ({ number }) => number }).map((all) =>
  all.map(({ number, targetPort, odd }) => ({
    number,
    targetPort,
    name: `p${number}`,
    protocol: odd ? (oddProtocols[number] ?? 'HTTP') : protocols[number],
  })),
);
const hosts = ['one.org', 'two.org', 'api.one.org', '*.one.org'] as const;
const entry = fc.record({
  namespace: some('red', 'red', 'red', 'red', 'blue', 'blue', 'clients'),
  ports,
  second: maybe(some('three.org'), 1, 3),
  waypoint: some<string | undefined>('gate', 'gate', 'gate', 'gate', 'none', 'side'),
  exportTo: some<readonly string[] | undefined>(undefined, undefined, undefined, undefined, undefined, ['.'], ['red']),
  again: some(false, false, false, false, false, false, false, false, false, false, false, true),
});
const entries = fc.array(entry, { minLength: 2, maxLength: 4 }).map((all) =>
  all.map(({ namespace, ports: own, second, waypoint, exportTo, again }, i): Manifest => {
    const host = hosts[again ? 0 : i]!;
    const http = own.every(({ protocol }) => protocol !== undefined && protocol !== 'TCP');
    const wild = host.startsWith('*');
    return {
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: {
        name: `entry-${i}`,
        namespace,
        labels: {
          'istio.io/use-waypoint': waypoint,
          'istio.io/use-waypoint-namespace': waypoint === 'side' ? 'blue' : 'red',
        },
      },
      spec: {
        hosts: wild || !second || !http || i > 1 ? [host] : [host, `${i}.${second}`],
        exportTo,
        ports: wild ? own.map(({ targetPort: _, ...rest }) => ({ ...rest, protocol: 'HTTP' })) : own,
        resolution: wild ? 'DYNAMIC_DNS' : 'DNS',
      },
    };
  }),
);

const far = maybe(fc.record({ namespace: some('red', 'blue', 'clients'), number: some(80, 443) }), 2, 1).map(
  (one): Manifest[] =>
    one
      ? [
          {
            apiVersion: 'networking.istio.io/v1',
            kind: 'ServiceEntry',
            metadata: { name: 'far', namespace: one.namespace, labels: { 'istio.io/use-waypoint': 'none' } },
            spec: {
              hosts: ['far.net'],
              ports: [{ number: one.number, name: 'only', protocol: 'HTTP' }],
              resolution: 'DNS',
            },
          },
        ]
      : [],
);

const tls = some<Manifest>(
  { mode: 'SIMPLE' },
  { mode: 'SIMPLE', sni: 'sni.example.com' },
  { mode: 'SIMPLE', subjectAltNames: ['a.org'] },
  { mode: 'DISABLE' },
);
const subset = (name: string) =>
  maybe(tls, 1, 1).map((own): Manifest => ({ name, labels: { v: name }, trafficPolicy: own && { tls: own } }));
const rule = fc.record({
  namespace: some('red', 'red', 'red', 'blue', 'clients'),
  host: some('one.org', 'one.org', 'two.org', 'api.one.org', '*.one.org', '*.org', 'far.net'),
  tls: maybe(tls, 2, 1),
  port: maybe(some(80, 443, 8080), 1, 3),
  subsets: fc.tuple(maybe(subset('v1'), 4, 1), maybe(subset('v2'), 1, 2)),
});
const rules = fc.array(rule, { minLength: 1, maxLength: 4 }).map((all) =>
  all.map(({ namespace, host, tls: own, port: number, subsets }, i): Manifest => {
    const policy = own && (number ? { portLevelSettings: [{ port: { number }, tls: own }] } : { tls: own });
    return {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: `rule-${i}`, namespace },
      spec: { host, trafficPolicy: policy, subsets: subsets.filter((one) => one !== undefined) },
    };
  }),
);

const call: fc.Arbitrary<Call> = fc.record({
  namespace: fc.constant('clients'),
  serviceAccount: fc.constant('curl'),
  ip: fc.constant('10.1.2.3'),
  sni: fc.constant(undefined),
  method: some('GET', 'GET', 'POST'),
  path: some(
    '/',
    '/get',
    '/get?x=1',
    '/get/more',
    '/getaway',
    '/GET',
    '/api',
    '/api/',
    '/api/v1?x=2&y=1',
    '/api/v2?y=&x=1',
    '/shop.Cart/Add',
    '/shop.Cart/Drop',
    '/shop.Bill/Add',
    '/get?x',
  ),
  authority: some(undefined, undefined, undefined, 'two.org', 'ONE.org'),
  withPort: some(false, false, false, true),
  headers: some<Readonly<Record<string, string>>>(
    {},
    {},
    { 'x-team': 'yes' },
    { 'x-team': 'no' },
    { 'x-team': '' },
    { 'x-env': 'test', 'x-team': 'yes' },
  ),
});

/** Ports below zero stand for those that the host's entry lists, and the namespace `own` for that of the entry with the name. */
function settled(entriesOf: readonly Manifest[], all: readonly Manifest[]): readonly Manifest[] {
  interface Entry {
    readonly metadata: { readonly name: string; readonly namespace: string };
    readonly spec: { readonly hosts: readonly string[]; readonly ports: readonly { readonly number: number }[] };
  }
  const known = entriesOf as readonly unknown[] as readonly Entry[];
  const portAt = (name: unknown, port: number) => {
    const numbers = known.find(({ spec }) => spec.hosts.includes(String(name)))?.spec.ports ?? [];
    return numbers[(-port - 1) % Math.max(1, numbers.length)]?.number ?? 80;
  };
  const settle = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(settle);
    if (typeof value !== 'object' || value === null) return value;
    const own = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, settle(item)]));
    const { name, host, namespace, port } = own;
    if (namespace === 'own')
      own['namespace'] = known.find(({ metadata }) => metadata.name === name)?.metadata.namespace ?? 'red';
    if (typeof port === 'number' && port < 0) own['port'] = portAt(name, port);
    if (typeof port === 'object' && port !== null && 'number' in port && Number(port.number) < 0)
      own['port'] = { number: portAt(host, Number(port.number)) };
    return own;
  };
  return settle(all) as readonly Manifest[];
}

export const routes: Profile = {
  sample: fc.noBias(
    fc.record({
      manifests: fc
        .tuple(entries, far, rules, gatewayRoutes, virtualServices, fc.boolean())
        .map(([own, others, rulesOf, api, services, turned]) =>
          manifestsOf(
            frame,
            own,
            others,
            rulesOf,
            settled(own, turned ? [...services, ...api] : [...api, ...services]),
          ),
        ),
      calls: fc.array(call, { minLength: 8, maxLength: 8 }),
    }),
  ),
  names: [],
  asks: 'routes',
};
