import { mostRelated } from '../../base/and-more.ts';
import { policiesAt } from '../../eval/authz/attached-policies.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { entriesAt } from '../authorization/reach.ts';
import { insideOnly } from '../shared/written-manifests.ts';
import { clientsNamed } from '../shared/named-clients.ts';
import { defineRule } from '../rule.ts';
import { bindingInputs, targetingInputs } from '../shared/inputs.ts';

export const egressOpen = defineRule({
  id: 'egress-open',
  stage: 'leak',
  summary: 'Policies protect a waypoint, but nothing stops the clients that they name from connecting directly.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['Gateway'],
  inputs: [...bindingInputs, ...targetingInputs, 'NetworkPolicy'],

  *check(gateway, mesh) {
    if (isWaypointClass(gateway, mesh.settings) !== true) return;
    const namedBy = clientsOfPolicies(mesh, gateway);
    const open = [...namedBy.keys()].filter((namespace) => isOpen(mesh, namespace));
    const policy = namedBy.get(open[0] ?? '');
    if (!policy) return;
    // A waypoint sees what is sent to it: an address that a pod knows by other means is dialled directly. istio.io: Ambient mode, Egress.
    yield {
      at: gateway.at.name,
      message: `Pods of ${namesOf(open)} can skip ${describe(gateway)} and its policies: no NetworkPolicy limits where they connect to.`,
      related: [{ resource: policy, at: policy.at.name, message: `${describe(policy)} names them as clients.` }],
      data: { namespaces: open },
    };
  },

  *fixes({ namespaces }, gateway) {
    for (const namespace of namespaces)
      yield {
        title: `Keep pods of ${namespace} inside the cluster`,
        safety: 'unsafe',
        changes: [
          { op: 'create-file', beside: gateway, fileName: `${namespace}-egress.yaml`, manifest: insideOnly(namespace) },
        ],
      };
  },
});

function namesOf(namespaces: readonly string[]): string {
  const shown = namespaces.slice(0, mostRelated).join(', ');
  return namespaces.length > mostRelated ? `${shown} and ${namespaces.length - mostRelated} more` : shown;
}

/** Client namespaces that policies of the waypoint name, each with the first policy that does. */
function clientsOfPolicies(
  mesh: Mesh,
  gateway: Resource<'Gateway'>,
): ReadonlyMap<string, Resource<'AuthorizationPolicy'>> {
  return mesh.derived(`clients named at ${gateway.id}`, (view) => {
    const found = new Map<string, Resource<'AuthorizationPolicy'>>();
    const policies = new Set(entriesAt(view, gateway).flatMap((entry) => policiesAt(view, gateway, entry)));
    for (const policy of policies)
      for (const { namespace } of clientsNamed(policy)) if (!found.has(namespace)) found.set(namespace, policy);
    return found;
  });
}

/** Only where NetworkPolicies of the namespace are among the manifests. */
function isOpen(mesh: Mesh, namespace: string): boolean {
  const policies: readonly Resource<'NetworkPolicy'>[] = mesh.knows('NetworkPolicy', namespace)
    ? mesh.inNamespace('NetworkPolicy', namespace)
    : [];
  return (
    mesh.knows('NetworkPolicy', namespace) &&
    !policies.some(({ spec }) => spec.policyTypes.includes('Egress') || spec.egress !== undefined)
  );
}
