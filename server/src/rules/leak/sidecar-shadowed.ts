import { compareText } from '../../base/compare.ts';
import { namespaceDataPlane, workloadsIn } from '../../mesh/clients/data-plane.ts';
import { selectsPod } from '../../mesh/destination-rules/merge-rules.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';

type Sidecar = Resource<'Sidecar'>;
type Labels = ReadonlyMap<string, string>;

export const sidecarShadowed = defineRule({
  id: 'sidecar-shadowed',
  stage: 'leak',
  summary:
    'A Sidecar has no effect, because another one is for the same pods and Istio uses only the one that was created first.',
  severity: 'warning',
  since: '0.2.0',
  peers: ['IST0110', 'IST0111', 'KIA0002', 'KIA0003'],
  subjects: ['Sidecar'],
  inputs: ['Sidecar', 'Namespace', 'Pod', 'Workload'],

  *check(sidecar, mesh) {
    // Pods in ambient mode read neither, which `sidecar-resource-ignored` tells.
    if (namespaceDataPlane(mesh, sidecar.namespace).mode === 'ambient') return;
    for (const rival of mesh.inNamespace('Sidecar', sidecar.namespace)) {
      // The pair is one fault: it stands at the second of the two.
      const pods = compareText(rival.name, sidecar.name) < 0 ? commonPods(mesh, rival, sidecar) : undefined;
      if (pods === undefined) continue;
      yield {
        at: sidecar.spec.selectorKey ?? sidecar.at.name,
        message: `Only one of two Sidecars applies to ${pods}: ${describe(rival)} is for them too, and Istio uses the one that was created first.`,
        related: [
          {
            resource: rival,
            at: rival.spec.selectorKey ?? rival.at.name,
            message: `${describe(rival)} is for the same pods.`,
          },
        ],
        data: {},
      };
    }
  },

  *fixes(_, sidecar) {
    if (sidecar.listIndex === undefined)
      yield {
        title: `Remove ${describe(sidecar)}`,
        safety: 'unsafe',
        changes: [{ op: 'remove-document', in: sidecar }],
      };
  },
});

/**
 * The pods for which age decides between the two, in words. One with a selector stands before one without.
 * istio@86c9f01 pilot/pkg/model/push_context.go initSidecarScopes, doGetSidecarScope; §B.10.
 */
function commonPods(mesh: Mesh, a: Sidecar, b: Sidecar): string | undefined {
  const [x, y] = [a.spec.workloadSelector, b.spec.workloadSelector];
  if (!x && !y) return `the pods of namespace ${b.namespace} that no selector names`;
  if (!x || !y) return undefined;
  const [few, many] = x.size <= y.size ? [x, y] : [y, x];
  if (selectsPod(few, many))
    return many.size === 0 ? `all pods of namespace ${b.namespace}` : `pods with ${textOf(many)}`;
  const shared = workloadsIn(mesh, b.namespace).find(({ spec: { labels } }) => {
    const pod = new Map([...labels].map(([key, { value }]) => [key, value]));
    return selectsPod(x, pod) && selectsPod(y, pod);
  });
  return shared && `the pods of ${describe(shared)}`;
}

function textOf(labels: Labels): string {
  return [...labels].map(([key, value]) => `${key}=${value}`).join(', ');
}
