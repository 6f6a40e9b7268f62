// Whether ztunnel takes a destination address for that of a workload. It looks there first: traffic to an endpoint's own address goes
// through no waypoint of a service, even if a service has the same address. server/docs/istio-semantics.md §1.24.
import type { Span } from '../../base/span.ts';
import { useWaypoint, useWaypointNamespace } from '../../model/label-names.ts';
import type { Resource } from '../../model/resource.ts';
import { networkOf } from '../../names/addresses.ts';
import { waypointLabelOfNamespace } from '../binding/waypoint-binding.ts';
import { trafficType } from '../binding/waypoint-gateway.ts';
import type { Mesh } from '../mesh.ts';
import { virtualAddress } from './virtual-address.ts';

type Entry = Resource<'ServiceEntry'>;

export interface WorkloadAtAddress {
  readonly address: string;
  /** The ServiceEntry whose endpoint it is, or the WorkloadEntry. */
  readonly resource: Entry | Resource<'WorkloadEntry'>;
  readonly span: Span;
  /** Whether it is certain: not with a `network`, which may be another one, or where a waypoint for workloads may take the connection. */
  readonly isCertain: boolean;
}

/**
 * Addresses that clients connect to for a host, where they are workloads' own: of the entry's addresses, or the one that the client calls.
 * ztunnel@62d8265 src/state.rs find_address, src/proxy/outbound.rs build_request; istio@86c9f01
 * pilot/pkg/serviceregistry/ambient/workloads.go serviceEntryWorkloadBuilder, workloadEntryWorkloadBuilder.
 */
export function workloadsAt(mesh: Mesh, addresses: readonly string[]): readonly WorkloadAtAddress[] {
  return addresses.flatMap((address) => workloadAt(mesh, address) ?? []);
}

/** What captured clients may connect to for the host; empty where Istio allocates the address, which is no workload's. */
export function addressesOfHost(mesh: Mesh, entry: Entry, host: string): readonly string[] {
  const address = virtualAddress(mesh, entry, host);
  return address.state === 'listed' ? address.addresses : [];
}

function workloadAt(mesh: Mesh, address: string): WorkloadAtAddress | undefined {
  const network = networkOf(address);
  if (network === undefined) return undefined;
  const found = mesh.endpointsAtAddress(network).flatMap((resource) => placesOf(resource, network));
  const certain = found.find((one) => one.network === undefined && !mayHaveWaypoint(mesh, one));
  const first = certain ?? found[0];
  return first && { address, resource: first.resource, span: first.span, isCertain: first === certain };
}

interface Place {
  readonly resource: WorkloadAtAddress['resource'];
  readonly span: Span;
  readonly network: unknown;
  readonly labels: ReadonlyMap<string, string>;
}

function placesOf(resource: WorkloadAtAddress['resource'], network: string): readonly Place[] {
  const all = resource.kind === 'ServiceEntry' ? resource.spec.endpoints : [resource.spec];
  return all.flatMap((one) =>
    one.address && networkOf(one.address.value) === network
      ? [{ resource, span: one.address.span, network: one.network, labels: one.labels }]
      : [],
  );
}

/** One for workloads, by the endpoint's own label or its namespace's. istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go fetchWaypointForWorkload. */
function mayHaveWaypoint(mesh: Mesh, { resource, labels }: Place): boolean {
  const own = labels.get(useWaypoint);
  const named =
    own === undefined
      ? waypointLabelOfNamespace(mesh, resource.namespace)
      : { name: own, namespace: labels.get(useWaypointNamespace) ?? resource.namespace };
  if (!named || named.name === 'none') return false;
  const gateways = mesh.named('Gateway', named.namespace, named.name);
  if (gateways.length === 0) return !mesh.knows('Gateway', named.namespace);
  return gateways.some((gateway) => ['workload', 'all', undefined].includes(trafficType(mesh, gateway)));
}
