// A random mesh of clients with sidecars with the requests that are made in it, reproducible from its profile and seed.
import { withCopies } from './copies.ts';
import { createHash } from 'node:crypto';
import type { Manifest } from '../manifests.ts';
import { apiHopOf } from './api-hops.ts';
import { entryOf, originationOf, policyOf } from './entries.ts';
import { hopOf } from './hops.ts';
import { meshRouteOf } from './mesh-routes.ts';
import type { ApiWay, Place, Way } from './place.ts';
import { randomFrom, type Random } from './random.ts';
import { widened } from './widened.ts';
import {
  apiGateway,
  apiGatewayLabels,
  apiWorld,
  clientNamespaces,
  gatewayLabels,
  istio,
  object,
  rootNamespace,
  world,
} from './world.ts';

export interface ClassicRequest {
  readonly namespace: string;
  readonly scheme: 'http' | 'https' | 'tcp';
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

export interface ClassicSample {
  readonly manifests: readonly Manifest[];
  readonly running: readonly Manifest[];
  readonly mesh: Manifest;
  readonly gatewayNamespace: string;
  /** Of the gateway's pods. */
  readonly gatewayLabels: Manifest;
  readonly requests: readonly ClassicRequest[];
}

export interface ClassicProfile {
  readonly ways: readonly (Way | ApiWay)[];
  /** Whether the egress gateway is one of the Gateway API. */
  readonly isApi?: boolean;
  readonly registryOnly: number;
  readonly sidecars: number;
  /** How many objects are there twice. */
  readonly duplicates: number;
  readonly policies: number;
  readonly dnsCapture?: boolean;
  /** How many ports name no protocol. */
  readonly detected?: number;
  /** How many hosts are called by the name of a Service too, which stands for them. */
  readonly aliases?: number;
  /** How many routes send copies of requests besides. */
  readonly copies?: number;
  /** How many hosts have HTTPRoutes for the mesh. */
  readonly meshRoutes?: number;
  /** How many VirtualServices and Gateways are for wildcards over the hosts, or for several hosts. */
  readonly wide?: number;
}

const base = { registryOnly: 0.2, sidecars: 0.1, duplicates: 0.1, policies: 0.3 };

export const classicProfiles: Readonly<Record<string, ClassicProfile>> = {
  direct: { ...base, ways: ['direct'], policies: 0 },
  http: { ...base, ways: ['http', 'http', 'direct'] },
  passthrough: { ...base, ways: ['passthrough', 'passthrough', 'direct'] },
  tcp: { ...base, ways: ['tcp', 'tcp', 'direct'] },
  mutual: { ...base, ways: ['mutual-http', 'mutual-tcp'], policies: 0.6 },
  registry: { ...base, ways: ['direct', 'http', 'passthrough', 'tcp'], registryOnly: 1 },
  scopes: { ...base, ways: ['direct', 'http', 'passthrough', 'mutual-http'], sidecars: 0.9 },
  duplicates: { ...base, ways: ['direct', 'http', 'passthrough', 'mutual-http'], duplicates: 0.8 },
  mixed: { ...base, ways: ['direct', 'http', 'passthrough', 'tcp', 'mutual-http', 'mutual-tcp'] },
  // A name with the addresses of two entries may lead to either.
  captured: { ...base, ways: ['direct', 'tcp', 'http', 'passthrough'], dnsCapture: true, duplicates: 0 },
  'mesh-routes': { ...base, ways: ['direct', 'direct', 'http'], sidecars: 0.2, duplicates: 0.3, meshRoutes: 0.8 },
  'gateway-api': {
    ...base,
    ways: ['api-http', 'api-mutual-http', 'api-passthrough', 'api-tcp', 'api-mutual-tcp', 'direct'],
    duplicates: 0.1,
    isApi: true,
  },
  detected: { ...base, ways: ['direct', 'direct', 'http', 'tcp', 'passthrough'], policies: 0.1, detected: 0.4 },
  aliases: { ...base, ways: ['direct', 'direct', 'http', 'passthrough'], policies: 0.1, aliases: 0.8 },
  certificates: { ...base, ways: ['own-http', 'own-tcp', 'mutual-http'] },
  wildcards: { ...base, ways: ['direct', 'http', 'http', 'passthrough', 'passthrough'], duplicates: 0.3, wide: 0.5 },
};

/** For bytes only: what a proxy sends besides, or as another path, the generator's answers are not asked about. */
export const changedRequests: Readonly<Record<string, ClassicProfile>> = {
  copies: { ...base, ways: ['http', 'mutual-http', 'direct'], registryOnly: 0.1, policies: 0.1, copies: 0.7 },
};
const allProfiles = { ...classicProfiles, ...changedRequests };

/** Meshes in which an answer once differed, by profile and seed. */
export const onceDifferent: readonly (readonly [string, number])[] = [
  ['scopes', 20177],
  ['scopes', 40019],
  ['duplicates', 20164],
  ['mesh-routes', 20063],
  ['mesh-routes', 40099],
  ['captured', 40098],
  ['mutual', 60046],
  ['mesh-routes', 310000],
  ['duplicates', 310108],
  ['mesh-routes', 310197],
  ['duplicates', 310223],
  ['gateway-api', 510015],
  ['mutual', 520064],
  ['scopes', 520035],
  ['gateway-api', 520061],
  ['duplicates', 510084],
  ['mutual', 520104],
  ['detected', 620026],
  ['detected', 620037],
  ['certificates', 610057],
  ['registry', 710010],
  ['detected', 700523],
  ['detected', 700309],
  ['aliases', 700526],
  ['wildcards', 17],
  ['aliases', 962004],
  ['aliases', 962010],
  ['http', 970260],
  ['wildcards', 970200],
];

const hosts = ['a.example.com', 'b.example.com', 'c.example.org', '*.wild.example.net'] as const;

export function classicSample(name: string, seed: number): ClassicSample {
  const profile = allProfiles[name]!;
  const random = randomFrom(seed * 31 + Object.keys(allProfiles).indexOf(name));
  const faults = random.pick(0, 0.03, 0.06, 0.12);
  const gatewayNamespace = random.pick('istio-system', 'gates');
  const chosen = random.shuffled(hosts).slice(0, 1 + random.below(3));
  const places = chosen.map(
    (host, i): Going => ({
      random,
      faults,
      gatewayNamespace,
      home: random.pick('apps', 'apps', 'apps', 'other', gatewayNamespace),
      number: i,
      host,
      way: random.pick(...profile.ways),
      ...(profile.detected && { detected: profile.detected }),
    }),
  );
  const meshRoutes = profile.meshRoutes ?? 0;
  const listeners: Manifest[] = [];
  const objects = places.flatMap((place) => [
    ...objectsOf(place, listeners),
    ...(meshRoutes > 0 && random.chance(meshRoutes) ? [meshRouteOf(place)] : []),
  ]);
  const { copies } = profile;
  const routes = copies === undefined ? objects : objects.map((one) => withCopies(random, one, copies));
  const more = places.flatMap((place, i) =>
    random.chance(profile.duplicates)
      ? random
          .shuffled([
            ...objectsOf({ ...place, number: i + 10, home: random.pick('apps', 'other', gatewayNamespace) }, []),
            ...(meshRoutes > 0 ? [meshRouteOf({ ...place, number: i + 10 })] : []),
          ])
          .slice(0, 1 + random.below(3))
      : [],
  );
  const aliases = profile.aliases === undefined ? [] : places.flatMap((place) => aliasesOf(place, profile.aliases!));
  const found = random.chance(profile.policies) ? policiesOf(random, gatewayNamespace) : [];
  const policies = profile.isApi ? found.map((policy) => atApiGateway(random, policy)) : found;
  const sidecars = random.chance(profile.sidecars) ? sidecarsOf(random, gatewayNamespace) : [];
  const { manifests: frame, running } = profile.isApi
    ? apiWorld(gatewayNamespace, listeners.length > 0 ? listeners : [unusedListener])
    : world(gatewayNamespace);
  const mode = random.chance(profile.registryOnly) ? 'REGISTRY_ONLY' : 'ALLOW_ANY';
  const wide = profile.wide ?? 0;
  const widen = (manifest: Manifest) => (random.chance(wide) ? widened(random, manifest) : manifest);
  const all = [...routes, ...more, ...policies, ...sidecars, ...aliases];
  return {
    manifests: [...frame, ...random.shuffled(wide > 0 ? all.map(widen) : all)],
    running,
    gatewayNamespace,
    gatewayLabels: profile.isApi ? apiGatewayLabels : gatewayLabels,
    mesh: {
      outboundTrafficPolicy: { mode },
      ...(profile.dnsCapture && { defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } }),
    },
    requests: requestsFor(random, [...chosen, ...aliases.map(hostOfAlias)], wide > 0),
  };
}

