// Egress gateways of the Gateway API, whose hosts a migration does not move.
import { isManaged } from '../../../mesh/clients/managed-gateway.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import type { Resource } from '../../../model/resource.ts';
import { routesToEgressGateway } from '../../../rules/shared/routes-to-egress-gateway.ts';

export function gatewaysLeft(mesh: Mesh): readonly Resource<'Gateway'>[] {
  return mesh.all('Gateway').filter((one) => isManaged(mesh, one) && routesToEgressGateway(mesh, one).length > 0);
}
