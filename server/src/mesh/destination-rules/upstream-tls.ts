// Which TLS a waypoint originates to an external host on one port, and which field decides it.
import { keptFor } from '../../base/kept-for.ts';
import type { Span } from '../../base/span.ts';
import type { ClientTls, ServiceEntryPort } from '../../model/specs.ts';
import type { Resource } from '../../model/resource.ts';
import { sameTls, tlsOfRule, tlsOfSubset, type NoTlsInRule, type RuleTls } from './client-tls.ts';
import { chooseRule, skippedRules, type Candidate, type DestinationRuleChoice } from './destination-rule-for.ts';
import { causeOf, originatorOf, type NoTlsCause } from './originators.ts';
import { normalizeHost } from '../../names/hosts.ts';
import type { Merged } from './merge-rules.ts';
import type { Mesh } from '../mesh.ts';
import type { Lookup } from './lookup.ts';
import { leavesTlsOpen, policyFor } from './policy-for-port.ts';
import { since } from '../settings.ts';
import { bindWaypoint, type WaypointBinding } from '../binding/waypoint-binding.ts';
import { ruleHost } from './rule-host.ts';

export { tlsOfRule, tlsOfSubset, type NoTlsCause };

export type UpstreamTls =
  | {
      readonly state: 'originated';
      readonly mode: 'SIMPLE' | 'MUTUAL';
      readonly source: TlsSource;
      readonly choice: DestinationRuleChoice;
    }
  | {
      readonly state: 'plain';
      readonly cause: NoTlsCause;
      readonly at: TlsEvidence | undefined;
      readonly choice: DestinationRuleChoice;
    }
  /** Age decides between rules that differ here, or something is not known. */
  | { readonly state: 'unknown'; readonly choice: DestinationRuleChoice };

export type TlsSource =
  | {
      readonly by: 'DestinationRule';
      readonly rule: Resource<'DestinationRule'>;
      readonly tls: ClientTls;
      readonly portLevel: boolean;
    }
  | { readonly by: 'BackendTLSPolicy'; readonly policy: Resource<'BackendTLSPolicy'> };

/** What to show for a cause: the resource and the place in it. */
export interface TlsEvidence {
  readonly resource: Resource;
  readonly span: Span;
}

/**
 * TLS that is spoken to `host` for what arrives on `port` of `entry`.
 * istio@86c9f01 pilot/pkg/networking/core/cluster_waypoint.go buildWaypointTLSContext.
 */
export function upstreamTls(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  port: ServiceEntryPort,
  host: string,
  subset?: string,
): UpstreamTls & { readonly binding: WaypointBinding } {
  const index = entry.spec.ports.indexOf(port);
  if (index < 0) return workedOut(mesh, entry, port, host, subset);
  const of = { entry, port, host, subset };
  return mesh.derivedOf(`tls ${entry.id} ${index} ${host} ${subset ?? ''}`, of, ofPort);
}

function ofPort(
  mesh: Mesh,
  { entry, port, host, subset }: PortOfHost,
): UpstreamTls & { readonly binding: WaypointBinding } {
  return workedOut(mesh, entry, port, host, subset);
}

interface PortOfHost {
  readonly entry: Resource<'ServiceEntry'>;
  readonly port: ServiceEntryPort;
  readonly host: string;
  readonly subset: string | undefined;
}

function workedOut(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  port: ServiceEntryPort,
  host: string,
  subset: string | undefined,
): UpstreamTls & { readonly binding: WaypointBinding } {
  const binding = bindWaypoint(mesh, entry);
  const { choice, lookup } = chooseRule(mesh, entry, host, binding);
  const verdict = port.number
    ? decide(mesh, { entry, port, number: port.number.value, host, subset, binding, choice, lookup })
    : ({ state: 'unknown' } as const);
  return { ...verdict, choice, binding };
}

interface Question {
  readonly entry: Resource<'ServiceEntry'>;
  readonly port: ServiceEntryPort;
  readonly number: number;
  readonly host: string;
  readonly subset: string | undefined;
  readonly binding: WaypointBinding;
  readonly choice: DestinationRuleChoice;
  readonly lookup: Lookup | undefined;
}

type PlainUpstream = {
  readonly state: 'plain';
  readonly cause: NoTlsCause;
  readonly at: TlsEvidence | undefined;
  /** Whether a rule that was skipped and originates TLS tells the cause better. */
  readonly isOpen?: boolean;
};
type Verdict =
  | { readonly state: 'originated'; readonly mode: 'SIMPLE' | 'MUTUAL'; readonly source: TlsSource }
  | PlainUpstream
  | { readonly state: 'unknown' };

function decide(mesh: Mesh, question: Question): Verdict {
  const { binding, lookup, entry } = question;
  if (binding.state === 'unbound')
    return plain('unbound-waypoint', tlsPassedOver(mesh, question) ?? labelEvidence(binding));
  if (binding.state === 'unusable') return plain('unusable-waypoint', labelEvidence(binding));
  if (!lookup || lookup.state === 'unknown') return { state: 'unknown' };
  if (lookup.state === 'entry-not-exported')
    return plain('entry-not-exported', { resource: entry, span: entry.spec.exportTo?.[0]?.span ?? entry.at.spec });
  if (lookup.state === 'none') return notFound(mesh, question);
  return withCause(mesh, question, verdictOf(mesh, question, lookup));
}

