// What the targetRefs of policies lead to. istio@86c9f01 pilot/pkg/model/policyattachment.go ShouldAttachPolicy.
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import type { TargetRef } from '../../model/specs.ts';
import type { FieldPath } from '../../base/field-path.ts';

export type Policy = Resource<'AuthorizationPolicy'> | Resource<'Telemetry'>;
type TargetKind = 'ServiceEntry' | 'Service' | 'Gateway';

export type Target =
  | { readonly state: 'found' }
  /** A kind that is not looked up here, or one that the files may lack. */
  | { readonly state: 'unknown' }
  /** The name is not that of a resource, but a host of these. */
  | { readonly state: 'host'; readonly name: string; readonly owners: readonly Resource<'ServiceEntry'>[] }
  | { readonly state: 'missing'; readonly kind: TargetKind; readonly name: string };

const groups: Readonly<Record<string, TargetKind | undefined>> = {
  'networking.istio.io/ServiceEntry': 'ServiceEntry',
  'gateway.networking.k8s.io/Gateway': 'Gateway',
  '/Service': 'Service',
  'core/Service': 'Service',
};

/** A reference reaches its policy's own namespace only. */
export function findTarget(mesh: Mesh, policy: Policy, ref: TargetRef): Target {
  const kind = groups[`${ref.group?.value ?? ''}/${ref.kind?.value ?? ''}`];
  const name = ref.name?.value;
  if (!kind || !name || (ref.namespace && ref.namespace.value !== policy.namespace)) return { state: 'unknown' };
  if (mesh.named(kind, policy.namespace, name).length > 0) return { state: 'found' };
  if (!mesh.knows(kind, policy.namespace)) return { state: 'unknown' };
  const owners = kind === 'ServiceEntry' ? entriesWith(mesh, name) : [];
  return owners.length > 0 ? { state: 'host', name, owners } : { state: 'missing', kind, name };
}

export function pathOfTarget(ref: TargetRef): FieldPath {
  return ref.singular ? ['spec', 'targetRef'] : ['spec', 'targetRefs', ref.index];
}

function entriesWith(mesh: Mesh, host: string): Resource<'ServiceEntry'>[] {
  return mesh.hostOwners(host).flatMap(({ resource }) => (resource.kind === 'ServiceEntry' ? [resource] : []));
}
