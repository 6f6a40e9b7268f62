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

/** `1 policy`, `2 policies`; `100+ policies` if there are more than were evaluated. */
export function counted(count: number, one: string, several: string, more = false): string {
  return `${count}${more ? '+' : ''} ${count === 1 && !more ? one : several}`;
}

/** Links as a list, the first few by name. */
export function enumerate(links: readonly Link[], most = 5, besides = 0): Words {
  const shown: (string | Link)[] = links.slice(0, most).flatMap((one, i) => (i === 0 ? [one] : [', ', one]));
  const left = links.length - Math.min(links.length, most) + besides;
  return left > 0 ? [...shown, ` and ${left} more`] : shown;
}

export const unusable: Readonly<Record<UnusableReason, string>> = {
  missing: 'there is no such Gateway',
  'traffic-type': 'it is not a waypoint for services',
  'attachment-denied': 'its allowedRoutes do not accept this namespace',
  'empty-name': 'the label is empty',
  'cross-namespace':
    'the mesh configuration does not let ServiceEntries of this namespace use a waypoint in another one',
};

export const passedOver: Readonly<Record<PassedOver, string>> = {
  'other-namespace': 'the waypoint does not read its namespace',
  'not-exported': "it is not exported to the waypoint's namespace",
  'workload-selector': 'it has a workloadSelector, so waypoints ignore it',
  shadowed: 'another rule is used instead',
  'merged-away': 'another rule for the same host and namespace is used',
  'entry-not-exported': "the ServiceEntry is not exported to the waypoint's namespace",
  'no-waypoint': 'no waypoint is bound to apply it',
};

/** Where no waypoint is bound either. */
export const unusedBySidecars = 'sidecars and egress gateways on the way do not use it, and no waypoint is bound';

export const noAddress: Readonly<Record<NoAddressReason, string>> = {
  'resolution-none': 'resolution is NONE and no address is listed',
  'resolution-absent': 'resolution is missing and no address is listed',
  wildcard: 'a wildcard gets one only with resolution DYNAMIC_DNS',
  'cidr-only': 'only CIDR ranges are listed',
  'opted-out': 'a label turns allocation off',
  version: 'this Istio version or its configuration allocates none',
};

export const noTls: Readonly<Record<NoTlsCause, string>> = {
  'unbound-waypoint': 'no waypoint is bound',
  'unusable-waypoint': 'the waypoint cannot be used',
  'no-rule': 'no DestinationRule originates TLS',
  'other-namespace': 'the rule that originates TLS is in another namespace',
  'not-exported': 'the rule that originates TLS is not exported here',
  'workload-selector': 'the rule that originates TLS has a workloadSelector',
  shadowed: 'another rule is used instead of the rule that originates TLS',
  'entry-not-exported': "the ServiceEntry is not exported to the waypoint's namespace",
  'no-tls': 'the selected rule has no tls',
  'port-mismatch': 'the selected rule originates TLS for other ports',
  'port-entry-without-tls': 'the selected rule has settings for this port without tls',
  'mode-disable': 'the selected rule turns TLS off',
  'istio-mutual': 'ISTIO_MUTUAL works only inside the mesh',
  'subset-only': 'TLS is originated only in a subset',
  'incomplete-mutual': 'MUTUAL has no client certificate',
};
