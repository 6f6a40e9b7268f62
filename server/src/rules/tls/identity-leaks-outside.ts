import { since } from '../../mesh/settings.ts';
import { bindWaypoint, isWaypointClass } from '../../mesh/binding/waypoint-binding.ts';
import { describe } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';
import { isExternal } from '../../mesh/hosts/target-ports.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';
import { enrolledEntries } from '../shared/waypoint-objects.ts';
import { bindingInputs } from '../shared/inputs.ts';

const annotation = 'ambient.istio.io/xfcc-include-client-identity';

export const identityLeaksOutside = defineRule({
  id: 'identity-leaks-outside',
  stage: 'tls',
  summary: "A waypoint sends the client's identity to hosts outside the mesh.",
  severity: 'warning',
  since: '0.1.0',
  subjects: ['Gateway'],
  isOfIstioWaypoints: true,
  inputs: bindingInputs,

  *check(gateway, mesh) {
    const field = gateway.annotations.get(annotation);
    // istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go xfccIncludeClientIdentityEnabled
    if (
      field?.value.toLowerCase() !== 'true' ||
      !since(mesh.settings, '1.30') ||
      isWaypointClass(gateway, mesh.settings) !== true
    )
      return;
    const outside = enrolledEntries(mesh, gateway).filter(
      (entry) => isExternal(entry) && bindWaypoint(mesh, entry).state === 'bound',
    );
    if (outside.length === 0) return;
    yield {
      at: field.key,
      message: `Hosts outside the mesh learn which workload calls: ${describe(gateway)} sends the client's identity in a header to ${listOf(outside)}.`,
      related: relatedTo(outside, (name) => `${name} gets the identity.`),
      data: {},
    };
  },

  *fixes(_, gateway) {
    yield {
      title: 'Remove the annotation',
      safety: 'unsafe',
      changes: [{ op: 'remove', in: gateway, path: ['metadata', 'annotations', annotation] }],
    };
  },
});
