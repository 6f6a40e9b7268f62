// The labels of a client's pod, where no file shows the pod and rules of its namespace are for pods with some.
import { firstOfEach } from '../../base/first-of-each.ts';
import { matchingRules } from '../../mesh/destination-rules/matching-rules.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { atName, step, type TraceState } from './state.ts';
import type { Step } from './step.ts';

export interface ClientLabels {
  readonly labels: ReadonlyMap<string, string>;
  /** That is for such pods only; undefined for pods that no rule asks for. */
  readonly by: Resource<'DestinationRule'> | undefined;
}

/** More are not followed one by one. */
export const mostFollowed = 4;

/**
 * What the pod may have, as far as DestinationRules for the host tell pods apart: only rules of the client's own namespace do.
 * istio@86c9f01 pilot/pkg/model/push_context.go setDestinationRules; server/docs/istio-semantics-classic.md §E.34, §E.35.
 */
export function labelsOfClient(
  { workloads, request: { from } }: TraceState,
  mesh: Mesh,
  host: string,
): readonly ClientLabels[] {
  const given = { labels: from.labels, by: undefined };
  // Labels that are given, or those of the workload that is found, are taken for all.
  if (workloads.length > 0 || from.labels.size > 0) return [given];
  const rules = matchingRules(mesh, from.namespace, host).find((one) => one.rules.length > 0)?.rules ?? [];
  const asked = rules.slice(0, mostFollowed + 1).flatMap((by): readonly ClientLabels[] => {
    const labels = by.spec.workloadSelector?.matchLabels;
    return labels && labels.size > 0 ? [{ labels, by }] : [];
  });
  return [given, ...firstOfEach(asked, ({ labels }) => [...labels].map(String).sort().join())];
}

export function unseenLabels(host: string, candidates: readonly ClientLabels[]): Step {
  const rules = candidates.flatMap(({ by }) => by ?? []);
  const message = `Which DestinationRule applies to ${host} depends on labels of the client's pod, which these files do not show.`;
  return step('destination', 'unknown', message, ...rules.map(atName));
}
