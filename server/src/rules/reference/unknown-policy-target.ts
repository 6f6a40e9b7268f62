import type { FieldPath } from '../../base/field-path.ts';
import { nearest } from '../../base/nearest.ts';
import { waypointsFor } from '../../mesh/binding/waypoint-binding.ts';
import { namesakesOf } from '../../mesh/hosts/namesakes.ts';
import { findTarget, pathOfTarget } from '../shared/policy-targets.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { bindingInputs } from '../shared/inputs.ts';
import type { Field } from '../../model/field.ts';
import type { TargetRef } from '../../model/specs.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Kind } from '../../model/kinds.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';

interface Data {
  readonly path: FieldPath;
  readonly name: string;
  /** Of the target; undefined where it lacks a port. */
  readonly kind?: Kind;
  /** Of the namesake elsewhere. */
  readonly namespace?: string | undefined;
  /** Names of the ports that the target has. */
  readonly ports?: readonly string[];
}

export const unknownPolicyTarget = defineRule({
  id: 'unknown-policy-target',
  stage: 'reference',
  summary: 'A policy is not enforced, because its namespace has no resource that a `targetRefs` entry names.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0171'],
  subjects: ['AuthorizationPolicy', 'Telemetry', 'BackendTLSPolicy'],
  inputs: bindingInputs,

  *check(
    policy: AnyResource<'AuthorizationPolicy' | 'Telemetry' | 'BackendTLSPolicy'>,
    mesh,
  ): Iterable<RuleFinding<Data>> {
    if (policy.kind === 'BackendTLSPolicy') yield* missingPorts(policy, mesh);
    for (const ref of policy.spec.targetRefs) {
      const target = findTarget(mesh, policy, ref);
      if (target.state !== 'missing') continue;
      const { kind, name } = target;
      const waypoints = kind === 'Gateway' ? waypointsFor(mesh, policy.namespace) : [];
      const waypoint = waypoints.find((gateway) => gateway.name === name);
      const isPlain = kind === 'ServiceEntry' && ref.namespace === undefined;
      const entry = isPlain ? namesakesOf(mesh, kind, policy.namespace, name)[0] : undefined;
      const namesake = waypoint ?? entry;
      const madeElsewhere = !namesake && isMadeElsewhere(mesh, policy.namespace, kind, waypoints.length);
      const outcome = `${policy.written.kind} ${policy.name} is not applied`;
      const missing = `${kind} ${name} in namespace ${policy.namespace}`;
      const finding = {
        at: ref.name!.span,
        message: madeElsewhere
          ? `${outcome} unless the cluster has ${missing}: these files do not.`
          : `${outcome}: there is no ${missing}${namesake ? `, only in ${namesake.namespace}` : ' in these files'}.`,
        related: namesake
          ? [
              {
                resource: namesake,
                at: namesake.at.name,
                message: `${describe(namesake)} uses only policies in its own namespace.`,
              },
            ]
          : [],
        data: { kind, name, path: [...pathOfTarget(ref), 'name'], namespace: namesake?.namespace },
      };
      yield madeElsewhere ? { ...finding, severity: 'information' as const } : finding;
    }
  },

  *fixes({ kind, name, path, namespace, ports = [] }, policy, mesh) {
    if (namespace !== undefined) {
      yield {
        title: `Move the policy to namespace ${namespace}`,
        safety: 'unsafe',
        changes: [{ op: 'set', in: policy, path: ['metadata', 'namespace'], value: namespace }],
      };
    }
    const near = kind ? mesh.nearestName(kind, policy.namespace, name) : nearest(name, ports);
    if (near !== undefined) {
      yield {
        title: `Change the name to ${near}`,
        safety: 'unsafe',
        changes: [{ op: 'set', in: policy, path, value: near }],
      };
    }
  },
});

/** istio@86c9f01 pilot/pkg/config/kube/gateway/backend_policies.go BackendTLSPolicyCollection: an entry without the port is not a target. */
function* missingPorts(policy: Resource<'BackendTLSPolicy'>, mesh: Mesh): Iterable<RuleFinding<Data>> {
  for (const ref of policy.spec.targetRefs) {
    const { sectionName } = ref;
    const resource = sectionName?.value ? targetOf(mesh, policy, ref) : undefined;
    if (!sectionName || !resource) continue;
    const ports = resource.spec.ports.map(({ name }) => textOf(name));
    if (ports.includes(sectionName.value)) continue;
    yield {
      at: sectionName.span,
      message: `BackendTLSPolicy ${policy.name} is not applied to ${describe(resource)}: it has no port with the name ${sectionName.value}.`,
      related: [{ resource, at: resource.at.name, message: `${describe(resource)} has the ports.` }],
      data: { name: sectionName.value, ports, path: [...pathOfTarget(ref), 'sectionName'] },
    };
  }
}

function targetOf(
  mesh: Mesh,
  policy: Resource<'BackendTLSPolicy'>,
  ref: TargetRef,
): AnyResource<'ServiceEntry' | 'Service'> | undefined {
  const target = findTarget(mesh, policy, ref);
  if (target.state !== 'found' || target.kind === 'Gateway') return undefined;
  const { kind, name } = target;
  return kind === 'Service' ? mesh.named(kind, policy.namespace, name)[0] : mesh.named(kind, policy.namespace, name)[0];
}

function textOf(name: string | Field<string> | undefined): string {
  return (typeof name === 'string' ? name : name?.value) ?? '';
}

/**
 * Where no manifest makes a waypoint, `istioctl waypoint apply` probably made them all. Policies without any ServiceEntry beside
 * them are often kept apart from the entries.
 */
function isMadeElsewhere(mesh: Mesh, namespace: string, kind: string, waypoints: number): boolean {
  if (kind === 'Gateway') return waypoints === 0;
  return kind === 'ServiceEntry' && mesh.inNamespace('ServiceEntry', namespace).length === 0;
}
