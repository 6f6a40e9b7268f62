import { keptFor } from '../../base/kept-for.ts';
import { eachInSteps, filterInSteps } from '../../base/steps.ts';
import {
  destinationRuleFor,
  skippedRules,
  type Candidate,
  type DestinationRuleChoice,
  type PassedOver,
} from '../../mesh/destination-rules/destination-rule-for.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { defineRule, type Related } from '../rule.ts';
import { externalHosts, externalHostsOf, originates, tlsBlocksOf, type ExternalHost } from './faults/faults-of-rule.ts';
import { appliedBlocks } from './applied/applied-blocks.ts';
import { isForOtherProxies } from './applied/other-proxies.ts';
import { placeOf, plaintextOf } from './faults/plaintext.ts';
import { selectionRepairs, type NotSelected } from './repairs/selection-repairs.ts';
import { ruleHost } from '../../mesh/destination-rules/rule-host.ts';
import { routeInputs, tlsInputs } from '../shared/inputs.ts';

type Rule = Resource<'DestinationRule'>;

export const destinationRuleNotSelected = defineRule({
  id: 'destination-rule-not-selected',
  stage: 'tls',
  summary: 'The waypoint of a host never uses a DestinationRule that should originate TLS for it.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  isOfIstioWaypoints: true,
  inputs: [...tlsInputs, ...routeInputs, 'IstioGateway', 'Pod', 'Workload'],

  *check(rule, mesh) {
    const found = notSelected(mesh, rule);
    if (!found) return;
    const { candidate, gateway, on } = found;
    yield {
      at: placeOf(rule, candidate.passedOver),
      message: `${describe(rule)} has no effect: waypoint ${gateway.namespace}/${gateway.name} does not use it for ${on.host}, because ${reasons[candidate.passedOver](found, rule)}.`,
      related: relatedOf(found),
      data: {},
    };
  },

  *fixes(_, rule, mesh) {
    const found = notSelected(mesh, rule);
    if (found) yield* selectionRepairs(mesh, rule, found);
  },
});

/** Why waypoints do not use the rule for any of its hosts, unless `plaintext-to-tls-port` already reports it. */
function notSelected(mesh: Mesh, rule: Rule): NotSelected | undefined {
  if (!tlsBlocksOf(rule).some(({ tls }) => originates(tls)) || isForOtherProxies(mesh, rule)) return undefined;
  const hosts = externalHostsOf(mesh, rule);
  const pattern = ruleHost(rule, mesh.settings.clusterDomain);
  const isOneHost = hosts.length > 1 && !pattern.startsWith('*');
  // Where some waypoint uses it for some entry, the entries need not be asked one by one.
  if (hosts.length > 1 && appliedBlocks(mesh, rule).length > 0) return undefined;
  const found: NotSelected[] = [];
  for (const on of isOneHost ? oneOfEachChoice(mesh, pattern) : hosts) {
    const one = passedOver(mesh, rule, on);
    if (!one) return undefined;
    found.push(one);
  }
  const isPlaintext = isOneHost
    ? rulesOfPlaintext(mesh, pattern).has(rule.id)
    : hosts.some(({ entry }) => isRuleOfPlaintext(mesh, entry, rule.id));
  return isPlaintext ? undefined : found[0];
}

function isRuleOfPlaintext(mesh: Mesh, entry: Resource<'ServiceEntry'>, id: number): boolean {
  return plaintextOf(mesh, entry).some(({ rule }) => rule?.id === id);
}

/** Of N entries of one host many have the same choice at the same waypoint: the first of them stands for all. */
function oneOfEachChoice(mesh: Mesh, host: string): readonly ExternalHost[] {
  return mesh.derivedInSteps(`choices for ${host}`, function* (view) {
    const seen = new Map<DestinationRuleChoice | undefined, Set<number>>();
    return yield* filterInSteps(externalHosts(view, host), ({ entry }) => {
      const binding = bindWaypoint(view, entry);
      const choice = binding.state === 'bound' ? destinationRuleFor(view, entry, host) : undefined;
      const gateway = binding.state === 'bound' ? binding.gateway.id : 0;
      const gateways = seen.get(choice) ?? new Set<number>();
      seen.set(choice, gateways);
      const isFirst = !gateways.has(gateway);
      gateways.add(gateway);
      return isFirst;
    });
  });
}

/** The rules that would originate TLS for plaintext of an entry of the host. */
function rulesOfPlaintext(mesh: Mesh, host: string): ReadonlySet<number> {
  return mesh.derivedInSteps(`rules of plaintext to ${host}`, function* (view) {
    const rules = new Set<number>();
    yield* eachInSteps(externalHosts(view, host), ({ entry }) => {
      for (const { rule } of plaintextOf(view, entry)) if (rule) rules.add(rule.id);
    });
    return rules;
  });
}

/** Rules of one host and namespace are `duplicate-destination-rule`'s; that a narrower host comes first is as it should be. */
function passedOver(mesh: Mesh, rule: Rule, on: ExternalHost): NotSelected | undefined {
  const binding = bindWaypoint(mesh, on.entry);
  if (binding.state !== 'bound') return undefined;
  const choice = destinationRuleFor(mesh, on.entry, on.host);
  const candidate = candidateIn(skippedRules(mesh, on.entry, on.host, binding), rule);
  if (!candidate || candidate.passedOver === 'merged-away') return undefined;
  // Beside a rule for the waypoint it is for sidecars.
  if (candidate.passedOver === 'workload-selector' && choice.state === 'selected') return undefined;
  const lengthOf = (one: Rule) => ruleHost(one, mesh.settings.clusterDomain).length;
  const isNarrower = candidate.by && lengthOf(candidate.by) > lengthOf(rule);
  return isNarrower ? undefined : { candidate, gateway: binding.gateway, on };
}

const byRule = keptFor((skipped: readonly Candidate[]) => new Map(skipped.map((other) => [other.rule.id, other])));

function candidateIn(skipped: readonly Candidate[], { id }: Rule): Candidate | undefined {
  return byRule(skipped).get(id);
}

const reasons: Readonly<Record<PassedOver, (found: NotSelected, rule: Rule) => string>> = {
  'other-namespace': ({ on }, { namespace }) =>
    `it reads its own namespace, ${on.entry.namespace} and the root namespace, not ${namespace}`,
  'not-exported': ({ gateway }) => `the rule is not exported to namespace ${gateway.namespace}`,
  'workload-selector': () => 'waypoints ignore rules with a workloadSelector',
  shadowed: ({ candidate: { by } }) => (by ? `${describe(by)} is used instead` : 'another rule is used instead'),
  'entry-not-exported': ({ on, gateway }) => `${describe(on.entry)} is not exported to namespace ${gateway.namespace}`,
  'merged-away': () => 'a rule that was created first is used',
  'no-waypoint': () => 'no waypoint is bound',
};

function relatedOf({ candidate: { by }, on }: NotSelected): readonly Related[] {
  const other = by ?? on.entry;
  return [
    {
      resource: other,
      at: other.at.name,
      message: by ? `${describe(by)} is used instead.` : `${describe(other)} has this host.`,
    },
  ];
}
