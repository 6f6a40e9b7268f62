// Traffic to a host that the client's sidecar does not know: what the mesh does with it, and why the host is unknown.
// istio@86c9f01 pilot/pkg/networking/core/httproute.go buildCatchAllVirtualHost; listener_builder.go
// buildOutboundCatchAllNetworkFiltersOnly.
import { joinedWith } from '../../base/and-more.ts';
import { patternsFor } from '../../names/hosts.ts';
import { scopeOf } from '../../mesh/hosts/visibility.ts';
import { importsHost } from '../../mesh/clients/sidecar-scope.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { portOfAddress, valueOf, type LogEntry } from './entry.ts';
import { requestedOf, requestedText, type Requested } from './requested.ts';
import { parseCluster } from './upstream-cluster.ts';

export interface UnknownHost {
  readonly fate: 'blocked' | 'passed';
  /** One sentence without a subject's name before it: the cause. */
  readonly cause: string;
}

/** The ports of a sidecar's own listeners: traffic to them never has a service. */
const ownPorts = new Set([15001, 15006]);

export function unknownHostOf(entry: LogEntry, mesh?: Mesh): UnknownHost | undefined {
  if (entry.format === 'ztunnel') return undefined;
  const told = fateOf(entry);
  if (!told) return undefined;
  const { fate, by } = told;
  if (ownPorts.has(portOfAddress(valueOf(entry, 'downstream_local_address')) ?? 0))
    return { fate, cause: `the connection was made to a port of the sidecar itself (${by})` };
  const place = requestedText(entry);
  const what =
    fate === 'blocked'
      ? `no ServiceEntry or Service that the client's sidecar knows has ${place}, and REGISTRY_ONLY blocks unknown hosts (${by})`
      : `no ServiceEntry or Service that the client's sidecar knows has ${place}, and ALLOW_ANY passes unknown hosts on (${by}), so no route, policy or TLS setting for the host applies`;
  const why = mesh ? reasonsIn(mesh, entry) : [];
  return { fate, cause: [`${what}${why.length > 0 ? '.' : ''}`, ...why].join(' ').replace(/\.$/, '') };
}

function fateOf(entry: LogEntry): { readonly fate: UnknownHost['fate']; readonly by: string } | undefined {
  const route = valueOf(entry, 'route_name');
  if (route === 'block_all') return { fate: 'blocked', by: 'route block_all' };
  const cluster = valueOf(entry, 'upstream_cluster') ?? '';
  const { direction } = parseCluster(cluster);
  if (direction === 'blackhole') return { fate: 'blocked', by: cluster };
  if (direction === 'passthrough') return { fate: 'passed', by: cluster };
  return route === 'allow_any' || route === 'allow_any_dynamic_dns'
    ? { fate: 'passed', by: `route ${route}` }
    : undefined;
}

type Owner = Resource<'ServiceEntry'> | Resource<'Service'>;
/** More are not read in one line. */
const mostOwners = 3;

/** Why the files' resources for the host do not count for the client; a sentence each. */
function reasonsIn(mesh: Mesh, entry: LogEntry): readonly string[] {
  const requested = requestedOf(entry);
  const owners = ownersOf(mesh, requested);
  if (owners.length === 0) return [`The files have no ServiceEntry for ${requested.host ?? requestedText(entry)}.`];
  return owners.slice(0, mostOwners).map((owner) => `${describe(owner)} ${reasonFor(mesh, owner, requested, entry)}.`);
}

function ownersOf(mesh: Mesh, { host, address }: Requested): readonly Owner[] {
  if (host !== undefined)
    for (const pattern of patternsFor(host)) {
      const owners = mesh.hostOwners(pattern).map(({ resource }) => resource);
      if (owners.length > 0) return [...new Set(owners)];
    }
  return address === undefined
    ? []
    : mesh.all('ServiceEntry').filter(({ spec }) => spec.addresses.some(({ value }) => value === address));
}

function reasonFor(mesh: Mesh, owner: Owner, { host, port }: Requested, entry: LogEntry): string {
  const ports = owner.spec.ports.flatMap(({ number }) => (number ? [number.value] : []));
  if (port !== undefined && !ports.includes(port))
    return `has the host, but not port ${port} (it lists ${ports.join(', ') || 'no port'})`;
  const client = entry.source.namespace;
  const scope = scopeOf(mesh, owner);
  if (scope === 'nowhere') return 'has the host and the port, but is exported to no namespace (exportTo)';
  if (scope !== 'everywhere' && (client === undefined || !scope.has(client)))
    return `has the host and the port, but is visible only in ${[...scope].join(', ')} (exportTo)${client === undefined ? ', and the line does not name the namespace of the client' : `, not in ${client}`}`;
  const leaving = sidecarsWithout(mesh, owner, host, client);
  if (leaving.length > 0)
    return `has the host and the port, but ${joinedWith('and', leaving, describe)} ${leaving.length === 1 ? 'does' : 'do'} not import it (egress.hosts)`;
  return 'has the host and the port: the sidecar did not know it when it wrote the line (it is newer, refused by the API server, or in another cluster)';
}

function sidecarsWithout(
  mesh: Mesh,
  owner: Owner,
  host: string | undefined,
  client: string | undefined,
): readonly Resource<'Sidecar'>[] {
  if (host === undefined) return [];
  return mesh
    .all('Sidecar')
    .filter(
      ({ namespace }) => client === undefined || namespace === client || namespace === mesh.settings.rootNamespace,
    )
    .filter((sidecar) => !importsHost(mesh, sidecar, client ?? sidecar.namespace, owner, host));
}
