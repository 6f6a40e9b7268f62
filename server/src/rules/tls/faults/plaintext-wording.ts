// Messages for plaintext at a TLS port.
import { protocolKind } from '../../../names/protocols.ts';
import { tlsOfRule, type NoTlsCause } from '../../../mesh/destination-rules/upstream-tls.ts';
import { describe, type Resource } from '../../../model/resource.ts';
import type { Related } from '../../rule.ts';
import type { Plaintext } from './plaintext.ts';
import { andMore } from '../../../base/and-more.ts';

type Group = readonly [Plaintext, ...Plaintext[]];

/** What would happen, and the one cause. */
export function messageOf(group: Group): string {
  const [first] = group;
  const ports = distinct(group.map(({ port }) => port.number!.value));
  const targets = distinct(group.map(({ target }) => target.number));
  const hosts = distinct(group.map(({ host }) => host));
  const what = protocolKind(first.port.protocol?.value) === 'http' ? 'Plain HTTP' : 'Plaintext';
  return `${what} from ${numbered('port', ports)} reaches ${numbered('TLS port', targets)} of ${andMore(hosts)}, so requests fail: ${reasons[first.cause](first)}.`;
}

function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}

function numbered(noun: string, numbers: readonly number[]): string {
  return `${noun}${numbers.length > 1 ? 's' : ''} ${andMore(numbers)}`;
}

const reasons: Readonly<Record<NoTlsCause, (found: Plaintext) => string>> = {
  'no-rule': () => 'no DestinationRule originates TLS',
  'unbound-waypoint': ({ rule }) =>
    rule
      ? `no waypoint is bound to apply ${describe(rule)}`
      : 'no waypoint is bound, and no DestinationRule originates TLS',
  'unusable-waypoint': () => 'the traffic goes through no waypoint',
  'other-namespace': ({ rule, binding }) => `${waypointOf(binding)} does not read the namespace of ${nameOf(rule)}`,
  'not-exported': ({ rule, binding }) => `${nameOf(rule)} is not exported to the namespace of ${waypointOf(binding)}`,
  'workload-selector': ({ rule }) => `${nameOf(rule)} has a workloadSelector, so waypoints ignore it`,
  shadowed: ({ rule, by }) =>
    `${nameOf(by)} for ${by?.spec.host?.value ?? 'the same host'} is used instead of ${nameOf(rule)}`,
  'entry-not-exported': ({ binding }) =>
    `the ServiceEntry is not exported to the namespace of ${waypointOf(binding)}, so no DestinationRule applies`,
  'no-tls': ({ rule }) => `${nameOf(rule)} has no tls`,
  'port-mismatch': ({ rule, port }) => `${nameOf(rule)} originates TLS for other ports, not for ${port.number!.value}`,
  'port-entry-without-tls': ({ rule, port }) =>
    `${nameOf(rule)} has settings for port ${port.number!.value} without tls`,
  'mode-disable': ({ rule, port }) =>
    `${nameOf(rule)} ${rule && tlsOfRule(rule, port.number!.value).tls?.mode ? 'has tls mode DISABLE' : 'has tls without a mode, which means DISABLE'}`,
  'istio-mutual': ({ rule }) => `${nameOf(rule)} has tls mode ISTIO_MUTUAL, which works only inside the mesh`,
  'subset-only': ({ rule }) => `${nameOf(rule)} originates TLS only in a subset, and no route names the subset`,
  'incomplete-mutual': ({ rule }) => `${nameOf(rule)} has tls mode MUTUAL without a client certificate`,
};

function nameOf(rule: Resource | undefined): string {
  return rule ? describe(rule) : 'a DestinationRule';
}

function waypointOf(binding: Plaintext['binding']): string {
  return binding.state === 'bound' ? `waypoint ${binding.gateway.namespace}/${binding.gateway.name}` : 'the waypoint';
}

/** The node behind the cause, and what hides a rule. */
export function relatedOf([{ at, by, cause }]: Group): readonly Related[] {
  return [
    ...(at ? [{ resource: at.resource, at: at.span, message: notes[cause] }] : []),
    ...(by ? [{ resource: by, at: by.spec.host?.span ?? by.at.name, message: 'This rule is used instead.' }] : []),
  ];
}

const notes: Readonly<Record<NoTlsCause, string>> = {
  'no-rule': 'No DestinationRule applies to this host.',
  'unbound-waypoint': 'Only a waypoint originates this TLS.',
  'unusable-waypoint': 'The traffic does not go through this waypoint.',
  'other-namespace': 'The waypoint does not read this namespace.',
  'not-exported': "This hides the rule from the waypoint's namespace.",
  'workload-selector': 'With a workloadSelector the rule applies only to sidecars.',
  shadowed: 'This rule is never used.',
  'entry-not-exported': "This hides the ServiceEntry from the waypoint's namespace.",
  'no-tls': 'The rule that applies has no tls.',
  'port-mismatch': 'TLS is originated only for this port.',
  'port-entry-without-tls': 'These settings replace the TLS settings for all ports.',
  'mode-disable': 'TLS is turned off here.',
  'istio-mutual': "This requests the mesh's own mTLS.",
  'subset-only': 'Only this subset originates TLS.',
  'incomplete-mutual': 'A client certificate is missing here.',
};
