// What the targetRefs of policies lead to. istio@86c9f01 pilot/pkg/model/policyattachment.go ShouldAttachPolicy.
import { isTurnedOff } from '../../mesh/destination-rules/policies-of-host.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { since } from '../../mesh/settings.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import type { TargetRef } from '../../model/specs.ts';
import type { FieldPath } from '../../base/field-path.ts';

export type Policy = AnyResource<'AuthorizationPolicy' | 'Telemetry' | 'BackendTLSPolicy'>;
type TargetKind = 'ServiceEntry' | 'Service' | 'Gateway';

export type Target =
  | { readonly state: 'found'; readonly kind: TargetKind; readonly name: string }
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

/** A BackendTLSPolicy is for Services and, since 1.28, ServiceEntries. istio@86c9f01 pilot/pkg/config/kube/gateway/backend_policies.go BackendTLSPolicyCollection. */
function targetKind(mesh: Mesh, policy: Policy, { group, kind }: TargetRef): TargetKind | undefined {
  const found = groups[`${group?.value ?? ''}/${kind?.value ?? ''}`];
  if (policy.kind !== 'BackendTLSPolicy') return found;
  const isUsed = found !== 'Gateway' && since(mesh.settings, '1.28') && !isTurnedOff(mesh, policy);
  return isUsed ? found : undefined;
}

/** A reference reaches its policy's own namespace only. */
export function findTarget(mesh: Mesh, policy: Policy, ref: TargetRef): Target {
  const kind = targetKind(mesh, policy, ref);
  const name = ref.name?.value;
  if (!kind || !name || (ref.namespace && ref.namespace.value !== policy.namespace)) return { state: 'unknown' };
  if (mesh.named(kind, policy.namespace, name).length > 0) return { state: 'found', kind, name };
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
