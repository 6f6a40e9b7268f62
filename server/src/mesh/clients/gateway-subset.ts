// Which pods of an egress gateway belong to a subset of its Service.
import { selectsEndpoint } from '../label-selector.ts';
import type { Mesh } from '../mesh.ts';
import { workloadsSelected, type Workload } from './data-plane.ts';
import type { EgressGateway } from './egress-gateway.ts';

/** `none`: the files show the gateway's pods, and none of these has the labels: sidecars have a cluster without endpoints. */
export type GatewaySubset =
  | { readonly state: 'some' | 'unknown' }
  | { readonly state: 'none'; readonly pods: readonly Workload[] };

/** server/docs/istio-semantics-classic.md §C.46; istio@86c9f01 pilot/pkg/xds/endpoints/endpoint_builder.go BuildClusterLoadAssignment. */
export function gatewaySubset(
  mesh: Mesh,
  { service, hasAllLabels, managed, labels: known }: EgressGateway,
  wanted: ReadonlyMap<string, string>,
): GatewaySubset {
  if (wanted.size === 0) return { state: 'some' };
  // Of others no file shows which more labels the pods have.
  if (!service || !hasAllLabels || managed) return { state: selectsEndpoint(wanted, known) ? 'some' : 'unknown' };
  const selector = service.spec.selector ?? new Map<string, string>();
  const pods = workloadsSelected(mesh, service.namespace, selector);
  return pods.some(({ spec }) => selectsEndpoint(wanted, spec.labels)) ? { state: 'some' } : { state: 'none', pods };
}
