// Requests that a route of the mesh means for an egress gateway.
import type { Mesh } from '../../../mesh/mesh.ts';
import type { AnyResource } from '../../../model/resource.ts';
import { routeKinds, type Route } from '../../../rules/shared/route-targets.ts';
import { requestsOfRoute, type MeantRequest } from '../../../rules/trace/requests-of-route.ts';
import { tracesOfRoute } from '../../../rules/trace/traces-of-route.ts';

const leadKinds = ['VirtualService', ...routeKinds] as const;

/** What sidecars read, and sends outside hosts to an egress gateway. */
export type Lead = AnyResource<(typeof leadKinds)[number]>;

export function isLead(resource: AnyResource): resource is Lead {
  return leadKinds.some((kind) => kind === resource.kind);
}

export function leadsIn(mesh: Mesh): readonly Lead[] {
  return [...mesh.all('VirtualService'), ...routeKinds.flatMap((kind): readonly Route[] => mesh.all(kind))];
}

export function requestsOfLead(mesh: Mesh, lead: Lead): readonly MeantRequest[] {
  return lead.kind === 'VirtualService' ? tracesOfRoute(mesh, lead) : requestsOfRoute(mesh, lead);
}
