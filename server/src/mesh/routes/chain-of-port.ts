// Which kind of filter chain a waypoint uses for a port.
import { protocolKind } from '../../names/protocols.ts';
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';

/**
 * HTTP protocols have an HTTP chain, everything else a TCP chain, and a port without a protocol both; none for UDP.
 * istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go buildWaypointInternal.
 */
export function chainsOf(port: ServiceEntryPort): readonly ('http' | 'tcp')[] {
  switch (protocolKind(port.protocol?.value)) {
    case 'udp':
      return [];
    case 'sniffed':
      return ['http', 'tcp'];
    case 'http':
      return ['http'];
    default:
      return ['tcp'];
  }
}

/** The port that clients dial by that number; the first of several. */
export function portOf(entry: Resource<'ServiceEntry'>, number: number): ServiceEntryPort | undefined {
  return entry.spec.ports.find((port) => port.number?.value === number && chainsOf(port).length > 0);
}

/**
 * The port in a sidecar's cluster. Where nothing is resolved, only the oldest of the entries that are put together says which port is dialled instead.
 * istio@86c9f01 pilot/pkg/networking/core/cluster_builder.go (PassthroughTargetPorts), pilot/pkg/model/sidecar.go appendSidecarServices.
 */
export function portInCluster(
  entry: Resource<'ServiceEntry'>,
  oldest: Resource<'ServiceEntry'>,
  number: number,
): ServiceEntryPort | undefined {
  const port = portOf(entry, number);
  if (!port || entry === oldest || (entry.spec.resolution?.value ?? 'NONE') !== 'NONE') return port;
  return { ...port, targetPort: portOf(oldest, number)?.targetPort };
}
