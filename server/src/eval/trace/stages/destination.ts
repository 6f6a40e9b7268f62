import { keptFor } from '../../../base/kept-for.ts';
import { joinedWith, mostRelated } from '../../../base/and-more.ts';
import { tlsKey } from '../../../mesh/destination-rules/client-tls.ts';
import type { WaypointBinding } from '../../../mesh/binding/waypoint-binding.ts';
import {
  firstSkippedRules,
  type Candidate,
  type DestinationRuleChoice,
  type PassedOver,
} from '../../../mesh/destination-rules/destination-rule-for.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { noEndpointOfSubset } from '../../../mesh/hosts/subset-endpoints.ts';
import { tlsOfRule, tlsOfSubset, upstreamTls } from '../../../mesh/destination-rules/upstream-tls.ts';
import { describe, type Resource } from '../../../model/resource.ts';
import { meshTlsFails } from '../applied-rule.ts';
import {
  at,
  atName,
  end,
  fork,
  go,
  step,
  stop,
  type Backend,
  type OwnTls,
  type Stage,
  type TraceState,
  type Turn,
} from '../state.ts';

type Rule = Resource<'DestinationRule'>;

/** Which DestinationRule the waypoint applies, and which it passes over. */
export const destination: Stage = (state, mesh) => {
  const { backend, path } = state;
  if (state.meshTls) return meshTlsFails(state, state.meshTls);
  if (!backend || path === 'sidecar' || path === 'gateway') return go(state);
  const tls = upstreamTls(mesh, backend.entry, backend.port, backend.host, backend.subset);
  const { choice } = tls;
  if (tls.state !== 'unknown')
    return (
      noAddressOfSubset(state, mesh, choice) ??
      go({ ...state, tls }, choiceStep(choice), ...passedOver(mesh, backend, tls.binding))
    );
  const { subset } = backend;
  // Subsets of all of them are put together, so that one can rest on two of them.
  const isSplit =
    subset !== undefined &&
    choice.state === 'undetermined' &&
    choice.candidates.some(({ spec }) => !spec.subsets.some(({ name }) => name?.value === subset));
  if (choice.state !== 'undetermined' || isSplit) return unknown(state, backend, choice);
  return fork(
    [
      step(
        'destination',
        'unknown',
        `${namesOf(choice.candidates)} have the same host: the one created first applies.`,
        ...placesOf(choice.candidates),
      ),
    ],
    {
      by: 'age',
      summary: `Which DestinationRule applies to ${backend.host} depends on which was created first.`,
      ways: candidatesOf(choice, backend).map(({ rule, tls: own }) =>
        go({ ...state, tls: own }, step('destination', 'yes', `If ${describe(rule)} applies:`, placeOf(rule))),
      ),
    },
  );
};

/**
 * A waypoint hands out addresses by the labels of the subset, and looks up names whatever labels they have.
 * istio@86c9f01 pilot/pkg/networking/core/cluster_waypoint.go buildWaypointInboundVIP; the generator's answer to such a mesh.
 */
function noAddressOfSubset(state: TraceState, mesh: Mesh, choice: DestinationRuleChoice): Turn | undefined {
  const { entry, subset, cluster } = state.backend!;
  const rule = choice.state === 'selected' ? choice.rule : undefined;
  const part = subset === undefined ? undefined : rule?.spec.subsets.find(({ name }) => name?.value === subset);
  if (!rule || !part || noEndpointOfSubset(mesh, entry, part.labels) !== 'no-endpoint') return undefined;
  const current = step(
    'destination',
    'no',
    `No endpoint of ${describe(entry)} has the labels of subset ${subset}.`,
    at(rule, part.name?.span ?? part.span),
    atName(entry),
  );
  return end(state, [choiceStep(choice), current], {
    verdict: 'fails',
    cause: 'no-endpoint',
    summary: current.message,
    log: { upstreamCluster: cluster, status: state.chain === 'http' ? 503 : undefined },
  });
}

function choiceStep(choice: DestinationRuleChoice): ReturnType<typeof step> {
  if (choice.state === 'selected')
    return step('destination', 'yes', `${describe(choice.rule)} applies.`, placeOf(choice.rule));
  if (choice.state === 'undetermined')
    return step('destination', 'yes', `${namesOf(choice.candidates)} agree here.`, ...placesOf(choice.candidates));
  return step('destination', 'yes', 'No DestinationRule applies.');
}

