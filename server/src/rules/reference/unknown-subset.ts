import type { Mesh } from '../../mesh/mesh.ts';
import { isExportedTo } from '../../mesh/hosts/visibility.ts';
import type { Resource } from '../../model/resource.ts';
import { destinationsOf } from '../shared/route-targets.ts';
import { defineRule } from '../rule.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';
import { fullHost } from '../../names/hosts.ts';
import { rulesAnywhere } from '../../mesh/destination-rules/matching-rules.ts';

export const unknownSubset = defineRule({
  id: 'unknown-subset',
  stage: 'reference',
  summary: 'Requests fail because a VirtualService sends them to a subset that no DestinationRule of the host defines.',
  severity: 'error',
  since: '0.1.0',
  peers: ['IST0101', 'KIA1107'],
  subjects: ['VirtualService'],
  inputs: ['DestinationRule'],

  *check(service, mesh) {
    const reported = new Set<string>();
    for (const {
      destination: { host, subset },
    } of destinationsOf(service)) {
      if (
        !host ||
        !subset ||
        subset.value === '' ||
        reported.has(`${host.value} ${subset.value}`) ||
        !mesh.knows('DestinationRule')
      )
        continue;
      const rules = rulesFor(mesh, host.value, service.namespace);
      if (rules.some(({ spec }) => spec.subsets.some(({ name }) => name?.value === subset.value))) continue;
      reported.add(`${host.value} ${subset.value}`);
      const seen = rules.filter((rule) => isExportedTo(mesh, rule, service.namespace));
      const finding = {
        at: subset.span,
        message:
          rules.length > 0
            ? `Requests sent here fail with 503: no subset ${subset.value} in ${listOf(rules)}.`
            : `Requests sent here fail with 503 unless the cluster has a DestinationRule for ${host.value} with subset ${subset.value}: these files have none.`,
        related: relatedTo(rules, (name) => `${name} applies to ${host.value}.`),
        data: { host: host.value, subset: subset.value },
      };
      // A rule that is not here at all may be applied from elsewhere.
      yield seen.length > 0 ? finding : { ...finding, severity: 'information' };
    }
  },

  *fixes({ host, subset }, service, mesh) {
    const [rule, ...more] = rulesFor(mesh, host, service.namespace).filter(({ spec }) => spec.host?.value !== '*');
    if (!rule || more.length > 0) return;
    yield {
      title: `Add subset ${subset} to DestinationRule ${rule.name}`,
      safety: 'unsafe',
      changes: [{ op: 'append', in: rule, path: ['spec', 'subsets'], value: { name: subset } }],
    };
  },
});

/** Rules of any namespace, so that nothing is called missing that a lookup elsewhere finds. */
function rulesFor(mesh: Mesh, host: string, namespace: string): readonly Resource<'DestinationRule'>[] {
  return rulesAnywhere(mesh, fullHost(host, namespace, mesh.settings.clusterDomain));
}
