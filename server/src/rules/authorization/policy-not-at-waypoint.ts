import { defineRule } from '../rule.ts';
import { relatedTo } from '../shared/resource-lists.ts';
import { applyTo, applyToWaypoint } from './apply-to.ts';
import { egressIntent, waypointsIn } from './egress-intent.ts';
import { bindingInputs } from '../shared/inputs.ts';

export const policyNotAtWaypoint = defineRule({
  id: 'policy-not-at-waypoint',
  stage: 'authorization',
  summary: 'A policy for egress has no `targetRefs`, so no waypoint applies it.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['KIA0109', 'KIA0110', 'IST0166'],
  subjects: ['AuthorizationPolicy'],
  inputs: [...bindingInputs, 'Pod', 'Workload'],

  *check(policy, mesh) {
    // Waypoints read targetRefs and nothing else. istio@86c9f01 pilot/pkg/model/policyattachment.go ShouldAttachPolicy.
    if (policy.spec.targetRefs.length > 0) return;
    const intent = egressIntent(policy, mesh);
    if (!intent) return;
    const { at, gateway, entries, sign } = intent;
    const missed = [...(gateway ? [gateway] : []), ...entries];
    yield {
      at,
      message: `No waypoint applies this policy: ${sign}, but it has no targetRefs.`,
      related: relatedTo(missed, (name) => `This policy does not protect ${name}.`),
      data: {
        gateway: gateway?.name,
        entries: entries.filter(({ namespace }) => namespace === policy.namespace).map(({ name }) => name),
      },
    };
  },

  *fixes({ gateway, entries }, policy, mesh) {
    const refs = entries.map((name) => ({ group: 'networking.istio.io', kind: 'ServiceEntry', name }));
    if (refs.length > 0) yield applyTo(policy, `Apply it to ServiceEntry ${entries.join(', ')}`, refs);
    const gateways = gateway === undefined ? waypointsIn(mesh, policy.namespace).map(({ name }) => name) : [gateway];
    for (const name of gateways) yield applyToWaypoint(policy, name);
  },
});
