// BackendTLSPolicies, which istiod makes DestinationRules of.
import type { Resource } from '../../model/resource.ts';
import { looksInCluster } from '../../names/hosts.ts';
import { entriesIn } from '../hosts/owners-in.ts';
import type { Mesh } from '../mesh.ts';
import { since } from '../settings.ts';

/**
 * A policy is a rule of its namespace for the hosts of what it targets, whichever service of that name the proxy uses. Before 1.28 a
 * ServiceEntry could not be targeted. istio@86c9f01 pilot/pkg/config/kube/gateway/backend_policies.go DestinationRuleCollection.
 */
export function policiesFor(mesh: Mesh, namespace: string, host: string): readonly Resource<'BackendTLSPolicy'>[] {
  const [name = '', home] = looksInCluster(host, mesh.settings.clusterDomain) ? host.split('.') : [];
  const ofService = home === namespace ? policiesOn(mesh, 'Service', { namespace, name }) : [];
  const ofEntries = entriesIn(mesh, host, namespace).flatMap((entry) => policiesOf(mesh, entry));
  return [...new Set([...ofService, ...ofEntries])];
}

/** One that names a port which the entry does not have is not accepted. istio@86c9f01 pilot/pkg/config/kube/gateway/backend_policies.go BackendTLSPolicyCollection. */
export function policiesOf(mesh: Mesh, entry: Resource<'ServiceEntry'>): readonly Resource<'BackendTLSPolicy'>[] {
  if (!since(mesh.settings, '1.28')) return [];
  const hasPort = (wanted: string) => entry.spec.ports.some(({ name }) => name?.value === wanted);
  return policiesOn(mesh, 'ServiceEntry', entry).filter(({ spec }) =>
    spec.targetRefs.some(
      ({ kind, name, sectionName }) =>
        kind?.value === 'ServiceEntry' &&
        name?.value === entry.name &&
        (!sectionName?.value || hasPort(sectionName.value)),
    ),
  );
}

function policiesOn(
  mesh: Mesh,
  kind: 'Service' | 'ServiceEntry',
  { namespace, name }: { readonly namespace: string; readonly name: string },
): readonly Resource<'BackendTLSPolicy'>[] {
  return mesh
    .targeting(kind, namespace, name)
    .filter((policy): policy is Resource<'BackendTLSPolicy'> => policy.kind === 'BackendTLSPolicy')
    .filter((policy) => !isTurnedOff(mesh, policy));
}

/** By its annotation. istio@86c9f01 pilot/pkg/config/kube/gateway/backend_policies.go BackendTLSPolicyCollection. */
export function isTurnedOff(mesh: Mesh, policy: Resource<'BackendTLSPolicy'>): boolean {
  const { value = '' } = policy.annotations.get('istio.io/ignore-policy-attachment') ?? {};
  return since(mesh.settings, '1.31') && value.toLowerCase() === 'true';
}
