// The connection that a sidecar or a gateway has for a destination of a route. A waypoint's: `route-destination.ts`.
// server/docs/istio-semantics-classic.md §D.20 to §D.24, §B.15, §B.24.
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { looksInCluster, normalizeHost } from '../../names/hosts.ts';
import { isExportedTo, scopeOf } from '../hosts/visibility.ts';
import type { Mesh } from '../mesh.ts';
import { portOf } from './chain-of-port.ts';
import type { RouteTarget } from './route-entry.ts';

type Entry = Resource<'ServiceEntry'>;
type Owner = Entry | Resource<'Service'>;

export interface RoutingProxy {
  readonly kind: 'sidecar' | 'gateway';
  readonly namespace: string;
}

export type ProxyDestination =
  | {
      readonly state: 'outside';
      readonly entry: Entry;
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
      readonly owners: readonly Owner[];
      readonly cluster: string;
      readonly port: number;
    }
  | { readonly state: 'unknown' };

/** `listenerPort` is that of the sidecar's listener or of the gateway's server. istio@86c9f01 pilot/pkg/networking/core/route/route.go GetDestinationCluster. */
export function destinationAt(
  mesh: Mesh,
  proxy: RoutingProxy,
  target: RouteTarget,
  listener: { readonly port: number; readonly chain: 'http' | 'tcp' },
): ProxyDestination {
  if (target.host === undefined) return { state: 'unknown' };
  const host = normalizeHost(target.host);
  const all = mesh.hostOwners(host).map(({ resource }) => resource);
  const seen = ownersSeen(mesh, proxy, all);
  const port = target.port ?? defaultPort(proxy, seen, listener);
  const cluster = `outbound|${port}|${target.subset ?? ''}|${host}`;
  const missing = (because: Extract<ProxyDestination, { state: 'missing' }>['because']): ProxyDestination => ({
    state: 'missing',
    because,
    owners: all,
    cluster,
    port,
  });
  const named = { host, subset: target.subset, cluster };
  if (seen.length === 0) {
    if (all.length > 0) return missing('not-exported');
    const inCluster = looksInCluster(host, mesh.settings.clusterDomain);
    const isKnown = inCluster ? mesh.knows('Service', host.split('.')[1]) : mesh.knows('ServiceEntry');
    if (isKnown) return missing('unknown-host');
    return inCluster ? { state: 'in-cluster', service: undefined, port, ...named } : { state: 'unknown' };
  }
  const listing = seen.filter((one) => listsPort(one, port));
  const [owner, ...more] = listing;
  if (!owner) return missing('unlisted-port');
  if (more.length > 0 || (seen.length > 1 && !areMerged(seen))) return { state: 'unknown' };
  if (owner.kind === 'Service') return { state: 'in-cluster', service: owner, port, ...named };
  return { state: 'outside', entry: owner, port: portOf(owner, port)!, ...named };
}

/** A sidecar prefers its own namespace's, both a Service before entries; which of the others counts, age decides. §B.16, §B.24. */
function ownersSeen(mesh: Mesh, { kind, namespace }: RoutingProxy, all: readonly Owner[]): readonly Owner[] {
  const seen = all.filter((one) => {
    if (one.kind === 'ServiceEntry') return isExportedTo(mesh, one, namespace);
    const scope = scopeOf(mesh, one);
    return scope === 'everywhere' || (scope !== 'nowhere' && scope.has(namespace));
  });
  const own = kind === 'sidecar' ? seen.filter((one) => one.namespace === namespace) : [];
  const services = seen.filter((one) => one.kind === 'Service');
  const byName = seen.filter((one) => kind === 'gateway' && scopeOf(mesh, one) !== 'everywhere');
  return [own, services, byName, seen].find((group) => group.length > 0) ?? [];
}

function defaultPort(
  { kind }: RoutingProxy,
  seen: readonly Owner[],
  { port, chain }: { readonly port: number; readonly chain: 'http' | 'tcp' },
): number {
  if (kind === 'sidecar' && chain === 'http') return port;
  const listed = new Set(seen.flatMap(portsOf));
  return listed.size === 1 ? [...listed][0]! : port;
}

function listsPort(owner: Owner, port: number): boolean {
  return owner.kind === 'ServiceEntry' ? portOf(owner, port) !== undefined : portsOf(owner).includes(port);
}

function portsOf(owner: Owner): readonly number[] {
  return owner.kind === 'ServiceEntry'
    ? owner.spec.ports.flatMap(({ number }) => (number ? [number.value] : []))
    : owner.spec.ports.map(({ number }) => number.value);
}

/** Entries of one namespace whose ports are put together. istio@86c9f01 pilot/pkg/model/sidecar.go canMergeServices; §B.22. */
function areMerged(owners: readonly Owner[]): boolean {
  const [first, ...others] = owners.map((one) =>
    one.kind === 'Service'
      ? undefined
      : JSON.stringify([
          one.namespace,
          one.spec.resolution?.value ?? 'NONE',
          [...one.labels].map(([key, { value }]) => `${key}=${value}`).sort(),
          one.spec.exportTo?.map(({ value }) => value).sort() ?? [],
          [...(one.spec.workloadSelector ?? [])].map(([key, value]) => `${key}=${value}`).sort(),
        ]),
  );
  return first !== undefined && others.every((other) => other === first);
}
