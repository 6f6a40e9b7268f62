// Hosts of VirtualServices that nothing has, and that are nearly a host of the Gateway that the VirtualService names.
import { addToGroup } from '../../base/group-by.ts';
import type { FieldPath } from '../../base/field-path.ts';
import { nearest } from '../../base/nearest.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { gatewaysNamedBy, servesHost } from '../../mesh/routes/gateway-servers.ts';
import { isExternal } from '../../mesh/hosts/target-ports.ts';
import type { Field } from '../../model/field.ts';
import type { Resource } from '../../model/resource.ts';
import { fullHost, patternsFor } from '../../names/hosts.ts';
import type { Fix } from '../rule.ts';
import { destinationsOf } from './route-targets.ts';

type Service = Resource<'VirtualService'>;
type Gateway = Resource<'IstioGateway'>;

export interface MisspeltHost {
  readonly host: Field<string>;
  /** Among the hosts of the VirtualService. */
  readonly index: number;
  readonly meant: string;
  readonly gateway: Gateway;
}

export type MisspeltData = Pick<MisspeltHost, 'index' | 'meant'>;

/** Where another VirtualService has the host that is nearly the same, this one may be for something else. */
export function misspeltHosts(mesh: Mesh, service: Service): readonly MisspeltHost[] {
  const gateways = gatewaysNamedBy(mesh, service);
  if (gateways.length === 0 || !mesh.knows('ServiceEntry')) return [];
  return service.spec.hosts.flatMap((host, index) => {
    if (host.value.startsWith('*') || hasOwner(mesh, service, host.value)) return [];
    if (gateways.some((gateway) => servesHost(gateway, host.value, service.namespace))) return [];
    const found = gateways.flatMap((gateway) => {
      const meant = nearest(host.value, hostsOf(gateway), { maxDistance: 2 });
      return meant !== undefined && isLeft(mesh, meant) ? [{ host, index, meant, gateway }] : [];
    });
    return found.slice(0, 1);
  });
}

/** Whether a VirtualService that names the Gateway, of its namespace or with a route to the host, has the host misspelt. */
export function isMisspeltIn(mesh: Mesh, gateway: Gateway, host: string): boolean {
  const services = [
    ...(servicesByGateway(mesh, gateway.namespace).get(gateway) ?? []),
    ...mesh.virtualServicesRoutingTo(host),
  ];
  return services.some((service) =>
    misspeltHosts(mesh, service).some((one) => one.gateway === gateway && one.meant === host),
  );
}

function servicesByGateway(mesh: Mesh, namespace: string): ReadonlyMap<Gateway, readonly Service[]> {
  return mesh.derived(`VirtualServices by Gateway in ${namespace}`, (view) => {
    const found = new Map<Gateway, [Service, ...Service[]]>();
    for (const service of view.inNamespace('VirtualService', namespace))
      for (const gateway of gatewaysNamedBy(view, service)) addToGroup(found, gateway, service);
    return found;
  });
}

function hasOwner(mesh: Mesh, { namespace }: Service, written: string): boolean {
  const host = fullHost(written, namespace, mesh.settings.clusterDomain);
  return patternsFor(host).some((pattern) => mesh.derivedOf(`is owned ${pattern}`, pattern, isOwned));
}

/** Each of many teams can have the host, and routes for it. */
function isOwned(mesh: Mesh, pattern: string): boolean {
  return mesh.hostOwners(pattern).length > 0;
}

/** An outside host that no VirtualService has. */
function isLeft(mesh: Mesh, host: string): boolean {
  return (
    mesh.virtualServices(host).length === 0 &&
    mesh.hostOwners(host).some(({ resource }) => resource.kind === 'ServiceEntry' && isExternal(resource))
  );
}

function hostsOf({ spec }: Gateway): readonly string[] {
  return spec.servers.flatMap(({ hosts }) => hosts.map(({ value }) => value.slice(value.indexOf('/') + 1)));
}

/** The host and the destinations that name it. None with TLS routes, whose server names would have to change too. */
export function* misspeltHostFixes(service: Service, { index, meant }: MisspeltData): Iterable<Fix> {
  if (service.spec.tls.length > 0) return;
  const written = service.spec.hosts[index]?.value;
  const same = [...destinationsOf(service)].filter(
    ({ destination, path }) => destination.host?.value === written && path.length > 0,
  );
  const paths: FieldPath[] = [['spec', 'hosts', index], ...same.map(({ path }) => [...path, 'host'])];
  yield {
    title: `Change the host to ${meant}`,
    safety: 'unsafe',
    changes: paths.map((path) => ({ op: 'set', in: service, path, value: meant }) as const),
  };
}
