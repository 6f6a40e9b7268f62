import { describe } from '../../model/resource.ts';
import { namespaceDataPlane } from '../../mesh/clients/data-plane.ts';
import { limitsEgress, opensInternet } from '../shared/limits-egress.ts';
import { insideOnly } from '../shared/written-manifests.ts';
import { dataplaneMode } from '../../model/label-names.ts';
import { defineRule, type Change, type RuleFinding } from '../rule.ts';

export const registryOnlyNotEnforced = defineRule({
  id: 'registry-only-not-enforced',
  stage: 'leak',
  summary: 'REGISTRY_ONLY is set for ambient pods, where it has no effect: they can call any host.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['Sidecar', 'Namespace'],
  inputs: ['Namespace', 'NetworkPolicy'],

  // ztunnel passes unknown destinations through. ztunnel@62d8265 src/proxy/outbound.rs build_request; istio/istio#54281.
  *check(subject, mesh): Iterable<RuleFinding> {
    if (subject.kind === 'Sidecar') {
      const mode = subject.spec.outboundTrafficPolicy?.mode;
      if (mode?.value !== 'REGISTRY_ONLY' || namespaceDataPlane(mesh, subject.namespace).mode !== 'ambient') return;
      yield {
        at: mode.span,
        message: `Pods of ${subject.namespace} can call any host: they are in ambient mode, where REGISTRY_ONLY of ${describe(subject)} has no effect.`,
        data: {},
      };
    } else if (
      mesh.settings.outboundTrafficPolicy === 'REGISTRY_ONLY' &&
      namespaceDataPlane(mesh, subject.name).mode === 'ambient'
    ) {
      if (!limitsEgress(mesh, subject.name))
        yield {
          at: subject.labels.get(dataplaneMode)?.span ?? subject.at.name,
          message: `Pods of ${subject.name} can call any host: REGISTRY_ONLY of the mesh has no effect in ambient mode, and no NetworkPolicy limits them.`,
          data: {},
        };
    }
  },

  *fixes(_, subject, mesh) {
    const namespace = subject.kind === 'Sidecar' ? subject.namespace : subject.name;
    // Policies add up: one more closes nothing where another allows any address.
    if (opensInternet(mesh, namespace)) return;
    const creation: Change = {
      op: 'create-file',
      beside: subject,
      fileName: `${namespace}-egress.yaml`,
      manifest: insideOnly(namespace),
    };
    if (subject.kind === 'Namespace')
      yield { title: `Keep pods of ${namespace} inside the cluster`, safety: 'unsafe', changes: [creation] };
    else if (subject.listIndex === undefined)
      yield {
        title: 'Replace it with a NetworkPolicy',
        safety: 'unsafe',
        changes: [creation, { op: 'remove-document', in: subject }],
      };
  },
});
