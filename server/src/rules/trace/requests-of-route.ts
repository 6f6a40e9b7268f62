// Requests that a route of the Gateway API means for an egress gateway of the Gateway API.
import type { TraceRequest } from '../../eval/trace/request.ts';
import { plainRequests } from '../../eval/trace/declared-requests.ts';
import { plainRequest } from '../../eval/trace/samples-of-routes.ts';
import { sampleRequest } from '../../eval/trace/sample-request.ts';
import { namespaceDataPlane } from '../../mesh/clients/data-plane.ts';
import { egressGatewayAt, type EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { labelsWithSidecar } from '../../mesh/clients/injection.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { entriesOfRoute } from '../../mesh/routes/gateway-route-entries.ts';
import { serviceHost } from '../../names/hosts.ts';
import { isOutside } from './traces-of-route.ts';
import { backendsOf, istioNetworking, parentsOf, type Route } from '../shared/route-targets.ts';

export interface MeantRequest {
  readonly request: TraceRequest;
  readonly gateway: EgressGateway;
}

const schemes: Readonly<Record<Route['kind'], TraceRequest['scheme']>> = {
  HTTPRoute: 'http',
  GRPCRoute: 'http',
  TLSRoute: 'https',
  TCPRoute: 'tcp',
};

/** Of the entries it is attached to, by a client of its namespace: one for each condition that can be met. */
export function requestsOfRoute(mesh: Mesh, route: Route): readonly MeantRequest[] {
  const gateway = gatewayBehind(mesh, route);
  const labels = labelsOfClient(mesh, route.namespace);
  if (!gateway || !labels) return [];
  const conditions = entriesOfRoute(mesh, route)?.map(({ condition }) => condition) ?? [];
  const samples = conditions.map((condition) => (condition ? sampleRequest(condition) : plainRequest));
  const found = samples.filter((one) => one !== undefined);
  return parentsOf(route, istioNetworking, 'ServiceEntry').flatMap(({ ref }) =>
    mesh
      .named('ServiceEntry', ref.namespace?.value ?? route.namespace, ref.name?.value ?? '')
      .flatMap((entry) => plainRequests(entry, [route.namespace]))
      .filter(({ scheme, port }) => scheme === schemes[route.kind] && (ref.port?.value ?? port) === port)
      .flatMap((plain) =>
        found.map((sample) => ({ gateway, request: { ...plain, ...sample, from: { ...plain.from, labels } } })),
      ),
  );
}

/** The one to which all of its rules lead. */
export function gatewayBehind(mesh: Mesh, route: Route): EgressGateway | undefined {
  const hosts = backendsOf(route).map(({ ref: { kind, name, namespace } }) => {
    const to = { name: name?.value ?? '', namespace: namespace?.value ?? route.namespace };
    return (kind?.value ?? 'Service') === 'Service' ? serviceHost(to, mesh.settings.clusterDomain) : undefined;
  });
  const [host] = hosts;
  if (host === undefined || hosts.some((one) => one !== host)) return undefined;
  const gateway = egressGatewayAt(mesh, host);
  return gateway?.managed ? gateway : undefined;
}

/** As if they had sidecars where no file shows it; undefined where they surely have none. */
function labelsOfClient(mesh: Mesh, namespace: string): ReadonlyMap<string, string> | undefined {
  const plane = namespaceDataPlane(mesh, namespace);
  if (plane.mode === 'sidecar') return new Map();
  const isAsIf = plane.mode === 'ambient' || (plane.mode === 'unknown' && plane.because === 'not-described');
  return isAsIf || isOutside(mesh, namespace) ? labelsWithSidecar : undefined;
}
