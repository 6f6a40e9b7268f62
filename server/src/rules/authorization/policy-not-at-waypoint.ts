import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { notModelledClass } from '../../mesh/binding/not-modelled.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { TargetRef } from '../../model/specs.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { relatedTo } from '../shared/resource-lists.ts';
import { applyTo, applyToWaypoint } from './apply-to.ts';
import { egressIntent, waypointsIn } from './egress-intent.ts';
import { bindingInputs } from '../shared/inputs.ts';

export const policyNotAtWaypoint = defineRule({
  id: 'policy-not-at-waypoint',
  stage: 'authorization',
  summary: 'No waypoint applies a policy for egress: it has no `targetRefs`, or its waypoint runs agentgateway.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['KIA0109', 'KIA0110', 'IST0166'],
  subjects: ['AuthorizationPolicy'],
  inputs: [...bindingInputs, 'Pod', 'Workload'],

  *check(policy, mesh): Iterable<RuleFinding<Data>> {
    if (policy.spec.targetRefs.length > 0) {
      yield* atAgentgateway(policy, mesh);
      return;
    }
    // Waypoints read targetRefs and nothing else. istio@86c9f01 pilot/pkg/model/policyattachment.go ShouldAttachPolicy.
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

  *fixes({ gateway, entries, isSent }, policy, mesh) {
    if (isSent === false) return;
    const refs = entries.map((name) => ({ group: 'networking.istio.io', kind: 'ServiceEntry', name }));
    if (refs.length > 0) yield applyTo(policy, `Apply it to ServiceEntry ${entries.join(', ')}`, refs);
    const gateways = gateway === undefined ? waypointsIn(mesh, policy.namespace).map(({ name }) => name) : [gateway];
    for (const name of gateways) yield applyToWaypoint(policy, name);
  },
});

interface Data {
  /** Name of the waypoint that the policy seems to be for. */
  readonly gateway?: string | undefined;
  /** Names of ServiceEntries of its namespace. */
  readonly entries: readonly string[];
  /** `false`: istiod sends no policy to the waypoint. */
  readonly isSent?: false;
}

/** istio@86c9f01 pilot/pkg/config/kube/agentgateway/agentgateway_controller.go reads no AuthorizationPolicy. */
function* atAgentgateway(policy: Resource<'AuthorizationPolicy'>, mesh: Mesh): Iterable<RuleFinding<Data>> {
  for (const ref of policy.spec.targetRefs) {
    const gateway = gatewayOf(ref, policy.namespace, mesh);
    const found = gateway && notModelledClass(mesh, gateway);
    if (!gateway || found?.case !== 'agentgateway') continue;
    yield {
      at: ref.name?.span ?? ref.span,
      message: `No proxy applies this policy: ${describe(gateway)} of class ${gateway.spec.gatewayClassName?.value ?? ''} runs agentgateway, to which istiod sends no AuthorizationPolicy.`,
      related: [{ ...found.at, at: found.at.span, message: 'This class runs agentgateway.' }],
      data: { entries: [], isSent: false },
    };
  }
}

/** The Gateway that the reference names, or the one that its ServiceEntry is bound to. */
function gatewayOf({ kind, name }: TargetRef, namespace: string, mesh: Mesh): Resource<'Gateway'> | undefined {
  const target = name?.value ?? '';
  if (kind?.value === 'Gateway') return mesh.named('Gateway', namespace, target)[0];
  const [entry] = kind?.value === 'ServiceEntry' ? mesh.named('ServiceEntry', namespace, target) : [];
  const binding = entry && bindWaypoint(mesh, entry);
  return binding?.state === 'bound' ? binding.gateway : undefined;
}
