import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import { gatewayName } from '../../model/label-names.ts';
import { describe, type AnyResource } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';

const managed = 'gateway.istio.io/managed';

export const waypointNameTaken = defineRule({
  id: 'waypoint-name-taken',
  stage: 'waypoint',
  summary:
    'A Service or Deployment has the name of a waypoint in its namespace, so Istio does not create the waypoint.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['Gateway'],
  inputs: ['Service', 'Workload', 'GatewayClass'],

  *check(gateway, mesh) {
    if (isWaypointClass(gateway, mesh.settings) !== true || gateway.annotations.has(nameOverride)) return;
    const { namespace, name } = gateway;
    const takers = [...mesh.named('Service', namespace, name), ...mesh.named('Workload', namespace, name)].filter(
      (one) => !isOfWaypoint(one, name),
    );
    const [first] = takers;
    if (!first) return;
    yield {
      at: gateway.at.name,
      message: `Istio does not create waypoint ${name}: it makes a Deployment and a Service of this name, and ${describe(first)} is another object that has it; rename the Gateway.`,
      related: takers.map((one) => ({ resource: one, at: one.at.name, message: `${describe(one)} has the name.` })),
      data: {},
    };
  },
});

const nameOverride = 'gateway.istio.io/name-override';

/**
 * istiod changes only objects that carry its label. istio@86c9f01 pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go canManage.
 * Of workloads only a Deployment is in its way.
 */
function isOfWaypoint({ kind, written, labels }: AnyResource<'Service' | 'Workload'>, name: string): boolean {
  if (kind === 'Workload' && written.kind !== 'Deployment') return true;
  return labels.has(managed) || labels.get(gatewayName)?.value === name;
}
