// Which namespaces istiod watches. Resources in other namespaces do not exist for Istio.
import type { Kind } from '../../model/kinds.ts';
import type { LabelSelector } from '../../model/specs.ts';
import { selectorMatches, type LabelLookup } from '../label-selector.ts';

/** Kinds that Kubernetes itself reads, and cluster-scoped kinds: `discoverySelectors` do not hide them. */
const seenAnywhere: ReadonlySet<Kind> = new Set<Kind>([
  'Namespace',
  'GatewayClass',
  'ServiceAccount',
  'Secret',
  'Role',
  'RoleBinding',
  'NetworkPolicy',
  'Pod',
  'Workload',
  'ConfigMap',
]);

export function needsDiscovery(kind: Kind): boolean {
  return !seenAnywhere.has(kind);
}

/**
 * Whether one of the selectors selects a namespace with these labels; undefined if a label that decides is not known.
 * istio@86c9f01 pkg/kube/namespace/filter.go isSelectedLocked.
 */
export function isSelected(selectors: readonly LabelSelector[], labels: LabelLookup): boolean | undefined {
  const verdicts = selectors.map((selector) => selectorMatches(selector, labels));
  if (verdicts.includes(true)) return true;
  return verdicts.includes(undefined) ? undefined : false;
}
