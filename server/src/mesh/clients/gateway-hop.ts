// The hop from a client's sidecar to an egress gateway: which server takes it, and what the sidecar sends there.
// A VirtualService sends an outside host to a Service of the mesh, and names the Gateway that takes it from there.
// server/docs/istio-semantics-classic.md §F and §G.
import { compareText } from '../../base/compare.ts';
import { firstOfEach } from '../../base/first-of-each.ts';
import { keptFor, keptIn } from '../../base/kept-for.ts';
import type { Resource } from '../../model/resource.ts';
import type { RouteDestination, VirtualServiceRoute } from '../../model/specs.ts';
import { fullHost, looksInCluster, patternsFor } from '../../names/hosts.ts';
import { tlsOfRule, tlsOfSubset, type RuleTls } from '../destination-rules/client-tls.ts';
import { rulesAtProxy, type AppliedRule } from '../destination-rules/proxy-rules.ts';
import { rulesBySubset, someRuleMatching } from '../destination-rules/matching-rules.ts';
import type { Mesh } from '../mesh.ts';
import { gatewaysNamedBy, mayBeSamePods, serverKind, servesHost } from '../routes/gateway-servers.ts';
import { isForMesh } from '../routes/virtual-service-entries.ts';
import type { ServerOf } from './servers-of-pods.ts';

type Service = Resource<'VirtualService'>;
type Rule = Resource<'DestinationRule'>;

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
  /** The first that serves the host on the port. */
  readonly server: ServerOf;
  /** The first of those that ends the mesh's TLS. */
  readonly mutual: ServerOf | undefined;
  /** Of Gateways for the same pods: `serversOfPods` has all that may take the connection. */
  readonly selectors: readonly ReadonlyMap<string, string>[];
}

/** The hops to gateways that a VirtualService makes for outside hosts. */
export function gatewayHops(mesh: Mesh, route: Service): readonly GatewayHop[] {
  // Another Gateway of the same pods may have the server that is meant.
  if (!isForMesh(route.spec.gateways) || !mesh.knows('IstioGateway')) return [];
  return mesh.derived(`gateway hops ${route.id}`, (view) => hopsOf(view, route));
}

function hopsOf(mesh: Mesh, route: Service): readonly GatewayHop[] {
  const hosts = route.spec.hosts
    .map(({ value }) => fullHost(value, route.namespace, mesh.settings.clusterDomain))
    .filter((host) => isOutside(mesh, host));
  return hosts.flatMap((outside) =>
    (['http', 'tls', 'tcp'] as const).flatMap((seenAs) =>
      route.spec[seenAs]
        .filter((leg) => isForSidecarsOnly(route, leg))
        .flatMap((leg) =>
          leg.destinations.flatMap((destination) => {
            const to = placeOf(mesh, route, leg, destination);
            const servers = to && serversAt(mesh, outside, to, route.namespace);
            return to && servers ? [{ route, seenAs, destination, outside, ...to, ...servers }] : [];
          }),
        ),
    ),
  );
}

function isOutside(mesh: Mesh, host: string): boolean {
  return mesh.derived(`is outside ${host}`, (view) => {
    const owners = patternsFor(host).flatMap((pattern) => view.hostOwners(pattern));
    return owners.length > 0 && owners.every(({ resource }) => resource.kind === 'ServiceEntry');
  });
}

