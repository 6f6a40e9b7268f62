// The connection that a sidecar or a gateway has for a destination of a route. A waypoint's: `route-destination.ts`.
// server/docs/istio-semantics-classic.md §D.20 to §D.24, §B.15, §B.24.
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { looksInCluster, normalizeHost } from '../../names/hosts.ts';
import { managedGatewayBehind, portsOfGateway } from '../clients/managed-gateway.ts';
import {
  clusterOwners,
  mostOrders,
  ownersAtProxy,
  portNumbers,
  type Owner,
  type OwnersAtProxy,
} from '../hosts/owners-at-proxy.ts';
import { isSeenFrom } from '../hosts/visibility.ts';
import type { Mesh } from '../mesh.ts';
import { portInCluster, portOf } from './chain-of-port.ts';
import type { RouteTarget } from './route-entry.ts';

type Entry = Resource<'ServiceEntry'>;

export interface RoutingProxy {
  readonly kind: 'sidecar' | 'gateway';
  readonly namespace: string;
}

export type ProxyDestination =
  | {
      readonly state: 'outside';
      readonly entry: Entry;
      /** Whose names of certificates count, where several entries have the host. */
      readonly naming: Entry;
      readonly host: string;
      readonly port: ServiceEntryPort;
      readonly subset: string | undefined;
      readonly cluster: string;
    }
  | {
      readonly state: 'in-cluster';
      /** Undefined if no file has the Service. */
      readonly service: Resource<'Service'> | undefined;
      readonly host: string;
      readonly port: number;
      readonly subset: string | undefined;
      readonly cluster: string;
    }
  /** The proxy has no such cluster. */
  | {
      readonly state: 'missing';
      readonly because: 'unknown-host' | 'not-exported' | 'unlisted-port';
      readonly owners: readonly (Owner | Resource<'Gateway'>)[];
      readonly cluster: string;
      readonly port: number;
      /** The namespace of a Service of that name, where `discoverySelectors` keep it from istiod. */
      readonly undiscovered?: string | undefined;
    }
  | { readonly state: 'unknown' };

/**
 * One, or several of which the age of services decides. `port` of the listener is that of the sidecar's listener or of the gateway's server.
 * istio@86c9f01 pilot/pkg/networking/core/route/route.go GetDestinationCluster.
 */
export function destinationsAt(
  mesh: Mesh,
  proxy: RoutingProxy,
  target: RouteTarget,
  listener: Listener,
): readonly [ProxyDestination, ...ProxyDestination[]] {
  if (target.host === undefined) return [{ state: 'unknown' }];
  const host = normalizeHost(target.host);
  const all = mesh.derivedOf(`all owners of ${host}`, host, allOwners);
  // Every route and every order of age asks again.
  const ways = mesh.derived(`owners at ${proxy.kind} in ${proxy.namespace} of ${host}`, (view) => {
    const owners = allOwners(view, host);
    const seen = owners.filter((one) => isSeenFrom(view, one, proxy.namespace));
    const groups = seen.length > 0 ? [seen] : broughtIn(proxy, owners).map((one) => [one]);
    return groups.flatMap((group) => {
      const known = new Set(group);
      return ownersAtProxy(view, proxy, { seen: group, hidden: owners.filter((one) => !known.has(one)) });
    });
  });
  if (ways.length > mostOrders) return [{ state: 'unknown' }];
  const [first, ...more] = ways.flatMap((owners) => withOwners({ proxy, target, listener, host, all }, owners));
  return first ? [first, ...more] : [withoutOwners(mesh, { proxy, target, listener, host, all })];
}

function allOwners(mesh: Mesh, host: string): readonly Owner[] {
  return mesh.hostOwners(host).map(({ resource }) => resource);
}

/**
 * A route brings the oldest service of the sidecar's own namespace in, wherever that is exported to. istio@86c9f01 pilot/pkg/model/sidecar.go
 * collectImportedServices.
 */
function broughtIn({ kind, namespace }: RoutingProxy, owners: readonly Owner[]): readonly Owner[] {
  return kind === 'sidecar' ? owners.filter((one) => one.namespace === namespace) : [];
}

interface Listener {
  readonly port: number;
  readonly chain: 'http' | 'tcp';
}

interface Asked {
  readonly proxy: RoutingProxy;
  readonly target: RouteTarget;
  readonly listener: Listener;
  readonly host: string;
  /** With the host, wherever they are exported to. */
  readonly all: readonly Owner[];
}

function withOwners(asked: Asked, owners: OwnersAtProxy): readonly ProxyDestination[] {
  const { proxy, target, listener, all, host } = asked;
  const port = target.port ?? defaultPort(proxy, owners.merged, listener);
  const found = clusterOwners(owners, port);
  const cluster = clusterName(host, port, target);
  return found.length > 0
    ? found.map((owner) => withOwner(asked, owners, owner, port))
    : [{ state: 'missing', because: 'unlisted-port', owners: all, cluster, port }];
}

function withOwner(
  { proxy, target, host, all }: Asked,
  { merged: [oldest], naming }: OwnersAtProxy,
  owner: Owner,
  port: number,
): ProxyDestination {
  const cluster = clusterName(host, port, target);
  const named = { host, subset: target.subset, cluster };
  if (owner.kind === 'Service') return { state: 'in-cluster', service: owner, port, ...named };
  const isPassed = proxy.kind === 'sidecar' && oldest.kind === 'ServiceEntry';
  const listed = isPassed ? portInCluster(owner, oldest, port) : portOf(owner, port);
  if (!listed) return { state: 'missing', because: 'unlisted-port', owners: all, cluster, port };
  return {
    state: 'outside',
    entry: owner,
    naming: naming.kind === 'ServiceEntry' ? naming : owner,
    port: listed,
    ...named,
  };
}

/** §D.21. */
function withoutOwners(mesh: Mesh, { proxy, target, listener, host, all }: Asked): ProxyDestination {
  const port = target.port ?? defaultPort(proxy, [], listener);
  const cluster = clusterName(host, port, target);
  const missing = { state: 'missing' as const, owners: all, cluster, port };
  if (all.length > 0) return { ...missing, because: 'not-exported' };
  const inCluster = looksInCluster(host, mesh.settings.clusterDomain);
  const managed = inCluster ? managedGatewayBehind(mesh, host) : undefined;
  if (managed)
    return portsOfGateway(managed).includes(port)
      ? { state: 'in-cluster', service: undefined, port, host, subset: target.subset, cluster }
      : { ...missing, because: 'unlisted-port', owners: [managed] };
  const isKnown = inCluster ? mesh.knows('Service', host.split('.')[1]) : mesh.knows('ServiceEntry');
  const home = host.split('.')[1] ?? '';
  const isHidden = looksInCluster(host, mesh.settings.clusterDomain) && mesh.discovers(home) === false;
  if (isHidden) return { ...missing, because: 'unknown-host', undiscovered: home };
  if (isKnown) return { ...missing, because: 'unknown-host' };
  return inCluster
    ? { state: 'in-cluster', service: undefined, port, host, subset: target.subset, cluster }
    : { state: 'unknown' };
}

function clusterName(host: string, port: number, { subset }: RouteTarget): string {
  return `outbound|${port}|${subset ?? ''}|${host}`;
}

/** §D.20. */
function defaultPort({ kind }: RoutingProxy, owners: readonly Owner[], { port, chain }: Listener): number {
  if (kind === 'sidecar' && chain === 'http') return port;
  const listed = new Set(owners.flatMap(portNumbers));
  return listed.size === 1 ? [...listed][0]! : port;
}
