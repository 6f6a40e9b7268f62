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
    const policies = [...new Set(entriesAt(mesh, gateway).flatMap((entry) => policiesAt(mesh, gateway, entry)))];
    const clients = [...new Set(policies.flatMap((policy) => clientsNamed(policy).map(({ namespace }) => namespace)))];
    const open = clients.filter((namespace) => isOpen(mesh, namespace));
    if (open.length === 0) return;
    const policy = policies.find((one) => clientsNamed(one).some(({ namespace }) => open.includes(namespace)))!;
    // A waypoint sees what is sent to it: an address that a pod knows by other means is dialled directly. istio.io: Ambient mode, Egress.
    yield {
      at: gateway.at.name,
      message: `Pods of ${open.join(', ')} can skip ${describe(gateway)} and its policies: no NetworkPolicy limits where they connect to.`,
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
