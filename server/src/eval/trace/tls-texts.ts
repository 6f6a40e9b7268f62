// Words about the TLS that a proxy originates or leaves out, without their full stop.
import type { NoTlsCause } from '../../mesh/destination-rules/upstream-tls.ts';
import { tlsSiblingOf } from '../../mesh/hosts/target-ports.ts';
import { negotiatorOn } from '../../names/well-known-ports.ts';
import type { ProtocolMismatch } from './protocol-mismatch.ts';

export const mismatchTexts: Readonly<Record<ProtocolMismatch, (port: number) => string>> = {
  'plaintext-to-tls': (port) => `Plaintext reaches TLS port ${port}`,
  'tls-to-plaintext': (port) => `A TLS handshake reaches plaintext port ${port}`,
};

/** Why a port does not take TLS that a proxy begins with the first byte: a clause that follows the port. */
export function refusalOf(port: number): string {
  const negotiator = tlsSiblingOf(port) === undefined ? negotiatorOn(port) : undefined;
  return negotiator ? `where ${negotiator.name} begins TLS inside its own protocol` : 'which expects plaintext';
}

/** Why no TLS is originated: clauses of messages. */
export const noTlsTexts: Readonly<Record<NoTlsCause, string>> = {
  'no-rule': 'no DestinationRule originates TLS',
  'unbound-waypoint': 'no waypoint is bound',
  'unusable-waypoint': 'the connection goes through no waypoint',
  'other-namespace': 'the rule that originates TLS is in a namespace that the waypoint does not read',
  'not-exported': "the rule that originates TLS is not exported to the waypoint's namespace",
  'workload-selector': 'the rule that originates TLS has a workloadSelector, so waypoints ignore it',
  shadowed: 'another rule is used instead of the rule that originates TLS',
  'entry-not-exported': "the ServiceEntry is not exported to the waypoint's namespace, so no rule applies",
  'no-tls': 'the rule that applies has no tls',
  'port-mismatch': 'the rule that applies originates TLS for other ports',
  'port-entry-without-tls': "the rule's settings for this port have no tls",
  'mode-disable': 'the rule that applies turns TLS off',
  'istio-mutual': 'ISTIO_MUTUAL works only inside the mesh',
  'subset-only': 'the rule originates TLS only in a subset',
  'incomplete-mutual': 'MUTUAL without a client certificate originates no TLS',
};
