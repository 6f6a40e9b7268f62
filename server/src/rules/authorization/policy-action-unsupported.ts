import { eachInSteps } from '../../base/steps.ts';
import { policiesForAll, policiesNaming } from '../../eval/authz/attached-policies.ts';
import { actionOf } from '../../eval/authz/evaluate.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { couldBeAmbient } from '../../mesh/clients/data-plane.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { targetOfProvider } from '../../mesh/hosts/provider-service.ts';
import { plaintextToTls } from '../shared/provider-plaintext.ts';
import { guardsGateway } from './guards-gateway.ts';
import { egressIntent } from './egress-intent.ts';
import { reachOf } from './reach.ts';
import { bindingInputs, targetingInputs } from '../shared/inputs.ts';

type Policy = Resource<'AuthorizationPolicy'>;

export const policyActionUnsupported = defineRule({
  id: 'policy-action-unsupported',
  stage: 'authorization',
  summary:
    'An AUDIT or CUSTOM policy is ignored or denies every request, because Istio does not support the action there or cannot ask the provider.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['AuthorizationPolicy'],
  isOfIstioWaypoints: true,
  inputs: [...bindingInputs, ...targetingInputs, 'Pod', 'Workload', 'Service', 'DestinationRule'],

  *check(policy, mesh) {
    const action = actionOf(policy);
    const at = policy.spec.action?.span;
    if (!at || (action !== 'AUDIT' && action !== 'CUSTOM')) return;
    // istio@86c9f01 pilot/pkg/serviceregistry/ambient/authorization.go convertAuthorizationPolicy.
    if (
      policy.spec.targetRefs.length === 0 &&
      couldBeAmbient(mesh, policy.namespace) &&
      !guardsGateway(policy) &&
      !egressIntent(policy, mesh)
    ) {
      yield {
        at,
        message: `${describe(policy)} is not enforced: ztunnel ignores action ${action}, and without targetRefs no waypoint applies it.`,
        data: {},
      };
    }
    if (action === 'CUSTOM') yield* atProvider(mesh, policy);
    const other = action === 'CUSTOM' ? otherProvider(mesh, policy) : undefined;
    if (other) {
      yield {
        at: policy.spec.provider?.span ?? at,
        message: `Istio denies every request that either CUSTOM policy matches: ${describe(other)} uses another provider, ${other.spec.provider!.value}, for the same host.`,
        related: [{ resource: other, at: other.spec.provider!.span, message: 'This is the other provider.' }],
        data: {},
      };
    }
  },
});

/** A provider that Istio cannot ask, or asks in plaintext where TLS is expected. */
function* atProvider(mesh: Mesh, { spec }: Policy): Iterable<RuleFinding<object>> {
  const { provider } = spec;
  if (!provider) return;
  const target = targetOfProvider(mesh, provider.value);
  if (target.state === 'unusable')
    yield {
      at: provider.span,
      message: `Istio denies every request that this policy matches: it does not find the service of provider ${provider.value}, because ${target.why}.`,
      data: {},
    };
  const plain = target.state === 'found' ? plaintextToTls(mesh, target) : undefined;
  if (plain)
    yield {
      at: provider.span,
      message: `The check of this policy fails, and requests get 403 unless the provider sets failOpen: proxies call provider ${provider.value} in plaintext, and port ${plain.port} of ${plain.host} expects TLS; add a DestinationRule with tls mode SIMPLE for that port.`,
      related: [{ resource: plain.entry, at: plain.at, message: `${describe(plain.entry)} lists the port.` }],
      data: {},
    };
}

/** istio@86c9f01 pilot/pkg/security/authz/builder/builder.go getBadCustomDenyRules. Of a pair the later name reports. */
function otherProvider(mesh: Mesh, policy: Policy): Policy | undefined {
  const own = policy.spec.provider?.value;
  if (own === undefined) return undefined;
  return askingBeside(mesh, policy).find((other) => other.spec.provider!.value !== own && keyOf(other) < keyOf(policy));
}

/** CUSTOM policies with a provider for what the policy is for: one list for all policies that have the same targets. */
function askingBeside(mesh: Mesh, policy: Policy): readonly Policy[] {
  const targets = policy.spec.targetRefs.map(({ group, kind, name }) => [group?.value, kind?.value, name?.value]);
  return mesh.derivedInSteps(`asking beside policies of ${policy.namespace} ${JSON.stringify(targets)}`, (view) =>
    askingInSteps(view, reachOf(view, policy).entries),
  );
}

function* askingInSteps(
  mesh: Mesh,
  entries: readonly Resource<'ServiceEntry'>[],
): Generator<undefined, readonly Policy[]> {
  const gateways = new Set<number>();
  const found = new Set<Policy>();
  const add = (policies: readonly Policy[]): void => {
    for (const one of policies) if (actionOf(one) === 'CUSTOM' && one.spec.provider) found.add(one);
  };
  yield* eachInSteps(entries, (entry) => {
    const binding = bindWaypoint(mesh, entry);
    if (binding.state !== 'bound') return;
    add(policiesNaming(mesh, entry));
    if (!gateways.has(binding.gateway.id)) add(policiesForAll(mesh, binding.gateway));
    gateways.add(binding.gateway.id);
  });
  return [...found];
}

function keyOf({ namespace, name }: Policy): string {
  return `${namespace}/${name}`;
}
