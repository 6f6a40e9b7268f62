import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import { describe } from '../../model/resource.ts';
import { dataplaneMode } from '../../model/label-names.ts';
import { defineRule } from '../rule.ts';

export const waypointCaptured = defineRule({
  id: 'waypoint-captured',
  stage: 'waypoint',
  summary: 'Requests loop, because a waypoint is in ambient mode itself and its own traffic comes back to it.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['Gateway'],
  inputs: ['ServiceEntry', 'Service', 'Namespace'],

  *check(gateway, mesh) {
    const label = gateway.labels.get(dataplaneMode);
    if (label?.value !== 'ambient' || isWaypointClass(gateway, mesh.settings) === false) return;
    if (mesh.enrolled(gateway.namespace, gateway.name).length === 0) return;
    // Labels of the Gateway go to its pods. istio@86c9f01 pilot/pkg/config/kube/gateway/deploymentcontroller.go extractInfrastructureMetadata (INFER).
    yield {
      at: label.span,
      message: `Requests loop: ztunnel captures the pods of ${describe(gateway)} and sends their calls back to this waypoint.`,
      data: {},
    };
  },

  *fixes(_, gateway) {
    yield {
      title: 'Remove the label',
      safety: 'safe',
      changes: [{ op: 'remove', in: gateway, path: ['metadata', 'labels', dataplaneMode] }],
    };
  },
});