function passedOver(
  mesh: Mesh,
  { entry, host }: Backend,
  binding: WaypointBinding,
): readonly ReturnType<typeof step>[] {
  return firstSkippedRules(mesh, entry, host, binding, 5).map((one) =>
    step(
      'destination',
      'no',
      `${describe(one.rule)} is not used: ${reasons[one.passedOver](one)}.`,
      placeOf(one.rule),
      one.by && placeOf(one.by),
    ),
  );
}

const reasons: Readonly<Record<PassedOver, (candidate: Candidate) => string>> = {
  'other-namespace': ({ rule }) => `the waypoint does not read namespace ${rule.namespace}`,
  'not-exported': () => "it is not exported to the waypoint's namespace",
  'workload-selector': () => 'rules with a workloadSelector apply only to sidecars',
  shadowed: ({ by }) => (by ? `${describe(by)} is used instead` : 'another rule is used instead'),
  'merged-away': ({ by }) => `${by ? describe(by) : 'a rule that was created first'} has the same host`,
  'entry-not-exported': () => "the ServiceEntry is not exported to the waypoint's namespace",
  'no-waypoint': () => 'no waypoint is bound',
};

function unknown(state: TraceState, backend: Backend, choice: DestinationRuleChoice): Turn {
  const rule = choice.state === 'selected' ? choice.rule : undefined;
  const message = rule
    ? `What ${describe(rule)} makes of port ${backend.port.number?.value} is not certain.`
    : `Which DestinationRule applies to ${backend.host} is not known from the files.`;
  return stop(state, step('destination', 'unknown', message, rule ? placeOf(rule) : atName(backend.entry)));
}

function byRule(rule: Rule, { port, subset }: Backend, choice: DestinationRuleChoice): OwnTls {
  const ofSubset = subset === undefined ? undefined : tlsOfSubset(rule, subset, port.number!.value);
  const { mode, tls, portLevel, cause, span } = ofSubset ?? tlsOfRule(rule, port.number!.value);
  if (mode && tls)
    return { state: 'originated', mode, source: { by: 'DestinationRule', rule, tls, portLevel }, choice };
  return { state: 'plain', cause: cause ?? 'no-tls', at: { resource: rule, span }, choice };
}

interface RuleWithTls {
  readonly rule: Rule;
  readonly tls: OwnTls;
}

type Undetermined = Extract<DestinationRuleChoice, { state: 'undetermined' }>;

/** By the choice, which entries of one host share, then by port and subset. */
const knownFor = keptFor((_: Undetermined) => new Map<string, readonly RuleWithTls[]>());

function candidatesOf(choice: Undetermined, backend: Backend): readonly RuleWithTls[] {
  const known = knownFor(choice);
  const key = `${backend.port.number?.value} ${backend.subset ?? ''}`;
  const candidates =
    known.get(key) ?? firstOfEachTls(choice.candidates.map((rule) => ({ rule, tls: byRule(rule, backend, choice) })));
  known.set(key, candidates);
  return candidates;
}

/** What follows depends on the TLS alone, so rules with the same lead to the same end. */
function firstOfEachTls(candidates: readonly RuleWithTls[]): readonly RuleWithTls[] {
  const seen = new Set<string>();
  return candidates.filter(({ tls }) => {
    const own =
      tls.state === 'originated' && tls.source.by === 'DestinationRule'
        ? `${tls.source.portLevel} ${tlsKey(tls.source.tls)}`
        : `plain ${tls.state === 'plain' ? tls.cause : ''}`;
    return !seen.has(own) && seen.add(own);
  });
}

function namesOf(rules: readonly Rule[]): string {
  return joinedWith('and', rules, describe);
}

function placesOf(rules: readonly Rule[]): readonly ReturnType<typeof at>[] {
  return rules.slice(0, mostRelated).map(placeOf);
}

function placeOf(rule: Rule): ReturnType<typeof at> {
  return at(rule, rule.spec.host?.span ?? rule.at.name);
}
