import { trafficType } from '../../mesh/waypoint-gateway.ts';
import { describe } from '../../model/resource.ts';
import { useWaypoint, useWaypointNamespace } from '../names.ts';
import { defineRule } from '../rule.ts';

export const useWaypointOnClient = defineRule({
  id: 'use-waypoint-on-client',
  stage: 'waypoint',
  summary: 'Pods that call are labelled with a waypoint, which does not send their calls through it.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['Pod', 'Workload'],
  inputs: ['Gateway', 'GatewayClass'],

  *check(workload, mesh) {
    const field = workload.spec.labels.get(useWaypoint) ?? (workload.kind === 'Pod' ? workload.labels.get(useWaypoint) : undefined);
    if (!field || field.value === '' || field.value.toLowerCase() === 'none') return;
    const namespace = workload.spec.labels.get(useWaypointNamespace)?.value ?? workload.namespace;
    const gateways = mesh.named('Gateway', namespace, field.value);
    // A waypoint for services takes nothing that is addressed to a pod, and none takes what a pod sends.
    // istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go fetchWaypointForWorkload; ztunnel@62d8265 src/proxy/outbound.rs build_request.
    if (gateways.length === 0 || !gateways.every((gateway) => trafficType(mesh, gateway) === 'service')) return;
    yield {
      at: field.span,
      message: `${describe(gateways[0]!)} is for services, so the label changes nothing for ${describe(workload)}: a ServiceEntry is what it belongs on.`,
      related: [{ resource: gateways[0]!, at: gateways[0]!.at.name, message: 'This is the waypoint.' }],
      data: {},
    };
  },
});
