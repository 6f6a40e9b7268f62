// Egress gateways of the Gateway API, whose hosts a migration does not move, because nothing gets out through them.
import { isManaged } from '../../../mesh/clients/managed-gateway.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import type { Resource } from '../../../model/resource.ts';
import { routesToEgressGateway } from '../../../rules/shared/routes-to-egress-gateway.ts';
import type { Lead } from './requests-of-lead.ts';

export function gatewaysLeft(mesh: Mesh, moved: readonly Lead[]): readonly Resource<'Gateway'>[] {
  const leads = new Set<Resource>(moved);
  return mesh.all('Gateway').filter((gateway) => {
    if (!isManaged(mesh, gateway)) return false;
    const routes = routesToEgressGateway(mesh, gateway);
    return routes.length > 0 && !routes.some((route) => leads.has(route));
  });
}
