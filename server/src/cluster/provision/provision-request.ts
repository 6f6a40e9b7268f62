// The user's request to provision an egress gateway, and the istioctl command for it.
import type { Command } from '../tools/command.ts';
import { contextNameFault, namespaceNameFault, waypointNameFault } from '../tools/name-faults.ts';
import { istioctl, type Target } from '../tools/target.ts';

/** Values of `istio.io/waypoint-for`. Services and ServiceEntries go through `service` and `all` only. */
export type TrafficType = 'service' | 'workload' | 'all' | 'none';

export const trafficTypes: readonly TrafficType[] = ['service', 'workload', 'all', 'none'];

export interface ProvisionRequest extends Target {
  readonly name: string;
  /** Whether the namespace's own services and ServiceEntries shall go through this waypoint. */
  readonly enroll: boolean;
  /** Without it the label is left out and Istio's default holds (`service`). */
  readonly trafficFor?: TrafficType | undefined;
  /** Whether a waypoint that the namespace already uses may be replaced. */
  readonly overwrite?: boolean | undefined;
}

/** The first thing wrong with a request, in one sentence. Values may come from anywhere, so the types are not trusted. */
export function requestFault(request: ProvisionRequest): string | undefined {
  const traffic = request.trafficFor;
  if (traffic !== undefined && !trafficTypes.includes(traffic))
    return `"${String(traffic)}" is not a valid traffic type: use ${trafficTypes.join(', ')}.`;
  return contextNameFault(request.context) ?? namespaceNameFault(request.namespace) ?? waypointNameFault(request.name);
}

export function applyCommand(request: ProvisionRequest): Command {
  const flags = [
    request.enroll ? '--enroll-namespace' : '',
    request.enroll && request.overwrite ? '--overwrite' : '',
  ].filter(Boolean);
  return istioctl(request, 'waypoint', 'apply', ...waypointFlags(request), ...flags);
}

/** Prints the Gateway that {@link applyCommand} would apply. Does not contact a cluster. */
export function generateCommand(request: ProvisionRequest): Command {
  return istioctl(request, 'waypoint', 'generate', ...waypointFlags(request));
}

function waypointFlags(request: ProvisionRequest): readonly string[] {
  return [`--name=${request.name}`, ...(request.trafficFor === undefined ? [] : [`--for=${request.trafficFor}`])];
}
