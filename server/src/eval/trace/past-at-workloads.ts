// Connections to an address that is a workload's own, which ztunnel does not send to the waypoint of the service.
import type { Mesh } from '../../mesh/mesh.ts';
import { addressesOfHost, workloadsAt, type WorkloadAtAddress } from '../../mesh/hosts/workload-at-address.ts';
import { isIpAddress } from '../../names/addresses.ts';
import { describe } from '../../model/resource.ts';
import { at, fork, go, step, type TraceState, type Turn } from './state.ts';
import type { Step } from './step.ts';

/** `toWaypoint`: what becomes of a connection that the waypoint takes. */
export function pastAtWorkloads(state: TraceState, mesh: Mesh, toWaypoint: () => Turn): Turn {
  const { request, service } = state;
  const { entry, host } = service!;
  const addresses = isIpAddress(request.host) ? [request.host] : addressesOfHost(mesh, entry, host);
  const workloads = workloadsAt(mesh, addresses);
  const [first] = workloads;
  if (!first) return toWaypoint();
  const past = go(state, pastIt(first));
  if (workloads.length === addresses.length && workloads.every(({ isCertain }) => isCertain)) return past;
  const which = first.isCertain
    ? `${request.host} has other addresses too, and which one the client connects to is not known`
    : `whether ztunnel takes ${first.address} for an endpoint's address depends on networks or on a waypoint for workloads`;
  return fork([], {
    by: 'unseen',
    summary: `Whether the waypoint takes the connection is unknown: ${which}.`,
    ways: [toWaypoint(), past],
  });
}

function pastIt({ address, resource, span }: WorkloadAtAddress): Step {
  const whose =
    resource.kind === 'ServiceEntry' ? `of an endpoint of ${describe(resource)}` : `of ${describe(resource)}`;
  return step(
    'waypoint',
    'no',
    `${address} is the address ${whose}: ztunnel takes the connection for one to that endpoint and connects directly, past the waypoint.`,
    at(resource, span),
  );
}
