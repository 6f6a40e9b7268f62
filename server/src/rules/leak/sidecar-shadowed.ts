import { addToGroup } from '../../base/group-by.ts';
import { selects, textLabels } from '../../mesh/label-selector.ts';
import { compareText } from '../../base/compare.ts';
import { relatedPlaces } from '../shared/resource-lists.ts';
import { namespaceDataPlane, workloadsIn, type Workload } from '../../mesh/clients/data-plane.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { defineRule, type RuleFinding } from '../rule.ts';

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
    // The pair is one fault: it stands at the second of the two.
    const rivals = possibleRivals(mesh, sidecar)
      .filter(({ name }) => compareText(name, sidecar.name) < 0)
      .flatMap((rival): readonly Rival[] => {
        const pods = commonPods(mesh, rival, sidecar);
        return pods === undefined ? [] : [{ rival, pods }];
      });
    if (rivals.length > mostAlone) yield findingFor(sidecar, rivals);
    else for (const one of rivals) yield findingFor(sidecar, [one]);
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

/** More than these are reported together. */
const mostAlone = 5;

interface Rival {
  readonly rival: Sidecar;
  readonly pods: string;
}

function findingFor(sidecar: Sidecar, rivals: readonly Rival[]): RuleFinding {
  const { rival, pods } = rivals[0]!;
  const isOne = rivals.length === 1;
  const names = isOne ? describe(rival) : `${describe(rival)} and ${rivals.length - 1} more`;
  return {
    at: sidecar.spec.selectorKey ?? sidecar.at.name,
    message: `Only one of ${isOne ? 'two' : rivals.length + 1} Sidecars applies to ${pods}: ${names} ${isOne ? 'is' : 'are'} for them too, and Istio uses the one that was created first.`,
    related: relatedPlaces(rivals, (one) => ({
      resource: one.rival,
      at: one.rival.spec.selectorKey ?? one.rival.at.name,
      message: `${describe(one.rival)} is for the same pods.`,
    })),
    data: {},
  };
}

/** Sidecars of the namespace that share a label of their selectors or of a pod with this one: of N, most have nothing in common. */
function possibleRivals(mesh: Mesh, sidecar: Sidecar): readonly Sidecar[] {
  const { namespace, spec } = sidecar;
  const own = spec.workloadSelector;
  if (!own || own.size === 0)
    return mesh
      .inNamespace('Sidecar', namespace)
      .filter((other) => (other.spec.workloadSelector === undefined) === !own);
  const { sidecars, forAll, order, pods } = mesh.derived(`sidecars by label ${namespace}`, (view) =>
    byLabel(view, namespace),
  );
  const labels = new Set([...own].map(labelText));
  for (const pod of pods.get(labelText([...own][0]!)) ?? [])
    if (selects(own, textLabels(pod.spec.labels)))
      for (const label of textLabels(pod.spec.labels)) labels.add(labelText(label));
  const found = new Set([...[...labels].flatMap((label) => sidecars.get(label) ?? []), ...forAll]);
  return [...found].sort((a, b) => order.get(a.id)! - order.get(b.id)!);
}

interface ByLabel {
  /** By each label of their selectors. */
  readonly sidecars: ReadonlyMap<string, readonly Sidecar[]>;
  /** Whose selectors are empty. */
  readonly forAll: readonly Sidecar[];
  /** The place of each Sidecar in the order of the mesh. */
  readonly order: ReadonlyMap<number, number>;
  readonly pods: ReadonlyMap<string, readonly Workload[]>;
}

function byLabel(mesh: Mesh, namespace: string): ByLabel {
  const sidecars = new Map<string, [Sidecar, ...Sidecar[]]>();
  const pods = new Map<string, [Workload, ...Workload[]]>();
  const all = mesh.inNamespace('Sidecar', namespace);
  for (const sidecar of all)
    for (const label of sidecar.spec.workloadSelector ?? []) addToGroup(sidecars, labelText(label), sidecar);
  for (const pod of workloadsIn(mesh, namespace))
    for (const label of textLabels(pod.spec.labels)) addToGroup(pods, labelText(label), pod);
  return {
    sidecars,
    forAll: all.filter(({ spec }) => spec.workloadSelector?.size === 0),
    order: new Map(all.map(({ id }, i) => [id, i])),
    pods,
  };
}

function labelText([key, value]: readonly [string, string]): string {
  return `${key}=${value}`;
}

/**
 * The pods for which age decides between the two, in words. One with a selector stands before one without.
 * istio@86c9f01 pilot/pkg/model/push_context.go initSidecarScopes, doGetSidecarScope; §B.10.
 */
function commonPods(mesh: Mesh, a: Sidecar, b: Sidecar): string | undefined {
  const [x, y] = [a.spec.workloadSelector, b.spec.workloadSelector];
  if (!x && !y) return `the pods of namespace ${b.namespace} that no selector names`;
  if (!x || !y) return undefined;
  const [few, many] = x.size <= y.size ? [x, y] : [y, x];
  if (selects(few, many)) return many.size === 0 ? `all pods of namespace ${b.namespace}` : `pods with ${textOf(many)}`;
  const { pods } = mesh.derived(`sidecars by label ${b.namespace}`, (view) => byLabel(view, b.namespace));
  const shared = (pods.get(labelText([...y][0]!)) ?? []).find(
    (pod) => selects(x, textLabels(pod.spec.labels)) && selects(y, textLabels(pod.spec.labels)),
  );
  return shared && `the pods of ${describe(shared)}`;
}

function textOf(labels: Labels): string {
  return [...labels].map(([key, value]) => `${key}=${value}`).join(', ');
}
