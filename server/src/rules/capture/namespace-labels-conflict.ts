import { namespaceDataPlane, workloadsIn } from '../../mesh/clients/data-plane.ts';
import { dataplaneMode, namespaceInjection, podInjection, revision } from '../../model/label-names.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { defineRule, type RuleFinding } from '../rule.ts';

interface Data {
  /** The label without effect. */
  readonly label: string;
}

export const namespaceLabelsConflict = defineRule({
  id: 'namespace-labels-conflict',
  stage: 'capture',
  summary: 'A label of a Namespace that says how pods join the mesh has no effect beside another one.',
  severity: 'warning',
  since: '0.2.0',
  peers: ['KIA1311', 'IST0123'],
  subjects: ['Namespace'],
  inputs: ['Namespace', 'Pod', 'Workload'],

  *check(home, mesh): Iterable<RuleFinding<Data>> {
    const injection = home.labels.get(namespaceInjection);
    if (!injection || mesh.named('Namespace', '', home.name).length > 1) return;
    const mode = home.labels.get(dataplaneMode);
    const decides = { resource: home, at: injection.span, message: 'This label decides.' };
    const written = `${namespaceInjection}: ${injection.value}`;
    if (mode?.value === 'ambient' && injection.value === 'enabled' && getSidecars(mesh, home))
      yield {
        at: mode.span,
        message: `Pods of ${home.name} get sidecars because of ${written}, so ztunnel does not capture them: they are not in ambient mode and use no waypoint.`,
        related: [decides],
        data: { label: dataplaneMode },
      };
    const name = home.labels.get(revision);
    if (name && injection.value === 'enabled')
      yield {
        at: name.span,
        message: `Revision ${name.value} is not used for pods of ${home.name}: ${written} takes precedence and selects the default revision.`,
        related: [decides],
        data: { label: revision },
      };
  },

  *fixes({ label }, home) {
    yield {
      title: `Remove the label ${label}`,
      // It may be the one that is meant.
      safety: 'unsafe',
      changes: [{ op: 'remove', in: home, path: ['metadata', 'labels', label] }],
    };
  },
});

/** Where pods of the files say themselves that they want none, the way to ambient mode is being made pod by pod. */
function getSidecars(mesh: Mesh, { name }: Resource<'Namespace'>): boolean {
  return (
    namespaceDataPlane(mesh, name).mode === 'sidecar' &&
    workloadsIn(mesh, name).every(({ spec }) => spec.labels.get(podInjection)?.value !== 'false')
  );
}