/** Of hosts that have a BackendTLSPolicy. */
const policyShare = 0.1;

type Going = Place & { readonly way: Way | ApiWay };

const unusedListener = { name: 'unused', port: 80, protocol: 'HTTP' };

function objectsOf(place: Going, listeners: Manifest[]): readonly Manifest[] {
  const { random, way, faults } = place;
  return [
    ...(random.chance(faults / 2) ? [] : [entryOf(place, way)]),
    ...waysOut(place, listeners),
    ...(random.chance(0.5) ? [originationOf(place)] : []),
    ...(random.chance(policyShare) ? [policyOf(place)] : []),
  ];
}

/** A Service that stands for the host. */
function aliasesOf({ random, home, host }: Going, share: number): readonly Manifest[] {
  if (host.startsWith('*') || !random.chance(share)) return [];
  const at = { namespace: random.pick(home, 'apps'), name: host.replaceAll('.', '-') };
  const ports = random.maybe(0.5, { ports: [{ name: 'http', port: 80 }] });
  return [object('v1', 'Service', at, { type: 'ExternalName', externalName: host, ...ports })];
}

function hostOfAlias({ metadata }: Manifest): string {
  const { namespace, name } = metadata as { readonly namespace: string; readonly name: string };
  return `${name}.${namespace}.svc.cluster.local`;
}

