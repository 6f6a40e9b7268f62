// Which nodes of the graph a resource is about, so that its findings are shown there.
import { clientId, gatewayId, hostId } from '../../diagram/graph.ts';
import type { AccessRow } from '../../eval/access/row.ts';
import { ruleHost } from '../../mesh/destination-rules/rule-host.ts';
import { hostsOfEntry } from '../../mesh/hosts/hosts-of-entry.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';

type NodesByResource = ReadonlyMap<Resource['id'], ReadonlySet<string>>;

/** `nodesOfRow`: what a policy or rule that decides the row is about. */
export function nodesOfResources(
  mesh: Mesh,
  rows: readonly AccessRow[],
  nodesOfRow: (row: AccessRow) => readonly string[],
): NodesByResource {
  const found = new Map<Resource['id'], Set<string>>();
  const add = ({ id }: Pick<Resource, 'id'>, ...nodes: readonly string[]): void => {
    const known = found.get(id) ?? new Set();
    for (const node of nodes) known.add(node);
    found.set(id, known);
  };
  for (const entry of mesh.all('ServiceEntry')) add(entry, ...[...hostsOfEntry(entry)].map(hostId));
  for (const rule of mesh.all('DestinationRule')) add(rule, hostId(ruleHost(rule, mesh.settings.clusterDomain)));
  for (const gateway of mesh.all('Gateway')) add(gateway, gatewayId('waypoint', gateway.namespace, gateway.name));
  for (const service of mesh.all('Service')) add(service, gatewayId('gateway', service.namespace, service.name));
  for (const pod of [...mesh.all('Workload'), ...mesh.all('Pod')])
    add(pod, clientId(pod.namespace, pod.spec.serviceAccount?.value ?? 'default'));
  for (const account of mesh.all('ServiceAccount')) add(account, clientId(account.namespace, account.name));
  for (const home of mesh.all('Namespace')) add(home, clientId(home.name, null));
  // What was added above is about its own node, whatever else it decides.
  const own = new Set(found.keys());
  for (const row of rows)
    for (const { resource } of row.because) if (!own.has(resource.id)) add(resource, ...nodesOfRow(row));
  return found;
}