/** By what was looked up, and only by that: entries of one host share it, and what becomes of their ports. */
const verdictsOn = keptFor((_: Lookup) => new Map<string, Verdict>());

function verdictOf(mesh: Mesh, question: Question, lookup: Extract<Lookup, { state: 'found' }>): Verdict {
  const known = verdictsOn(lookup);
  const key = JSON.stringify([question.number, question.port.name?.value, question.subset, question.host]);
  const verdict = known.get(key) ?? agreedVerdict(lookup.found.map((one) => tlsOfMerged(mesh, question, one)));
  known.set(key, verdict);
  return verdict;
}

function agreedVerdict([first, ...others]: readonly Verdict[]): Verdict {
  return first && others.every((other) => sameVerdict(first, other)) ? first : { state: 'unknown' };
}

/** No rule applies; one that would have originated TLS says why. */
function notFound(mesh: Mesh, question: Question): PlainUpstream {
  const candidate = skippedOriginator(mesh, question);
  return plain(candidate ? causeOf(candidate) : 'no-rule', tlsPassedOver(mesh, question));
}

function withCause(mesh: Mesh, question: Question, verdict: Verdict): Verdict {
  if (verdict.state !== 'plain') return verdict;
  const { cause, at, isOpen } = verdict;
  const originator = isOpen ? skippedOriginator(mesh, question) : undefined;
  return originator ? plain(causeOf(originator), tlsPassedOver(mesh, question)) : plain(cause, at);
}

function skippedOriginator(mesh: Mesh, { entry, host, binding, number }: Question): Candidate | undefined {
  return originatorOf(skippedRules(mesh, entry, host, binding), number);
}

function tlsOfMerged(mesh: Mesh, question: Question, { rule: first, policies, subsets }: Merged): Verdict {
  const { rule, own } = fromSubset(question, subsets) ?? {
    rule: first,
    own: first && tlsOfRule(first, question.number),
  };
  const fromPolicy = policyFor(question.port, policies);
  if (fromPolicy === 'several' || (fromPolicy && question.subset !== undefined)) return { state: 'unknown' };
  // Before 1.31 the policy stood first, and what the rule said besides was lost, or the other way round. INFER
  if (rule && fromPolicy && !since(mesh.settings, '1.31')) return { state: 'unknown' };
  if (fromPolicy && (!rule || leavesTlsOpen(rule, question.number, fromPolicy.portLevel)))
    return { state: 'originated', mode: 'SIMPLE', source: { by: 'BackendTLSPolicy', policy: fromPolicy.policy } };
  return rule && own ? tlsOf(mesh, question, rule, own) : plain('no-rule', undefined);
}

/** The settings of the subset itself. */
function fromSubset(
  { subset, number }: Question,
  subsets: Merged['subsets'],
): { readonly rule: Resource<'DestinationRule'>; readonly own: RuleTls } | undefined {
  const rule = subset === undefined ? undefined : subsets.get(subset);
  if (rule === undefined || subset === undefined) return undefined;
  const own = tlsOfSubset(rule, subset, number);
  return own && { rule, own };
}

function tlsOf(mesh: Mesh, question: Question, rule: Resource<'DestinationRule'>, own: RuleTls): Verdict {
  if (own.mode && own.tls)
    return {
      state: 'originated',
      mode: own.mode,
      source: { by: 'DestinationRule', rule, tls: own.tls, portLevel: own.portLevel },
    };
  if (!own.cause) return { state: 'unknown' };
  return noTls(mesh, question, rule, own.cause, { resource: rule, span: own.span });
}

/**
 * A wide rule, or one that says nothing about TLS, is not what was meant where another rule that originates TLS was
 * skipped for it.
 */
function noTls(
  mesh: Mesh,
  question: Question,
  rule: Resource<'DestinationRule'>,
  cause: NoTlsInRule,
  at: TlsEvidence,
): PlainUpstream {
  const wide = ruleHost(rule, mesh.settings.clusterDomain) !== normalizeHost(question.host);
  return { ...plain(cause, at), isOpen: cause === 'no-tls' || wide };
}

function tlsPassedOver(mesh: Mesh, question: Question): TlsEvidence | undefined {
  const rule = skippedOriginator(mesh, question)?.rule;
  return rule && { resource: rule, span: tlsOfRule(rule, question.number).span };
}

function labelEvidence(binding: WaypointBinding): TlsEvidence | undefined {
  const label = binding.state === 'unbound' ? binding.optedOut : binding.label;
  return label && { resource: label.on, span: label.field.span };
}

function plain(cause: NoTlsCause, at: TlsEvidence | undefined): PlainUpstream {
  return { state: 'plain', cause, at };
}

function sameVerdict(a: Verdict, b: Verdict): boolean {
  if (a.state !== b.state) return false;
  if (a.state !== 'originated' || b.state !== 'originated') return true;
  const [x, y] = [a.source, b.source];
  if (x.by === 'BackendTLSPolicy') return y.by === 'BackendTLSPolicy' && x.policy === y.policy;
  if (y.by === 'BackendTLSPolicy') return false;
  return a.mode === b.mode && sameTls(x.tls, y.tls);
}
