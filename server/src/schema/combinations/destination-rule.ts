// istio@86c9f01 pkg/config/validation/validation.go ValidateDestinationRule.
import { refused, refusedKey, ofField, type Check, type Fault, type Subject } from './combination-check.ts';
import { exportTo, labelFaults, selectorLabels } from './common.ts';
import { isDnsLabel, isWildcardDomain } from '../../names/domains.ts';
import { isPlaceholder } from '../../model/placeholders.ts';
import { each, field, has, isText, text } from './field-place.ts';
import { trafficPolicyFaults } from './traffic-policy.ts';

export const destinationRuleChecks: readonly Check[] = [
  host,
  ofField('trafficPolicy', ({ spec, namespace }) => trafficPolicyFaults(field(spec, 'trafficPolicy'), namespace)),
  ofField('subsets', subsets),
  ofField('exportTo', (subject) => exportTo(subject, { allowsNone: false })),
  ofField('workloadSelector', ownNamespaceOnly),
  ofField('workloadSelector', ({ spec }) => selectorLabels(field(spec, 'workloadSelector'), 'matchLabels')),
];

function* host({ spec }: Subject): Generator<Fault> {
  const name = text(spec, 'host');
  if (isText(field(spec, 'host')) && !isWildcardDomain(name) && !isPlaceholder(name))
    yield refused(
      field(spec, 'host'),
      `"${name}" is not a valid host: use DNS labels separated by dots, such as httpbin.org or *.example.com.`,
    );
}

function* subsets({ spec, namespace }: Subject): Generator<Fault> {
  const names = new Set<string>();
  for (const subset of each(spec, 'subsets')) {
    const name = text(subset, 'name');
    if (name !== '' && names.has(name)) yield refused(field(subset, 'name'), `Two subsets are named ${name}.`);
    if (name !== '' && !isDnsLabel(name))
      yield refused(
        field(subset, 'name'),
        `"${name}" is not a valid subset name: use at most 63 letters, digits and "-".`,
      );
    if (name === '' && isText(field(subset, 'name'))) yield refused(field(subset, 'name'), 'A subset needs a `name`.');
    names.add(name);
    yield* labelFaults(field(subset, 'labels'));
    // istiod gives no warnings here: validateSubset returns only errors.
    for (const fault of trafficPolicyFaults(field(subset, 'trafficPolicy'), namespace))
      if (fault.severity === 'error') yield fault;
  }
}

function* ownNamespaceOnly({ spec, namespace }: Subject): Generator<Fault> {
  const values = each(spec, 'exportTo');
  if (!field(spec, 'workloadSelector').node || !has(spec, 'exportTo') || namespace === undefined) return;
  const other = values.find((item) => text(item) !== '.' && text(item) !== namespace);
  if (other)
    yield refusedKey(field(spec, 'exportTo'), 'A rule with a `workloadSelector` applies only to its own namespace.');
}