function waysOut({ way, ...place }: Going, listeners: Manifest[]): readonly Manifest[] {
  if (way === 'direct') return [];
  if (!way.startsWith('api-')) return hopOf(place, way as Exclude<Way, 'direct'>);
  const { listener, manifests } = apiHopOf(place, way as ApiWay);
  // The API server refuses two that are alike.
  const key = ({ port, protocol, hostname }: Manifest) => JSON.stringify([port, protocol, hostname]);
  if (listeners.every((one) => key(one) !== key(listener))) listeners.push(listener);
  return manifests;
}

/** By the Gateway's name, or by the label of its pods. */
function atApiGateway(random: Random, policy: Manifest): Manifest {
  const spec = policy['spec'] as Manifest;
  if (!spec['selector']) return policy;
  const { selector: _, ...others } = spec;
  const targetRefs = [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: apiGateway.name }];
  const [label] = Object.entries(apiGatewayLabels);
  const selector = { matchLabels: Object.fromEntries([label!]) };
  return { ...policy, spec: { ...others, ...random.either<object>(0.3, { selector }, { targetRefs }) } };
}

const schemes: readonly (readonly [ClassicRequest['scheme'], number])[] = [
  ['http', 80],
  ['https', 443],
  ['tcp', 9000],
];

/** Under wildcards. */
const moreHosts = ['d.example.com', 'y.wild.example.net'];

function requestsFor(random: Random, chosen: readonly string[], isWide: boolean): readonly ClassicRequest[] {
  const asked = [...chosen.map((host) => host.replace('*.', 'x.')), 'unknown.example.io', ...(isWide ? moreHosts : [])];
  const all = isWide ? [...schemes, ['http', 8080] as const] : schemes;
  return clientNamespaces.flatMap((namespace) =>
    asked.flatMap((host) =>
      all.map(([scheme, port]) => ({ namespace, scheme, host, port, path: random.pick('/', '/api/items') })),
    ),
  );
}

function policiesOf(random: Random, gatewayNamespace: string): readonly Manifest[] {
  return Array.from({ length: 1 + random.below(2) }, (_, i) => {
    const source = random.pick<Manifest | undefined>(
      undefined,
      { principals: ['cluster.local/ns/apps/sa/client-apps'] },
      { namespaces: ['apps'] },
      { notNamespaces: ['other'] },
    );
    const operation = random.pick<Manifest | undefined>(
      undefined,
      { hosts: ['a.example.com'] },
      { methods: ['GET'] },
      { paths: ['/api/*'] },
      { ports: ['8443'] },
      { ports: ['80', '443'] },
    );
    const when = random.chance(0.2)
      ? [{ key: 'connection.sni', values: [random.pick('a.example.com', '*.example.com')] }]
      : undefined;
    const rule = {
      ...(source && { from: [{ source }] }),
      ...(operation && { to: [{ operation }] }),
      ...(when && { when }),
    };
    return istio(
      'AuthorizationPolicy',
      random.pick(gatewayNamespace, gatewayNamespace, rootNamespace, 'apps'),
      `policy-${i}`,
      {
        ...(random.chance(0.8) && { selector: { matchLabels: { istio: 'egressgateway' } } }),
        action: random.pick('ALLOW', 'ALLOW', 'DENY'),
        ...(random.chance(0.9) && { rules: [rule] }),
      },
    );
  });
}

function sidecarsOf(random: Random, gatewayNamespace: string): readonly Manifest[] {
  return Array.from({ length: 1 + random.below(2) }, (_, i) =>
    istio('Sidecar', random.pick('apps', 'apps', 'other', rootNamespace), `scope-${i}`, {
      ...(random.chance(0.3) && { workloadSelector: { labels: { app: random.pick('client-apps', 'nobody') } } }),
      egress: [
        {
          hosts: random
            .shuffled([
              './*',
              `${gatewayNamespace}/*`,
              '*/*',
              'other/*',
              '*/a.example.com',
              'apps/*.example.com',
              '~/*',
            ])
            .slice(0, 1 + random.below(2)),
        },
      ],
      ...(random.chance(0.3) && {
        outboundTrafficPolicy: random.pick<Manifest>({ mode: 'ALLOW_ANY' }, { mode: 'REGISTRY_ONLY' }, {}),
      }),
    }),
  );
}

export function samplesHash(): string {
  const samples = Object.keys(classicProfiles).flatMap((name) => [1, 2, 3].map((seed) => classicSample(name, seed)));
  return createHash('sha256').update(JSON.stringify(samples)).digest('hex').slice(0, 16);
}
