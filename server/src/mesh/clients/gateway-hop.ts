// The hop from a client's sidecar to an egress gateway: which server takes it, and what the sidecar sends there.
// A VirtualService sends an outside host to a Service of the mesh, and names the Gateway that takes it from there.
// server/docs/istio-semantics-classic.md §F and §G.
import type { Resource } from '../../model/resource.ts';
import type { RouteDestination, VirtualServiceRoute } from '../../model/specs.ts';
import { fullHost, hostsOverlap, looksInCluster, patternsFor } from '../../names/hosts.ts';
import { tlsOfRule, tlsOfSubset, type RuleTls } from '../destination-rules/client-tls.ts';
import { rulesAtProxy, type AppliedRule } from '../destination-rules/proxy-rules.ts';
import { rulesAnywhere } from '../destination-rules/matching-rules.ts';
import type { Mesh } from '../mesh.ts';
import { gatewaysNamedBy, mayBeSamePods, servesHost, type Server } from '../routes/gateway-servers.ts';
import { isForMesh } from '../routes/virtual-service-entries.ts';

type Service = Resource<'VirtualService'>;
type Rule = Resource<'DestinationRule'>;

export interface ServerOf {
  readonly gateway: Resource<'IstioGateway'>;
  readonly server: Server;
}

export interface GatewayHop {
  readonly route: Service;
  /** The kind of route: what the sidecar sees in the client's bytes. */
  readonly seenAs: 'http' | 'tls' | 'tcp';
  readonly destination: RouteDestination;
  /** An outside host that takes this way. */
  readonly outside: string;
  /** The gateway's Service. */
  readonly host: string;
  readonly port: number;
  readonly subset: string | undefined;
  /** Servers that may take the connection, those that serve the host on the port first. */
  readonly servers: readonly [ServerOf, ...ServerOf[]];
}

/** The hops to gateways that a VirtualService makes for outside hosts. */
export function gatewayHops(mesh: Mesh, route: Service): readonly GatewayHop[] {
  // Another Gateway of the same pods may have the server that is meant.
  if (!isForMesh(route.spec.gateways) || !mesh.knows('IstioGateway')) return [];
  const hosts = route.spec.hosts
    .map(({ value }) => fullHost(value, route.namespace, mesh.settings.clusterDomain))
    .filter((host) => isOutside(mesh, host));
  return hosts.flatMap((outside) => {
    const gateways = gatewaysFor(mesh, outside);
    if (gateways.length === 0) return [];
    return (['http', 'tls', 'tcp'] as const).flatMap((seenAs) =>
      route.spec[seenAs]
        .filter((leg) => isForSidecarsOnly(route, leg))
        .flatMap((leg) =>
          leg.destinations.flatMap((destination) => {
            const to = placeOf(mesh, route, leg, destination);
            const servers = to ? serversFor(mesh, gateways, outside, to, route.namespace) : [];
            const [first, ...more] = servers;
            return to && first
              ? [{ route, seenAs, destination, outside, ...to, servers: [first, ...more] as const }]
              : [];
          }),
        ),
    );
  });
}

function isOutside(mesh: Mesh, host: string): boolean {
  return mesh.derived(`only entries have ${host}`, (view) => {
    const owners = patternsFor(host).flatMap((pattern) => view.hostOwners(pattern));
    return owners.length > 0 && owners.every(({ resource }) => resource.kind === 'ServiceEntry');
  });
}

/** Gateways that VirtualServices name for the host. */
export function gatewaysFor(mesh: Mesh, host: string): readonly Resource<'IstioGateway'>[] {
  return mesh.derived(`gateways named for ${host}`, (view) => {
    const services = patternsFor(host).flatMap((pattern) => view.virtualServices(pattern));
    return [...new Set(services.flatMap((service) => gatewaysNamedBy(view, service)))];
  });
}

/** A route that a gateway takes too is not the first of two steps. */
function isForSidecarsOnly({ spec }: Service, { matches }: VirtualServiceRoute): boolean {
  const isMesh = ({ value }: { readonly value: string }) => value === 'mesh';
  return spec.gateways.every(isMesh) || matches.some(({ gateways }) => gateways.length > 0 && gateways.every(isMesh));
}

export type HopPlace = Pick<GatewayHop, 'host' | 'port' | 'subset'>;

/** Without a port the listener's counts, if all matches name the same one. istio@86c9f01 pilot/pkg/networking/core/route/route.go GetDestinationCluster. */
function placeOf(
  mesh: Mesh,
  { namespace }: Service,
  { matches }: VirtualServiceRoute,
  { host: written, port, subset }: RouteDestination,
): HopPlace | undefined {
  const { clusterDomain } = mesh.settings;
  if (!written || !looksInCluster(written.value, clusterDomain)) return undefined;
  const host = fullHost(written.value, namespace, clusterDomain);
  if (mesh.hostOwners(host).some(({ resource }) => resource.kind === 'ServiceEntry')) return undefined;
  const ports = new Set(matches.map((match) => match.port));
  const number = port?.value ?? (ports.size === 1 ? [...ports][0] : undefined);
  return number === undefined ? undefined : { host, port: number, subset: subset?.value || undefined };
}

