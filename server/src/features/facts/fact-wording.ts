// How facts are said: text with links to what decides, and the phrases that hover and lens share.
import type { Span } from '../../base/span.ts';
import type { PassedOver } from '../../mesh/destination-rules/destination-rule-for.ts';
import type { NoTlsCause } from '../../mesh/destination-rules/upstream-tls.ts';
import type { NoAddressReason } from '../../mesh/hosts/virtual-address.ts';
import type { UnusableReason } from '../../mesh/binding/waypoint-binding.ts';
import type { Resource } from '../../model/resource.ts';

export interface Link {
  readonly text: string;
  readonly resource: Resource;
  /** In the resource's document. */
  readonly span: Span;
}

/** Text, and links to places in files. */
export type Words = readonly (string | Link)[];

export interface Line {
  readonly label: string;
  readonly words: Words;
}

/** A resource by kind and name, linked to its name or to a place in it. */
export function link(resource: Resource, span: Span = resource.at.name): Link {
  return { text: `${resource.written.kind} ${fullName(resource)}`, resource, span };
}

/** The same without the kind. */
export function linkByName(resource: Resource): Link {
  return { text: fullName(resource), resource, span: resource.at.name };
}

export function fullName({ namespace, name }: Pick<Resource, 'namespace' | 'name'>): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** `1 policy`, `2 policies`; `100+ policies` where there are more than were looked at. */
export function counted(count: number, one: string, several: string, more = false): string {
  return `${count}${more ? '+' : ''} ${count === 1 && !more ? one : several}`;
}

/** Links as a list, the first few by name. */
export function enumerate(links: readonly Link[], most = 5): Words {
  const shown: (string | Link)[] = links.slice(0, most).flatMap((one, i) => (i === 0 ? [one] : [', ', one]));
  return links.length > most ? [...shown, ` and ${links.length - most} more`] : shown;
}

export const unusable: Readonly<Record<UnusableReason, string>> = {
  missing: 'there is no such Gateway',
  'traffic-type': 'it is no waypoint for services',
  'attachment-denied': 'its allowedRoutes do not admit this namespace',
  'empty-name': 'the label names none',
  'cross-namespace': 'the mesh lets entries of this namespace use no waypoint of another one',
};

export const passedOver: Readonly<Record<PassedOver, string>> = {
  'other-namespace': 'the waypoint does not look in its namespace',
  'not-exported': "it is not exported to the waypoint's namespace",
  'workload-selector': 'it has a workloadSelector, and waypoints apply no such rule',
  shadowed: 'another rule is found first',
  'merged-away': 'another rule for the same host and namespace decides',
  'entry-not-exported': "the ServiceEntry is not exported to the waypoint's namespace",
  'no-waypoint': 'no waypoint is bound that would apply it',
};

export const noAddress: Readonly<Record<NoAddressReason, string>> = {
  'resolution-none': 'resolution is NONE and no address is listed',
  'resolution-absent': 'resolution is left out and no address is listed',
  wildcard: 'a wildcard gets one with resolution DYNAMIC_DNS only',
  'cidr-only': 'only ranges are listed',
  'opted-out': 'a label opts out of one',
  version: 'this Istio version or its settings allocate none',
};

export const noTls: Readonly<Record<NoTlsCause, string>> = {
  'unbound-waypoint': 'no waypoint is bound',
  'unusable-waypoint': 'the waypoint cannot be used',
  'no-rule': 'no DestinationRule originates TLS',
  'other-namespace': 'the rule that would originate TLS is in another namespace',
  'not-exported': 'the rule that would originate TLS is not exported here',
  'workload-selector': 'the rule that would originate TLS has a workloadSelector',
  shadowed: 'the rule that would originate TLS is hidden by another',
  'entry-not-exported': "the entry is not exported to the waypoint's namespace",
  'no-tls': 'the selected rule has no tls',
  'port-mismatch': 'the selected rule originates TLS for other ports',
  'port-entry-without-tls': 'the selected rule has settings for this port without tls',
  'mode-disable': 'the selected rule turns TLS off',
  'istio-mutual': 'ISTIO_MUTUAL is no TLS outside the mesh',
  'subset-only': 'only a subset originates TLS',
  'incomplete-mutual': 'MUTUAL lacks a client certificate',
};