/** Gateways that VirtualServices name for the host. */
export function gatewaysFor(mesh: Mesh, host: string): readonly Resource<'IstioGateway'>[] {
  return mesh.derived(`gateways of routes for ${host}`, (view) => {
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

/** Of Gateways that routes of the outside host name, those whose pods may be the ones behind the Service. */
function serversAt(
  mesh: Mesh,
  outside: string,
  { host, port }: HopPlace,
  from: string,
): Pick<GatewayHop, 'server' | 'mutual' | 'selectors'> | undefined {
  const behind = gatewaysBehind(mesh, outside, host);
  const { all, mutual } = serversOnPort(behind, port);
  const serves = ({ gateway, server }: ServerOf) => servesHost(gateway, outside, from, [server]);
  const server = all.find(serves);
  if (!server) return undefined;
  return { server, mutual: mutual.find(serves), selectors: behind.selectors };
}

interface ServersOnPort {
  readonly all: readonly ServerOf[];
  /** Of these, those that end the mesh's TLS. */
  readonly mutual: readonly ServerOf[];
}

const onPorts = keptFor((_: GatewaysBehind) => new Map<number, ServersOnPort>());

/** Thousands of teams can each have a Gateway for one host, and ask for the servers. */
function serversOnPort(behind: GatewaysBehind, port: number): ServersOnPort {
  return keptIn(onPorts(behind), port, () => {
    const all = behind.gateways.flatMap((gateway) =>
      gateway.spec.servers.filter((server) => server.port === port).map((server) => ({ gateway, server })),
    );
    return { all, mutual: all.filter(({ server }) => serverKind(server) === 'istio-mutual') };
  });
}

interface GatewaysBehind {
  readonly gateways: readonly Resource<'IstioGateway'>[];
  /** Each once. */
  readonly selectors: readonly ReadonlyMap<string, string>[];
}

function gatewaysBehind(mesh: Mesh, outside: string, host: string): GatewaysBehind {
  return mesh.derived(`gateways of routes for ${outside} behind ${host}`, (view) => {
    const services = view.hostOwners(host).flatMap(({ resource }) => (resource.kind === 'Service' ? [resource] : []));
    const gateways = gatewaysFor(view, outside).filter(({ spec }) =>
      services.every((service) => mayBeSamePods(spec.selector, service.spec.selector ?? new Map()) !== 'no'),
    );
    const selectors = firstOfEach(
      gateways.map(({ spec }) => spec.selector),
      textOf,
    );
    return { gateways, selectors };
  });
}

function textOf(labels: ReadonlyMap<string, string>): string {
  return JSON.stringify([...labels].sort(([a], [b]) => compareText(a, b)));
}

export type SentTls =
  /** The client's bytes are forwarded unchanged: automatic mTLS does not apply to gateway pods (§G.3). */
  | { readonly mode: 'none'; readonly rule: Rule | undefined }
  | { readonly mode: 'ISTIO_MUTUAL'; readonly rule: Rule; readonly tls: RuleTls }
  | { readonly mode: 'SIMPLE' | 'MUTUAL'; readonly rule: Rule; readonly tls: RuleTls }
  | { readonly mode: 'unknown' };

/** What a sidecar of that namespace does to the connection on this hop. */
export function sentOnHop(mesh: Mesh, { host, port, subset }: GatewayHop, clientNamespace: string): SentTls {
  if (hasRuleForWorkloads(mesh, host)) return unknown;
  const owner = mesh.hostOwners(host)[0]?.resource;
  const found = rulesAtProxy(mesh, { namespace: clientNamespace, labels: new Map() }, { host, port, subset, owner });
  const [first, ...others] = found?.map(sentBy) ?? [];
  return first && others.every((other) => other.mode === first.mode) ? first : unknown;
}

/** Every team can have a rule of its own for the gateway's Service. */
function hasRuleForWorkloads(mesh: Mesh, host: string): boolean {
  return someRuleMatching(mesh, host, 'rule for workloads', ({ spec }) => spec.workloadSelector !== undefined);
}

/** Whether some rule of any namespace makes sidecars use TLS on this hop, selected or not. */
export function isEncryptedByAnyRule(mesh: Mesh, { host, port, subset }: HopPlace): boolean {
  const encrypts = (tls: RuleTls | undefined) => tls !== undefined && sends(tls) !== 'none';
  if (someRuleMatching(mesh, host, `encrypted by a rule ${port}`, (rule) => encrypts(tlsOfRule(rule, port))))
    return true;
  const defining = subset === undefined ? [] : (rulesBySubset(mesh, host).get(subset) ?? []);
  return defining.some((rule) => encrypts(tlsOfSubset(rule, subset!, port)));
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
