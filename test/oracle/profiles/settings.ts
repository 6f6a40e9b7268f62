// Meshes whose settings are other than Istio's own.
import fc from 'fast-check';
import { names } from '../queried-names.ts';
import { base, calls, manifestsOf, type Profile } from '../generate.ts';
import { entries, frame, maybe, policies, rules, some, type Manifest } from './parts.ts';

/** The provider of CUSTOM policies may be out of sight here, which is another matter. */
const ownPolicies = policies.map((all) => all.filter((one) => (one['spec'] as Manifest)['action'] !== 'CUSTOM'));

const exportTo = maybe(some(['.'], ['*'], ['~'], ['red'], ['.', 'blue']), 1, 1);
const selector = some(
  { matchLabels: { team: 'a' } },
  { matchLabels: { team: 'b' } },
  { matchExpressions: [{ key: 'team', operator: 'In', values: ['a', 'b'] }] },
  { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] },
);
const visibilityName = some('PUBLIC', 'NAMESPACE', 'NONE');

const meshSettings = fc.record({
  rootNamespace: maybe(some('blue', 'red', 'clients'), 1, 1),
  defaultServiceExportTo: exportTo,
  defaultDestinationRuleExportTo: maybe(some(['.'], ['*']), 1, 1),
  trustDomain: maybe(some('example.org'), 1, 1),
  discoverySelectors: maybe(fc.array(selector, { minLength: 1, maxLength: 2 }), 1, 3),
});

export const settings: Profile = {
  sample: fc.noBias(
    fc.record({
      manifests: fc.tuple(frame, entries, rules, ownPolicies).map((groups) => manifestsOf(...groups)),
      calls,
      mesh: meshSettings,
    }),
  ),
  names,
};

const serviceEntryVisibility = fc.record({
  defaultVisibility: visibilityName,
  policies: fc.array(
    fc.record({
      visibility: visibilityName,
      matchingRules: fc.array(
        selector.map((namespaceSelector) => ({ namespaceSelector })),
        { minLength: 1, maxLength: 2 },
      ),
    }),
    { maxLength: 3 },
  ),
});

export const visibility: Profile = {
  sample: fc.noBias(
    fc.record({
      manifests: fc.tuple(frame, entries, rules, ownPolicies).map((groups) => manifestsOf(...groups)),
      calls,
      mesh: serviceEntryVisibility.map((own) => ({ serviceEntryVisibility: own })),
    }),
  ),
  names,
};

/** Without addresses from Istio's range. */
export const flags: Profile = { ...base, flags: { PILOT_ENABLE_IP_AUTOALLOCATE: 'false' } };
