// A destination that names a Service of the files in a way that Istio does not read as that Service.
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { fullHost, serviceHost } from '../../names/hosts.ts';
import { isInstalledGateway, nearestHost } from './known-hosts.ts';
import { namesakesOf } from './namesakes.ts';
import { waypointOfService } from './waypoint-objects.ts';

export interface MisnamedService {
  readonly how: 'without-domain' | 'other-namespace' | 'nearly';
  readonly service: Resource<'Service'>;
  /** Its host. */
  readonly full: string;
}

/** The last two only for Services of gateways: of others, the files of a folder say enough by themselves. */
export function misnamedService(mesh: Mesh, written: string, namespace: string): MisnamedService | undefined {
  return withoutDomain(mesh, written) ?? unlikeGateway(mesh, written, namespace);
}

/** `reviews.shop`: only names without a dot are completed. istio@86c9f01 pilot/pkg/model/config.go ResolveShortnameToFQDN. */
function withoutDomain(mesh: Mesh, written: string): MisnamedService | undefined {
  const [, name = '', namespace = ''] = /^([^.*]+)\.([^.]+)(?:\.svc)?$/.exec(written) ?? [];
  const [service] = mesh.named('Service', namespace, name);
  if (!service || mesh.hostOwners(written).length > 0 || !mesh.knows('ServiceEntry')) return undefined;
  return { how: 'without-domain', service, full: serviceHost(service, mesh.settings.clusterDomain) };
}

function unlikeGateway(mesh: Mesh, written: string, namespace: string): MisnamedService | undefined {
  const { clusterDomain } = mesh.settings;
  const host = fullHost(written, namespace, clusterDomain);
  if (!isInstalledGateway(mesh, written, namespace) || mesh.hostOwners(host).length > 0) return undefined;
  if (waypointOfService(mesh, host)) return undefined;
  const [name = '', home = ''] = host.split('.');
  const [elsewhere] = namesakesOf(mesh, 'Service', home, name);
  if (elsewhere) return { how: 'other-namespace', service: elsewhere, full: serviceHost(elsewhere, clusterDomain) };
  const near = nearestHost(mesh, host);
  const owner = near && mesh.hostOwners(near).find(({ resource }) => resource.kind === 'Service')?.resource;
  return owner && owner.kind === 'Service' && owner.namespace === home
    ? { how: 'nearly', service: owner, full: near }
    : undefined;
}