/**
 * A server's number is the port of the gateway's Service, or the port that this leads to: Istio's charts lead 80 to 8080 and 443
 * to 8443. istio@86c9f01 pilot/pkg/model/push_context.go mergeGateways, resolvePorts; §F.4, §F.5.
 */
const portBehind: ReadonlyMap<number, number> = new Map([
  [80, 8080],
  [443, 8443],
]);

function serversFor(
  mesh: Mesh,
  gateways: readonly Resource<'IstioGateway'>[],
  outside: string,
  { host, port }: HopPlace,
  from: string,
): readonly ServerOf[] {
  const services = mesh.hostOwners(host).flatMap(({ resource }) => (resource.kind === 'Service' ? [resource] : []));
  const reached = gateways.filter(({ spec }) =>
    services.every((service) => mayBeSamePods(spec.selector, service.spec.selector ?? new Map()) !== 'no'),
  );
  const onPods = reached.flatMap(({ spec }) => mesh.gatewaysSelecting(spec.selector));
  const all = [...new Set([...reached, ...onPods])].flatMap((gateway) =>
    gateway.spec.servers.map((server): ServerOf => ({ gateway, server })),
  );
  const isMeant = ({ gateway, server }: ServerOf) =>
    server.port === port && reached.includes(gateway) && servesHost(gateway, outside, from, [server]);
  const meant = all.filter(isMeant);
  if (meant.length === 0) return [];
  const ports = [port, portBehind.get(port)];
  return [...meant, ...all.filter((one) => !isMeant(one) && ports.includes(one.server.port))];
}

export type SentTls =
  /** The client's bytes are forwarded unchanged: automatic mTLS does not apply to gateway pods (§G.3). */
  | { readonly mode: 'none'; readonly rule: Rule | undefined }
  | { readonly mode: 'ISTIO_MUTUAL'; readonly rule: Rule; readonly tls: RuleTls }
  | { readonly mode: 'SIMPLE' | 'MUTUAL'; readonly rule: Rule; readonly tls: RuleTls }
  | { readonly mode: 'unknown' };

/** What a sidecar of that namespace does to the connection on this hop. */
export function sentOnHop(mesh: Mesh, { host, port, subset }: GatewayHop, clientNamespace: string): SentTls {
  if (rulesAnywhere(mesh, host).some(({ spec }) => spec.workloadSelector)) return unknown;
  const owner = mesh.hostOwners(host)[0]?.resource;
  const found = rulesAtProxy(mesh, { namespace: clientNamespace, labels: new Map() }, { host, port, subset, owner });
  const [first, ...others] = found?.map(sentBy) ?? [];
  return first && others.every((other) => other.mode === first.mode) ? first : unknown;
}

/** Whether some rule of any namespace makes sidecars use TLS on this hop, selected or not. */
export function isEncryptedByAnyRule(mesh: Mesh, { host, port, subset }: GatewayHop): boolean {
  return rulesAnywhere(mesh, host).some((rule) => {
    const names = subset === undefined ? [] : [subset];
    return [tlsOfRule(rule, port), ...names.map((name) => tlsOfSubset(rule, name, port))].some(
      (own) => own !== undefined && sends(own) !== 'none',
    );
  });
}

const unknown: SentTls = { mode: 'unknown' };

/** A subset that no rule has leads nowhere, which is another fault. */
export function sentBy(applied: AppliedRule): SentTls {
  if (applied.state === 'none') return { mode: 'none', rule: undefined };
  if (applied.state !== 'rule') return unknown;
  const { rule, tls } = applied;
  const mode = sends(tls);
  if (mode === 'none') return { mode, rule };
  if (mode === 'ISTIO_MUTUAL') return { mode, rule, tls };
  return mode === 'unknown' ? unknown : { mode, rule, tls };
}

function sends({ mode, cause }: RuleTls): SentTls['mode'] {
  if (cause === 'istio-mutual') return 'ISTIO_MUTUAL';
  return mode ?? (cause ? 'none' : 'unknown');
}

/**
 * The server name that a sidecar sends with the mesh's mTLS: the rule's, or the name of the cluster.
 * istio@86c9f01 pilot/pkg/networking/core/cluster_tls.go buildUpstreamClusterTLSContext; §G.1.
 */
export function sniOnHop({ host, port, subset }: HopPlace, { tls }: RuleTls): string {
  return tls?.sni?.value || `outbound_.${port}_.${subset ?? ''}_.${host}`;
}

/** Whether a server ends TLS for that name. §F.11. */
export function endsTlsFor({ server }: ServerOf, sni: string): boolean {
  return server.hosts.some(({ value }) => hostsOverlap(value.slice(value.indexOf('/') + 1), sni));
}
