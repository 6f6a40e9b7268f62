// What each field of ztunnel's access log is. ztunnel@62d8265 src/proxy/metrics.rs record_internal.
import { portOfAddress, valueOf, type LogEntry } from './entry.ts';
import type { FieldDoc } from './field-doc.ts';
import { causeOfZtunnelError, isRejection } from './ztunnel-error.ts';

const text = (words: string) => (value: string) => words.replace('$', () => value);
const isOutbound = (entry: LogEntry) => valueOf(entry, 'direction') === 'outbound';

export const ztunnelFields: Readonly<Record<string, FieldDoc>> = {
  time: { say: text('When ztunnel wrote the line, at the end of the connection: $ (UTC).') },
  level: {
    say: (value) => (value === 'error' || value === 'warn' ? 'The connection failed.' : `Log level: ${value}.`),
  },
  scope: { say: text('The part of ztunnel that wrote the line: $. Access lines have scope access.') },
  message: { say: text('What happened: $.') },
  'src.addr': { say: text('The client: address and port of its pod, $.') },
  'src.workload': { say: text('The pod of the client: $.') },
  'src.namespace': { say: text('The namespace of the client: $.') },
  'src.identity': { say: text("The client's identity, as policies compare it: $. It is in the line only with mTLS.") },
  'src.cluster': { say: text('The cluster of the client: $ (a default field since Istio 1.31).') },
  'dst.addr': { say: explainDestination },
  'dst.hbone_addr': {
    say: text('What was asked for inside the tunnel: $, the address and port that the client connected to.'),
  },
  'dst.service': { say: text('The host of the service: $.') },
  'dst.workload': { say: text("The pod at the other end: $; for traffic through a waypoint, the waypoint's.") },
  'dst.namespace': { say: text('The namespace of the other end: $.') },
  'dst.identity': { say: text('The identity of the other end, the waypoint where there is one: $.') },
  'dst.cluster': { say: text('The cluster of the other end: $ (a default field since Istio 1.31).') },
  direction: {
    say: (value) =>
      value === 'outbound'
        ? "Written by the client's ztunnel (outbound)."
        : `Written by the destination's ztunnel (${value}).`,
  },
  // ztunnel@62d8265 src/copy.rs copy_bidirectional: the log swaps the counters for the client's side.
  bytes_sent: {
    say: (value, entry) =>
      `Bytes ${isOutbound(entry) ? 'from the client to the destination' : 'from the destination to the client'}: ${value}.`,
  },
  bytes_recv: {
    say: (value, entry) =>
      `Bytes ${isOutbound(entry) ? 'from the destination to the client' : 'from the client to the destination'}: ${value}${value === '0' ? ', so nothing was received' : ''}.`,
  },
  duration: { say: text('How long the connection was open: $.') },
  error: {
    say: (value) => `${isRejection(value) ? 'Denied' : 'Failed'}: ${causeOfZtunnelError(value)}.`,
  },
};

function explainDestination(value: string, entry: LogEntry): string {
  if (portOfAddress(value) === 15008)
    return `Where ztunnel connected to: ${value}. Port 15008 is the tunnel (HBONE) of a waypoint or of another ztunnel.`;
  if (valueOf(entry, 'dst.hbone_addr') !== undefined) return `The address that the tunnel led to: ${value}.`;
  return isOutbound(entry)
    ? `Where ztunnel connected to: ${value}, directly and without a tunnel.`
    : `The address of the destination: ${value}.`;
}
