// What stands behind a destination of a route at a waypoint: a connection of its own, one past its hosts, or nothing.
import type { Resource } from '../model/resource.ts';
import type { ServiceEntryPort } from '../model/specs.ts';
import { chainsOf, portOf } from './chain-of-port.ts';
import { destinationRuleFor } from './destination-rule-for.ts';
import { looksInCluster, normalizeHost } from './hosts.ts';
import type { Mesh } from './mesh.ts';
import type { RouteEntry, RouteTarget } from './route-entry.ts';
import type { RouteQuestion } from './routes-at-waypoint.ts';
import { serviceNamespaces } from './rule-lookup.ts';
import { servedPort } from './waypoint-service.ts';
import { bindWaypoint } from './waypoint-binding.ts';

type Owner = Resource<'ServiceEntry'> | Resource<'Service'>;

export type RouteEnd =
  /** A host that the same waypoint carries. */
  | { readonly state: 'own'; readonly entry: Resource<'ServiceEntry'>; readonly host: string; readonly port: ServiceEntryPort; readonly subset: string | undefined; readonly cluster: string }
  /** Any other that the waypoint knows: a connection as sidecars make them, past the waypoint of that host. */
  | { readonly state: 'elsewhere'; readonly owner: Owner; readonly host: string; readonly port: number; readonly cluster: string }
  /** No such connection was generated. */
  | { readonly state: 'missing'; readonly because: 'refused' | 'weightless' | 'unknown-host' | 'unlisted-port' | 'unknown-subset' | 'unreferenced'; readonly cluster: string; readonly port: number }
  | { readonly state: 'unknown' };

/** istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go getWaypointDestinationCluster, portToSubset. */
export function endOf(mesh: Mesh, question: RouteQuestion, entry: RouteEntry, target: RouteTarget): RouteEnd {
  if (target.host === undefined) return target.weight > 0
    ? { state: 'missing', because: 'refused', cluster: 'UnknownService', port: question.port }
    // istio@86c9f01 pilot/pkg/config/kube/gateway/conversion.go convertTCPRoute
    : { state: 'missing', because: 'weightless', cluster: 'inbound-vip|65535|http/zero-weight|internal.cluster.local', port: question.port };
  const host = normalizeHost(target.host);
  const visible = visibleOwners(mesh, question, host);
  const carried = carriedOwners(mesh, question, host);
  if (visible.length > 1 || carried.length > 1) return { state: 'unknown' };
  const [seen] = visible;
  const ports = seen ? new Set(portsOf(seen)) : new Set<number>();
  const port = target.port ?? (ports.size === 1 ? [...ports][0]! : question.port);
  const [own] = carried;
  if (own) return ownEnd(mesh, { own, seen, host, port, subset: target.subset });
  if (seen) return elsewhere(mesh, question, entry, { seen, host, port, subset: target.subset });
  const kind = looksInCluster(host, mesh.settings.clusterDomain) ? 'Service' : 'ServiceEntry';
  const cluster = `inbound-vip|${port}|http${target.subset ? `/${target.subset}` : ''}|${host}`;
  return mesh.hostOwners(host).length === 0 && !mesh.knows(kind) ? { state: 'unknown' } : { state: 'missing', because: 'unknown-host', cluster, port };
}

/** What the waypoint's namespace sees under that name. */
function visibleOwners(mesh: Mesh, { waypoint, entry, host: asked }: RouteQuestion, host: string): readonly Owner[] {
  const homes = serviceNamespaces(mesh, host, waypoint.namespace);
  const found = mesh.hostOwners(host).map(({ resource }) => resource).filter(({ namespace }) => homes.includes(namespace));
  return host === asked && found.includes(entry) ? [entry] : found;
}

function carriedOwners(mesh: Mesh, { waypoint, entry, host: asked }: RouteQuestion, host: string): readonly Owner[] {
  if (host === asked) return [entry];
  return mesh.hostOwners(host).map(({ resource }) => resource).filter((one) => isCarried(mesh, one, waypoint));
}

function isCarried(mesh: Mesh, owner: Owner, waypoint: Resource<'Gateway'>): boolean {
  const binding = bindWaypoint(mesh, owner);
  return binding.state === 'bound' && binding.gateway === waypoint;
}

interface Wanted {
  readonly host: string;
  readonly port: number;
  readonly subset: string | undefined;
}

function ownEnd(mesh: Mesh, { own, seen, host, port, subset }: Wanted & { readonly own: Owner; readonly seen: Owner | undefined }): RouteEnd {
  if (own.kind === 'Service') return { state: 'unknown' };
  const entry = own as Resource<'ServiceEntry'>;
  const asSeen = seen?.kind === 'ServiceEntry' ? portOf(seen as Resource<'ServiceEntry'>, port) : undefined;
  const kind = asSeen && !chainsOf(asSeen).includes('http') ? 'tcp' : 'http';
  const cluster = `inbound-vip|${port}|${subset ? `${kind}/${subset}` : kind}|${host}`;
  const listed = portOf(entry, port);
  if (!listed || !chainsOf(listed).includes(kind) || servedPort(entry, listed) !== 'served') return { state: 'missing', because: 'unlisted-port', cluster, port };
  if (!subset) return { state: 'own', entry, host, port: listed, subset, cluster };
  const choice = destinationRuleFor(mesh, entry, host);
  if (choice.state === 'unknown' || choice.state === 'undetermined') return { state: 'unknown' };
  const isDefined = choice.state === 'selected' && choice.rule.spec.subsets.some(({ name }) => name?.value === subset);
  return isDefined ? { state: 'own', entry, host, port: listed, subset, cluster } : { state: 'missing', because: 'unknown-subset', cluster, port };
}

/** Such connections are there for hosts that a route names, whose own host is one of the waypoint's to the letter. istio@86c9f01 pilot/pkg/networking/core/waypoint.go filterWaypointOutboundServices. */
function elsewhere(mesh: Mesh, { host: asked, waypoint }: RouteQuestion, { hosts }: RouteEntry, { seen, host, port, subset }: Wanted & { readonly seen: Owner }): RouteEnd {
  const cluster = `outbound|${port}|${subset ?? ''}|${host}`;
  const isReferenced = hosts.some((own) => own === asked || mesh.hostOwners(own).some(({ resource }) => isCarried(mesh, resource, waypoint)));
  if (!isReferenced) return { state: 'missing', because: 'unreferenced', cluster, port };
  if (!portsOf(seen).includes(port)) return { state: 'missing', because: 'unlisted-port', cluster, port };
  return subset ? { state: 'unknown' } : { state: 'elsewhere', owner: seen, host, port, cluster };
}

function portsOf(owner: Owner): readonly number[] {
  const ports: readonly { readonly number?: { readonly value: number } | undefined }[] = owner.spec.ports;
  return ports.flatMap(({ number }) => (number ? [number.value] : []));
}
