// The connection for a destination of a route at a waypoint: to one of its own hosts, to another host, or none.
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { firstOfEach } from '../../base/first-of-each.ts';
import { chainsOf, portOf } from './chain-of-port.ts';
import { chooseRule } from '../destination-rules/destination-rule-for.ts';
import { looksInCluster, normalizeHost } from '../../names/hosts.ts';
import type { Mesh } from '../mesh.ts';
import type { RouteEntry, RouteTarget } from './route-entry.ts';
import type { RouteQuestion } from './route-question.ts';
import { serviceNamespaces } from '../destination-rules/service-namespaces.ts';
import { isReferenced, ownersAt } from './waypoint-connections.ts';
import { servedPort } from '../binding/waypoint-service.ts';
import { bindWaypoint } from '../binding/waypoint-binding.ts';

type Owner = Resource<'ServiceEntry'> | Resource<'Service'>;

export type RouteEnd =
  /** A host that the same waypoint carries. */
  | {
      readonly state: 'own';
      readonly entry: Resource<'ServiceEntry'>;
      readonly host: string;
      readonly port: ServiceEntryPort;
      readonly subset: string | undefined;
      readonly cluster: string;
    }
  /** Any other that the waypoint knows: a connection as sidecars make them, bypassing the waypoint of that host. */
  | {
      readonly state: 'elsewhere';
      readonly owner: Owner;
      readonly host: string;
      readonly port: number;
      readonly cluster: string;
    }
  /** No such connection was generated. */
  | {
      readonly state: 'missing';
      readonly because: 'refused' | 'weightless' | 'unknown-host' | 'unlisted-port' | 'unknown-subset' | 'unreferenced';
      readonly cluster: string;
      readonly port: number;
    }
  | { readonly state: 'unknown' };

/** istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go getWaypointDestinationCluster, portToSubset. */
export function endOf(mesh: Mesh, question: RouteQuestion, entry: RouteEntry, target: RouteTarget): RouteEnd {
  if (target.host === undefined)
    return target.weight > 0
      ? { state: 'missing', because: 'refused', cluster: 'UnknownService', port: question.port }
      : // istio@86c9f01 pilot/pkg/config/kube/gateway/conversion.go convertTCPRoute
        {
          state: 'missing',
          because: 'weightless',
          cluster: 'inbound-vip|65535|http/zero-weight|internal.cluster.local',
          port: question.port,
        };
  const host = normalizeHost(target.host);
  const carried = carriedOwners(mesh, question, host);
  if (!carried || carried.length > 1) return { state: 'unknown' };
  const visible = differentOwners(mesh, question, host);
  // Where several have the host, the oldest says what the port is.
  const [first, ...others] = (visible.length > 0 ? visible : [undefined]).map((seen) =>
    endAt(mesh, question, entry, { target, host, seen, own: carried[0] }),
  );
  return others.every((other) => isSameEnd(first!, other)) ? first! : { state: 'unknown' };
}

interface Owners {
  readonly target: RouteTarget;
  readonly host: string;
  readonly seen: Owner | undefined;
  readonly own: Owner | undefined;
}

function endAt(mesh: Mesh, question: RouteQuestion, entry: RouteEntry, { target, host, seen, own }: Owners): RouteEnd {
  const ports = seen ? new Set(portsOf(seen)) : new Set<number>();
  const port = target.port ?? (ports.size === 1 ? [...ports][0]! : question.port);
  if (own) return ownEnd(mesh, { own, seen, host, port, subset: target.subset });
  if (seen) return elsewhere(mesh, question, entry, { seen, host, port, subset: target.subset });
  const isKnown = looksInCluster(host, mesh.settings.clusterDomain)
    ? mesh.knows('Service', host.split('.')[1])
    : mesh.knows('ServiceEntry');
  const cluster = `inbound-vip|${port}|http${target.subset ? `/${target.subset}` : ''}|${host}`;
  return mesh.hostOwners(host).length === 0 && !isKnown
    ? { state: 'unknown' }
    : { state: 'missing', because: 'unknown-host', cluster, port };
}

function isSameEnd(a: RouteEnd, b: RouteEnd): boolean {
  if (a.state === 'unknown' || b.state === 'unknown') return a.state === b.state;
  return (
    a.state === b.state &&
    a.cluster === b.cluster &&
    (a.state !== 'missing' || b.state !== 'missing' || a.because === b.because)
  );
}

