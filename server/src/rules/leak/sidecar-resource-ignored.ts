import { describe } from '../../model/resource.ts';
import { namespaceDataPlane, workloadsIn, workloadsMode } from '../../mesh/clients/data-plane.ts';
import { defineRule } from '../rule.ts';

export const sidecarResourceIgnored = defineRule({
  id: 'sidecar-resource-ignored',
  stage: 'leak',
  summary: 'A Sidecar resource is for pods in ambient mode, which have no sidecar, so it has no effect.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0167'],
  subjects: ['Sidecar'],
  inputs: ['Namespace', 'Pod', 'Workload'],

  *check(sidecar, mesh) {
    // REGISTRY_ONLY is the more severe fault, and `registry-only-not-enforced` reports it.
    if (
      sidecar.spec.outboundTrafficPolicy?.mode?.value === 'REGISTRY_ONLY' ||
      sidecar.namespace === mesh.settings.rootNamespace
    )
      return;
    const { namespace } = sidecar;
    const mode = mesh.derived(`mode in ${namespace}`, (view) =>
      workloadsIn(view, namespace).length > 0
        ? workloadsMode(view, namespace)
        : namespaceDataPlane(view, namespace).mode,
    );
    // istio@86c9f01 pkg/config/analysis/analyzers/sidecar (IST0167).
    if (mode === 'ambient')
      yield {
        at: sidecar.at.name,
        message: `${describe(sidecar)} has no effect: pods of ${sidecar.namespace} are in ambient mode and have no sidecar to read it.`,
        data: {},
      };
  },

  *fixes(_, sidecar) {
    if (sidecar.listIndex === undefined)
      yield { title: 'Remove it', safety: 'unsafe', changes: [{ op: 'remove-document', in: sidecar }] };
  },
});
