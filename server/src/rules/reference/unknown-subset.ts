import type { Mesh } from '../../mesh/mesh.ts';
import { isExportedTo } from '../../mesh/hosts/visibility.ts';
import type { Field } from '../../model/field.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { misnamedService } from '../shared/misnamed-service.ts';
import { destinationsOf } from '../shared/route-targets.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';
import { fullHost, looksInCluster } from '../../names/hosts.ts';
import { ruleHost } from '../../mesh/destination-rules/rule-host.ts';
import { rulesAnywhere, rulesBySubset } from '../../mesh/destination-rules/matching-rules.ts';

type Rule = Resource<'DestinationRule'>;

interface Data {
  readonly host: string;
  readonly subset: string;
}

export const unknownSubset = defineRule({
  id: 'unknown-subset',
  stage: 'reference',
  summary: 'Requests fail because a VirtualService sends them to a subset that no DestinationRule of the host defines.',
  severity: 'error',
  since: '0.1.0',
  peers: ['IST0101', 'KIA1107'],
  subjects: ['VirtualService'],
  inputs: ['DestinationRule', 'ServiceEntry', 'Service', 'Gateway', 'IstioGateway', 'Pod', 'Workload'],

  *check(service, mesh): Iterable<RuleFinding<Data>> {
    const reported = new Set<string>();
    const isKnown = mesh.knows('DestinationRule');
    for (const {
      destination: { host, subset },
    } of destinationsOf(service)) {
      if (!host || !subset || subset.value === '' || reported.has(`${host.value} ${subset.value}`)) continue;
      // That is `unknown-route-host`.
      if (misnamedService(mesh, host.value, service)) continue;
      if (rulesBySubset(mesh, fullHost(host.value, service.namespace, mesh.settings.clusterDomain)).has(subset.value))
        continue;
      const rules = rulesFor(mesh, host.value, service.namespace);
      reported.add(`${host.value} ${subset.value}`);
      const seen = rules.filter((rule) => isExportedTo(mesh, rule, service.namespace));
      const misnamed = rules.length > 0 ? undefined : misnamedRule(mesh, service.namespace, host.value, subset.value);
      if (misnamed) {
        yield misnamedFinding(mesh, misnamed, { host: host.value, subset });
        continue;
      }
      const finding = {
        at: subset.span,
        message:
          isKnown && rules.length > 0
            ? `Requests sent here fail with 503: no subset ${subset.value} in ${listOf(rules)}.`
            : `Requests sent here fail with 503 unless the cluster has a DestinationRule for ${host.value} with subset ${subset.value}: these files have none.`,
        related: relatedTo(rules, (name) => `${name} applies to ${host.value}.`),
        data: { host: host.value, subset: subset.value },
      };
      // A rule that is not here at all may be applied from elsewhere.
      yield isKnown && seen.length > 0 ? finding : { ...finding, severity: 'information' };
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

/** A rule with the subset for a Service of that name in another namespace: short names are completed with the rule's own namespace, and no others. */
function misnamedRule(mesh: Mesh, namespace: string, host: string, subset: string): Rule | undefined {
  const { clusterDomain } = mesh.settings;
  const full = fullHost(host, namespace, clusterDomain);
  if (!looksInCluster(full, clusterDomain)) return undefined;
  const [name] = full.split('.');
  return mesh
    .inNamespace('DestinationRule', namespace)
    .find(
      ({ spec }) =>
        spec.host?.value.split('.')[0] === name && spec.subsets.some(({ name: defined }) => defined?.value === subset),
    );
}

function misnamedFinding(
  mesh: Mesh,
  rule: Rule,
  { host, subset }: { readonly host: string; readonly subset: Field<string> },
): RuleFinding<Data> {
  const { clusterDomain } = mesh.settings;
  const means = ruleHost(rule, clusterDomain);
  const written = rule.spec.host!;
  const found = {
    at: subset.span,
    related: [{ resource: rule, at: written.span, message: `This means ${means}.` }],
    data: { host, subset: subset.value },
  };
  const has = `${describe(rule)} has subset ${subset.value}, but for ${means}`;
  if (!written.value.includes('.'))
    return {
      ...found,
      severity: 'warning',
      message: `Requests sent here fail with 503: ${has}, which its short host means in namespace ${rule.namespace}, and not for ${host}.`,
    };
  return {
    ...found,
    severity: 'information',
    message: `Requests sent here fail with 503 unless the cluster has a DestinationRule for ${host} with subset ${subset.value}: in these files ${has}.`,
  };
}

/** Rules of any namespace, so that nothing is called missing that a lookup elsewhere finds. */
function rulesFor(mesh: Mesh, host: string, namespace: string): readonly Resource<'DestinationRule'>[] {
  return rulesAnywhere(mesh, fullHost(host, namespace, mesh.settings.clusterDomain));
}
