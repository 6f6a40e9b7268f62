import { compareText } from '../../base/compare.ts';
import { looksInCluster } from '../../names/hosts.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';
import { isContradicted } from './applied/is-contradicted.ts';
import { mergeRepairs, saysTheSame } from './repairs/merge-repairs.ts';
import { ruleHost } from '../../mesh/destination-rules/rule-host.ts';

type Rule = Resource<'DestinationRule'>;

export const duplicateDestinationRule = defineRule({
  id: 'duplicate-destination-rule',
  stage: 'tls',
  summary: 'Two DestinationRules of one namespace have a trafficPolicy for the same host; Istio uses only one of them.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['KIA0201'],
  subjects: ['DestinationRule'],
  inputs: [],

  *check(rule, mesh) {
    const first = contradicted(mesh, rule);
    if (!first) return;
    yield {
      at: rule.spec.host!.span,
      message: `Istio uses only the trafficPolicy of the rule created first: ${describe(first)} is for ${rule.spec.host!.value} too${spelling(first, rule)}.`,
      related: [{ resource: first, at: first.spec.host!.span, message: `${describe(first)} is for the same host.` }],
      data: {},
      ...(saysTheSame(first, rule) ? { severity: 'information' as const } : {}),
    };
  },

  *fixes(_, rule, mesh) {
    const first = contradicted(mesh, rule);
    if (first) yield* mergeRepairs(first, rule);
  },
});

/**
 * The first by name stays; each later one is reported, as manifests do not show which is older. Hosts of the cluster are not egress,
 * apart from one that is written in two ways, which does not look like one host.
 */
function contradicted(mesh: Mesh, rule: Rule): Rule | undefined {
  const host = ruleHost(rule, mesh.settings.clusterDomain);
  if (host === '' || isContradicted(mesh, rule)) return undefined;
  const isOfCluster = looksInCluster(host, mesh.settings.clusterDomain);
  for (const other of rulesByName(mesh, rule.namespace, host)) {
    if (other.name >= rule.name) return undefined;
    if (contradicts(other, rule) && (!isOfCluster || other.spec.host?.value !== rule.spec.host?.value)) return other;
  }
  return undefined;
}

/** Those that cannot contradict another one are left out. */
function rulesByName(mesh: Mesh, namespace: string, host: string): readonly Rule[] {
  return mesh.derived(`rules of ${namespace} by name ${host}`, (view) =>
    view
      .destinationRules(namespace, host)
      .filter(({ spec }) => !spec.workloadSelector)
      .sort((a, b) => compareText(a.name, b.name)),
  );
}

function spelling(first: Rule, { spec }: Rule): string {
  const written = first.spec.host!.value;
  return written === spec.host!.value ? '' : `, written as ${written}`;
}

/**
 * Of later rules only subsets with new names are taken over. Rules with a `workloadSelector` are for different workloads.
 * istio@86c9f01 pilot/pkg/model/destination_rule.go mergeDestinationRule.
 */
function contradicts(a: Rule, b: Rule): boolean {
  if (a.spec.workloadSelector || b.spec.workloadSelector) return false;
  const names = new Set(a.spec.subsets.map(({ name }) => name?.value));
  return (hasPolicy(a) && hasPolicy(b)) || b.spec.subsets.some(({ name }) => name && names.has(name.value));
}

function hasPolicy({ spec: { trafficPolicy } }: Rule): boolean {
  return (
    trafficPolicy !== undefined &&
    (trafficPolicy.tls !== undefined ||
      trafficPolicy.portLevelSettings.length > 0 ||
      trafficPolicy.otherFields.length > 0)
  );
}
