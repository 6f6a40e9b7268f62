import { groupBy } from '../../base/group-by.ts';
import { endpointSelector, selects, textLabels } from '../../mesh/label-selector.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import { entriesSelected, podsSelected } from '../../mesh/hosts/selected-endpoints.ts';
import { bySelector } from '../../mesh/by-selector.ts';
import { gatewaySubset } from '../../mesh/clients/gateway-subset.ts';
import { egressGatewayAt } from '../../mesh/clients/egress-gateway.ts';
import { ruleHost } from '../../mesh/destination-rules/rule-host.ts';
import { defineRule, type RuleFinding } from '../rule.ts';

type Entry = Resource<'ServiceEntry'>;
type Rule = Resource<'DestinationRule'>;
type WorkloadEntry = Resource<'WorkloadEntry'>;
type Labels = ReadonlyMap<string, string>;

export const selectorWithoutWorkload = defineRule({
  id: 'selector-without-workload',
  stage: 'reference',
  summary:
    "Requests fail because no WorkloadEntry or pod has the labels of a ServiceEntry's `workloadSelector`, or of an egress gateway's subset.",
  severity: 'warning',
  since: '0.2.0',
  peers: ['KIA0203'],
  subjects: ['ServiceEntry', 'DestinationRule'],
  inputs: [
    'ServiceEntry',
    'Service',
    'WorkloadEntry',
    'Pod',
    'Workload',
    'IstioGateway',
    'Gateway',
    'GatewayClass',
    'VirtualService',
  ],

  *check(subject: AnyResource<'ServiceEntry' | 'DestinationRule'>, mesh): Iterable<RuleFinding<null>> {
    if (subject.kind === 'DestinationRule') yield* emptySubsets(mesh, subject);
    else yield* selectsNothing(mesh, subject);
  },
});

/** istio@86c9f01 pilot/pkg/serviceregistry/serviceentry/controller.go workloadEntryHandler: selected in the namespace of the entry only. */
function* selectsNothing(mesh: Mesh, entry: Entry): Iterable<RuleFinding<null>> {
  const selector = entry.spec.workloadSelector;
  const [host] = entry.spec.hosts;
  if (!selector || selector.size === 0 || !host || isSelecting(mesh, entry, selector)) return;
  const stray = unselected(mesh);
  const elsewhere = stray.find(
    ({ namespace, spec }) => namespace !== entry.namespace && selects(selector, spec.labels),
  );
  const beside = stray.find(({ namespace }) => namespace === entry.namespace);
  const near = elsewhere ?? beside;
  if (!near) return;
  const wanted = textOf(selector);
  yield {
    at: entry.at.name,
    message: elsewhere
      ? `Requests to ${host.value} fail with 503 unless workloads of namespace ${entry.namespace} have ${wanted}: ${describe(near)} has it, and a ServiceEntry selects only in its own namespace.`
      : `Requests to ${host.value} fail with 503 unless other workloads of namespace ${entry.namespace} have ${wanted}: ${describe(near)} has ${textOf(near.spec.labels) || 'no labels'}.`,
    related: [{ resource: near, at: near.at.name, message: `No ServiceEntry selects ${describe(near)}.` }],
    data: null,
  };
}

/** Subsets of an egress gateway whose pods the files show, where no pod has the labels. Of other Services the files may lack some pods. */
function* emptySubsets(mesh: Mesh, rule: Rule): Iterable<RuleFinding<null>> {
  const labelled = rule.spec.subsets.filter(({ labels }) => labels.size > 0);
  if (labelled.length === 0) return;
  const gateway = egressGatewayAt(mesh, ruleHost(rule, mesh.settings.clusterDomain));
  if (!gateway || gateway.gateways.length === 0) return;
  for (const { name, labels } of labelled) {
    const found = gatewaySubset(mesh, gateway, labels);
    if (!name || found.state !== 'none') continue;
    yield {
      at: name.span,
      message: `Requests to subset ${name.value} fail with 503: no pod of egress gateway ${gateway.namespace}/${gateway.name} has ${textOf(labels)}.`,
      related: found.pods.map((one) => ({
        resource: one,
        at: one.at.name,
        message: `The pods of ${describe(one)} have ${textOf(textLabels(one.spec.labels))}.`,
      })),
      data: null,
    };
  }
}

function isSelecting(mesh: Mesh, { namespace }: Entry, selector: Labels): boolean {
  return entriesSelected(mesh, namespace, selector).length > 0 || podsSelected(mesh, namespace, selector).length > 0;
}

/** WorkloadEntries that nothing selects: one of them is probably meant. */
function unselected(mesh: Mesh): readonly WorkloadEntry[] {
  return mesh.derived('workload entries that nothing selects', (view) =>
    [...groupBy(view.all('WorkloadEntry'), ({ namespace }) => namespace)].flatMap(([namespace, entries]) => {
      const selectors = [
        ...view.inNamespace('ServiceEntry', namespace).map((one) => one.spec.workloadSelector),
        ...view.inNamespace('Service', namespace).map((one) => one.spec.selector),
      ];
      const selecting = bySelector(
        selectors.filter((selector) => selector !== undefined && selector.size > 0),
        (selector) => selector && endpointSelector(selector),
      );
      return entries.filter(({ spec }) => selecting(spec.labels).length === 0);
    }),
  );
}

function textOf(labels: Labels): string {
  return [...labels].map(([key, value]) => `${key}=${value}`).join(', ');
}