/** What the waypoint's namespace sees under that name: the first of those that list the same ports. */
function differentOwners(mesh: Mesh, { waypoint }: RouteQuestion, host: string): readonly Owner[] {
  return mesh.derived(`owners with ports of ${host} for ${waypoint.namespace}`, (view) => {
    const homes = new Set(serviceNamespaces(view, host, waypoint.namespace));
    const seen = view
      .hostOwners(host)
      .map(({ resource }) => resource)
      .filter(({ namespace }) => homes.has(namespace));
    return firstOfEach(seen, portsKey);
  });
}

/** What a destination's port is told by. */
function portsKey(owner: Owner): string {
  const ports =
    owner.kind === 'ServiceEntry'
      ? owner.spec.ports.map(({ number, protocol }) => [number?.value, protocol?.value])
      : portsOf(owner);
  return JSON.stringify([owner.kind, ports]);
}

/** Undefined if age decides whether this waypoint carries one of them. */
function carriedOwners(
  mesh: Mesh,
  { waypoint, entry, host: requested }: RouteQuestion,
  host: string,
): readonly Owner[] | undefined {
  if (host === requested) return [entry];
  const { sure, open } = ownersAt(mesh, waypoint, host);
  return open.length > 0 ? undefined : sure;
}

interface Wanted {
  readonly host: string;
  readonly port: number;
  readonly subset: string | undefined;
}

function ownEnd(
  mesh: Mesh,
  { own, seen, host, port, subset }: Wanted & { readonly own: Owner; readonly seen: Owner | undefined },
): RouteEnd {
  if (own.kind === 'Service') return { state: 'unknown' };
  const entry = own;
  const asSeen = seen?.kind === 'ServiceEntry' ? portOf(seen, port) : undefined;
  const kind = asSeen && !chainsOf(asSeen).includes('http') ? 'tcp' : 'http';
  const cluster = `inbound-vip|${port}|${subset ? `${kind}/${subset}` : kind}|${host}`;
  const listed = portOf(entry, port);
  const served = listed && chainsOf(listed).includes(kind) ? servedPort(mesh.settings, entry, listed) : undefined;
  if (served === 'unknown') return { state: 'unknown' };
  if (!listed || served !== 'served') return { state: 'missing', because: 'unlisted-port', cluster, port };
  if (!subset) return { state: 'own', entry, host, port: listed, subset, cluster };
  const isDefined = definesSubset(mesh, entry, host, subset);
  if (isDefined === undefined) return { state: 'unknown' };
  return isDefined
    ? { state: 'own', entry, host, port: listed, subset, cluster }
    : { state: 'missing', because: 'unknown-subset', cluster, port };
}

/** Undefined if age decides, or what is not known. */
function definesSubset(mesh: Mesh, entry: Resource<'ServiceEntry'>, host: string, subset: string): boolean | undefined {
  const { lookup } = chooseRule(mesh, entry, host, bindWaypoint(mesh, entry));
  if (!lookup || lookup.state === 'unknown') return undefined;
  if (lookup.state !== 'found') return false;
  const has = lookup.found.map(({ subsets }) => subsets.has(subset));
  return has.every((one) => one === has[0]) ? has[0]! : undefined;
}

function elsewhere(
  mesh: Mesh,
  { waypoint }: RouteQuestion,
  entry: RouteEntry,
  { seen, host, port, subset }: Wanted & { readonly seen: Owner },
): RouteEnd {
  const cluster = `outbound|${port}|${subset ?? ''}|${host}`;
  const referenced = isReferenced(mesh, waypoint, entry, host);
  if (referenced === undefined) return { state: 'unknown' };
  if (!referenced) return { state: 'missing', because: 'unreferenced', cluster, port };
  if (!portsOf(seen).includes(port)) return { state: 'missing', because: 'unlisted-port', cluster, port };
  return subset ? { state: 'unknown' } : { state: 'elsewhere', owner: seen, host, port, cluster };
}

function portsOf(owner: Owner): readonly number[] {
  const ports: readonly { readonly number?: { readonly value: number } | undefined }[] = owner.spec.ports;
  return ports.flatMap(({ number }) => (number ? [number.value] : []));
}
