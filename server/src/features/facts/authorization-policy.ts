// What an AuthorizationPolicy is attached to, and whether a waypoint enforces it there.
import { policiesAt } from '../../eval/authz/attached-policies.ts';
import { actionOf, isDryRun } from '../../eval/authz/evaluate.ts';
import type { Action } from '../../eval/authz/verdict.ts';
import type { EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { policiesAtPods } from '../../eval/authz/gateway-policies.ts';
import { notModelledAt, notModelledClass } from '../../mesh/binding/not-modelled.ts';
import { bindWaypoint, type WaypointBinding } from '../../mesh/binding/waypoint-binding.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import type { TargetRef } from '../../model/specs.ts';
import { findTarget } from '../../rules/shared/policy-targets.ts';
import { egressGatewaysIn } from './egress-gateway.ts';
import { gatewayFacts } from './enrolment.ts';

type Policy = Resource<'AuthorizationPolicy'>;

export interface PolicyFacts {
  readonly kind: 'AuthorizationPolicy';
  readonly policy: Policy;
  readonly action: Action;
  readonly dryRun: boolean;
  /** Empty without targetRefs: then no waypoint applies it. */
  readonly targets: readonly Attachment[];
  /** Egress gateways that enforce it: by its selector, or for their whole namespace. */
  readonly gateways: readonly EgressGateway[];
}

export interface Attachment {
  readonly ref: TargetRef;
  readonly target: Resource<'ServiceEntry'> | Resource<'Service'> | Resource<'Gateway'> | undefined;
  /** `no-waypoint`: the target is there, and nothing stands before it that would judge. */
  readonly state: 'enforced' | 'no-waypoint' | 'missing' | 'unknown';
  /** Where it is enforced. */
  readonly waypoint: Resource<'Gateway'> | undefined;
  /** Of a Gateway: how many entries and Services are bound to it. */
  readonly bound: number | undefined;
  /** Whether there may be more than those. */
  readonly andMore: boolean;
}

export function policyFacts(mesh: Mesh, policy: Policy): PolicyFacts {
  return {
    kind: 'AuthorizationPolicy',
    policy,
    action: actionOf(policy),
    dryRun: isDryRun(policy),
    targets: policy.spec.targetRefs.map((ref) => attachmentOf(mesh, policy, ref)),
    gateways: gatewaysEnforcing(mesh, policy),
  };
}

function gatewaysEnforcing(mesh: Mesh, policy: Policy): readonly EgressGateway[] {
  return egressGatewaysIn(mesh).filter((gateway) => policiesAtPods(mesh, gateway).policies.includes(policy));
}

function attachmentOf(mesh: Mesh, policy: Policy, ref: TargetRef): Attachment {
  const { state } = findTarget(mesh, policy, ref);
  const none = { ref, target: undefined, waypoint: undefined, bound: undefined, andMore: false };
  if (state !== 'found') return { ...none, state: state === 'unknown' ? 'unknown' : 'missing' };
  const kind = ref.kind?.value as 'ServiceEntry' | 'Service' | 'Gateway';
  const [target, ...more] = mesh.named(kind, policy.namespace, ref.name!.value);
  if (!target || more.length > 0) return { ...none, state: 'unknown' };
  return target.kind === 'Gateway'
    ? atGateway(mesh, ref, target as Resource<'Gateway'>)
    : atObject(mesh, policy, ref, target as Resource<'ServiceEntry'> | Resource<'Service'>);
}

function atGateway(mesh: Mesh, ref: TargetRef, target: Resource<'Gateway'>): Attachment {
  const facts = gatewayFacts(mesh, target);
  return {
    ref,
    target,
    state: facts && !notModelledClass(mesh, target) ? 'enforced' : 'unknown',
    waypoint: facts && target,
    bound: facts?.bound.length,
    andMore: (facts?.unexamined ?? 0) > 0,
  };
}

function atObject(
  mesh: Mesh,
  policy: Policy,
  ref: TargetRef,
  target: Resource<'ServiceEntry'> | Resource<'Service'>,
): Attachment {
  const binding: WaypointBinding = bindWaypoint(mesh, target);
  if (binding.state === 'unknown')
    return { ref, target, state: 'unknown', waypoint: undefined, bound: undefined, andMore: false };
  if (binding.state !== 'bound')
    return { ref, target, state: 'no-waypoint', waypoint: undefined, bound: undefined, andMore: false };
  const attached =
    policiesAt(mesh, binding.gateway, target).includes(policy) &&
    !notModelledAt(mesh, binding.gateway, target, 'no-token');
  return {
    ref,
    target,
    state: attached ? 'enforced' : 'unknown',
    waypoint: binding.gateway,
    bound: undefined,
    andMore: false,
  };
}
