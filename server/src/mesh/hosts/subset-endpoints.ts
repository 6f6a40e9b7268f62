// Which endpoints of a ServiceEntry belong to a subset of its DestinationRule.
import type { Resource } from '../../model/resource.ts';
import { selectsEndpoint } from '../label-selector.ts';
import type { Mesh } from '../mesh.ts';

type Labels = ReadonlyMap<string, string>;

/**
 * Whether a sidecar or gateway has no endpoint with the labels: no cluster at all where names are looked up, and else one without
 * endpoints. A host without `endpoints` is looked up as an endpoint without labels. Nothing is said where the endpoints are workloads,
 * or those of several entries.
 * istio@86c9f01 pilot/pkg/networking/core/cluster_builder.go buildSubsetCluster, buildCluster; pilot/pkg/serviceregistry/serviceentry/conversion.go.
 */
export function noEndpointOfSubset(
  mesh: Mesh,
  { spec }: Resource<'ServiceEntry'>,
  labels: Labels,
): 'no-destination' | 'no-endpoint' | undefined {
  const resolution = spec.resolution?.value ?? 'NONE';
  const isListed = resolution === 'STATIC' || resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN';
  if (!isListed || labels.size === 0 || spec.workloadSelector) return undefined;
  if (spec.hosts.some(({ value }) => mesh.hostOwners(value).length > 1)) return undefined;
  if (spec.endpoints.some((endpoint) => selectsEndpoint(labels, endpoint.labels))) return undefined;
  return resolution === 'STATIC' ? 'no-endpoint' : 'no-destination';
}
