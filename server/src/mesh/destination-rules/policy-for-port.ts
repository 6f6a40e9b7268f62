// The BackendTLSPolicy of a port, of those that target its ServiceEntry, and whether a DestinationRule leaves the TLS to it.
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';

export type ByPolicy = { readonly policy: Resource<'BackendTLSPolicy'>; readonly portLevel: boolean };

/** The policy for a port: one that names it before one that names none. With several, the oldest counts. */
export function policyFor(
  port: ServiceEntryPort,
  policies: readonly Resource<'BackendTLSPolicy'>[],
): ByPolicy | 'several' | undefined {
  const naming = (section: string | undefined) =>
    policies.filter(({ spec }) =>
      spec.targetRefs.some(({ sectionName }) => (sectionName?.value || undefined) === section),
    );
  const byName = port.name ? naming(port.name.value) : [];
  const [policy, ...more] = byName.length > 0 ? byName : naming(undefined);
  if (more.length > 0) return 'several';
  return policy && { policy, portLevel: byName.length > 0 };
}

/** Whether a rule leaves it to a policy what TLS a port has. istio@86c9f01 pilot/pkg/model/destination_rule.go mergeBackendPolicyTrafficPolicy. */
export function leavesTlsOpen(rule: Resource<'DestinationRule'>, number: number, policyIsPortLevel: boolean): boolean {
  const policy = rule.spec.trafficPolicy;
  const entry = policy?.portLevelSettings.find(({ port }) => port?.value === number);
  if (policyIsPortLevel) return !entry?.tls;
  return !entry && !policy?.tls;
}
