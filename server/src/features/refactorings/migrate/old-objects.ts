// The objects of a classic set that nothing needs after the migration: they are proposed for removal, never removed unasked.
import { isEditable } from '../../../engine/draft.ts';
import { gatewaysNamedBy } from '../../../mesh/routes/gateway-servers.ts';
import { ruleHost } from '../../../mesh/destination-rules/rule-host.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { type AnyResource, type Resource } from '../../../model/resource.ts';
import { fullHost, normalizeHost } from '../../../names/hosts.ts';
import type { ClassicSet } from './classic-set.ts';
import { objectsOfManaged } from './old-gateways.ts';

export function oldObjects(mesh: Mesh, sets: readonly ClassicSet[]): readonly AnyResource[] {
  const found = sets.flatMap((set): readonly AnyResource[] => [
    ...(set.lead.kind === 'VirtualService' ? objectsOfService(mesh, set, set.lead) : [set.lead]),
    ...rulesOfGateway(mesh, set),
  ]);
  return [...new Set([...found, ...objectsOfManaged(mesh, sets)])];
}

/** The VirtualService, Gateways for its hosts alone, and rules for the gateway with its subsets alone. */
function objectsOfService(
  mesh: Mesh,
  { gateway }: ClassicSet,
  service: Resource<'VirtualService'>,
): readonly AnyResource[] {
  const { clusterDomain } = mesh.settings;
  const hosts = new Set(service.spec.hosts.map(({ value }) => fullHost(value, service.namespace, clusterDomain)));
  const subsets = new Set(
    [...service.spec.http, ...service.spec.tls, ...service.spec.tcp].flatMap(({ destinations }) =>
      destinations.flatMap(({ subset }) => (subset ? [subset.value] : [])),
    ),
  );
  const rules = mesh
    .destinationRulesAnywhere(gateway.host)
    .filter((rule) => rule.namespace === service.namespace && isOnlyFor(rule, subsets));
  return [service, ...gatewaysNamedBy(mesh, service).filter((one) => servesOnly(one, hosts)), ...rules];
}

/** Rules that only the gateway has read: the waypoint has one of its own namespace. */
function rulesOfGateway(mesh: Mesh, { ways, gateway }: ClassicSet): readonly Resource<'DestinationRule'>[] {
  return ways.flatMap(({ tls, entry, host }) => {
    const rule = tls?.source.by === 'DestinationRule' ? tls.source.rule : undefined;
    const isOwn = rule?.namespace === gateway.namespace && rule.namespace !== entry.namespace;
    return rule && isOwn && ruleHost(rule, mesh.settings.clusterDomain) === host ? [rule] : [];
  });
}

function servesOnly({ spec }: Resource<'IstioGateway'>, hosts: ReadonlySet<string>): boolean {
  return spec.servers.every((server) =>
    server.hosts.every(({ value }) => hosts.has(normalizeHost(value.replace(/^.*\//, '')))),
  );
}

function isOnlyFor({ spec }: Resource<'DestinationRule'>, subsets: ReadonlySet<string>): boolean {
  return spec.subsets.length > 0 && spec.subsets.every(({ name }) => name !== undefined && subsets.has(nameOf(name)));
}

function nameOf(name: string | { readonly value: string }): string {
  return typeof name === 'string' ? name : name.value;
}

/** Of a List, an item cannot go by itself. */
export function isRemovable({ uri, listIndex }: AnyResource): boolean {
  return isEditable(uri) && listIndex === undefined;
}
