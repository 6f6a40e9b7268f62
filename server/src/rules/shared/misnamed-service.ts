// A destination that names a Service of the files in a way that Istio does not read as that Service.
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { fullHost, serviceHost } from '../../names/hosts.ts';
import { egressGatewayOf } from '../../mesh/clients/egress-gateway.ts';
import { gatewayElsewhere, type GatewayElsewhere } from '../../mesh/clients/gateway-elsewhere.ts';
import { isInstalledGateway, nearestHost } from './known-hosts.ts';
import { waypointOfService } from './waypoint-objects.ts';

export type MisnamedService =
  | { readonly how: 'without-domain' | 'nearly'; readonly service: Service; readonly full: string }
  /** A gateway's, which the files show in another namespace; `full` where it is certain which one is meant. */
  | { readonly how: 'other-namespace'; readonly elsewhere: GatewayElsewhere; readonly full: string | undefined };

type Service = Resource<'Service'>;

/** The last two only for Services of gateways: of others, the files of a folder say enough by themselves. */
export function misnamedService(mesh: Mesh, written: string, by: Resource): MisnamedService | undefined {
  return withoutDomain(mesh, written) ?? unlikeGateway(mesh, written, by);
}

/** `reviews.shop`: only names without a dot are completed. istio@86c9f01 pilot/pkg/model/config.go ResolveShortnameToFQDN. */
function withoutDomain(mesh: Mesh, written: string): MisnamedService | undefined {
  const [, name = '', namespace = ''] = /^([^.*]+)\.([^.]+)(?:\.svc)?$/.exec(written) ?? [];
  const [service] = mesh.named('Service', namespace, name);
  if (!service || mesh.hostOwners(written).length > 0 || !mesh.knows('ServiceEntry')) return undefined;
  return { how: 'without-domain', service, full: serviceHost(service, mesh.settings.clusterDomain) };
}

function unlikeGateway(mesh: Mesh, written: string, by: Resource): MisnamedService | undefined {
  const { clusterDomain } = mesh.settings;
  const host = fullHost(written, by.namespace, clusterDomain);
  const isGateway = isInstalledGateway(mesh, written, by.namespace) || egressGatewayOf(mesh, host, undefined);
  if (!isGateway || mesh.hostOwners(host).length > 0 || waypointOfService(mesh, host)) return undefined;
  const elsewhere = gatewayElsewhere(mesh, { host, isShort: !written.includes('.'), by });
  if (elsewhere) return { how: 'other-namespace', elsewhere, full: onlyOne(mesh, elsewhere) };
  const home = host.split('.')[1];
  const near = nearestHost(mesh, host);
  const owner = near && mesh.hostOwners(near).find(({ resource }) => resource.kind === 'Service')?.resource;
  return owner && owner.kind === 'Service' && owner.namespace === home
    ? { how: 'nearly', service: owner, full: near }
    : undefined;
}

function onlyOne(mesh: Mesh, { by, found }: GatewayElsewhere): string | undefined {
  const [first, ...others] = found;
  return by === 'service' && others.length === 0 ? serviceHost(first, mesh.settings.clusterDomain) : undefined;
}
