// Label selectors over labels that may be known only in part. k8s.io/apimachinery pkg/apis/meta/v1 LabelSelectorAsSelector.
import type { Field } from '../model/field.ts';
import type { Resource } from '../model/resource.ts';
import type { LabelSelector } from '../model/specs.ts';
import type { Mesh } from './mesh.ts';

/** The value of a label; `null` where the object surely lacks it, `undefined` where that is not known. */
export type LabelLookup = (key: string) => string | null | undefined;

/** Whether the selector matches; `undefined` where a label that decides is not known. An absent selector matches nothing, an empty one everything. */
export function selectorMatches(selector: LabelSelector | undefined, labels: LabelLookup): boolean | undefined {
  if (!selector) return false;
  const verdicts = [
    ...[...selector.matchLabels].map(([key, value]) => holds({ key, operator: 'In', values: [value] }, labels)),
    ...selector.matchExpressions.map((requirement) => holds(requirement, labels)),
  ];
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}

/**
 * Whether the labels have all of the selector; an empty one selects everything. Those of manifests are fields.
 * istio@86c9f01 pkg/config/labels/instance.go SubsetOf.
 */
export function selects(
  selector: ReadonlyMap<string, string>,
  labels: ReadonlyMap<string, string | Field<string>>,
): boolean {
  return [...selector].every(([key, value]) => {
    const label = labels.get(key);
    return (typeof label === 'object' ? label.value : label) === value;
  });
}

/** Labels of manifests without their places. */
export function textLabels(labels: ReadonlyMap<string, Field<string>>): ReadonlyMap<string, string> {
  return new Map([...labels].map(([key, { value }]) => [key, value]));
}

/** Istio adds the place of an endpoint to its labels: which one is not looked at. istio@86c9f01 pilot/pkg/util/label/label.go AugmentLabels. */
const addedByIstio = /^(?:topology\.(?:istio|kubernetes)\.io\/|kubernetes\.io\/hostname$)/;

/**
 * The same for labels of endpoints, which a proxy compares after Istio added to them: for a ServiceEntry's `workloadSelector` and for
 * subsets. ztunnel gets the labels as they are written; a selector that only it cannot fulfil is not told.
 * istio@86c9f01 pilot/pkg/serviceregistry/serviceentry/conversion.go convertWorkloadEntryToWorkloadInstance; pilot/pkg/serviceregistry/kube/controller/endpoint_builder.go NewEndpointBuilder.
 */
export function selectsEndpoint(
  selector: ReadonlyMap<string, string>,
  labels: ReadonlyMap<string, string | Field<string>>,
): boolean {
  return selects(endpointSelector(selector), labels);
}

/** Without the labels that are not compared. */
export function endpointSelector(selector: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...selector].filter(([key]) => !addedByIstio.test(key)));
}

/**
 * Labels of a Namespace as its manifests show them: nothing is known of one that has none, or several that disagree,
 * except the label that the API server sets itself.
 */
export function namespaceLabels(mesh: Mesh, namespace: string): LabelLookup {
  return labelsOf(mesh.named('Namespace', '', namespace), namespace);
}

/** The same, given the manifests that describe it. */
export function labelsOf(described: readonly Pick<Resource, 'labels'>[], namespace: string): LabelLookup {
  return (key) => {
    if (key === 'kubernetes.io/metadata.name') return namespace;
    const values = new Set(described.map(({ labels }) => labels.get(key)?.value ?? null));
    return values.size === 1 ? [...values][0] : undefined;
  };
}

type Requirement = LabelSelector['matchExpressions'][number];

function holds(requirement: Requirement, labels: LabelLookup): boolean | undefined {
  const value = labels(requirement.key);
  if (value === undefined) return undefined;
  switch (requirement.operator) {
    case 'In':
      return value !== null && requirement.values.includes(value);
    case 'NotIn':
      return value === null || !requirement.values.includes(value);
    case 'Exists':
      return value !== null;
    case 'DoesNotExist':
      return value === null;
    // The API server refuses other operators.
    default:
      return undefined;
  }
}
