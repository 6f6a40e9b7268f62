// What ztunnel's `error` says. ztunnel@62d8265 src/proxy.rs Error, AuthorizationRejectionError; src/tls/lib.rs Error.
import { causeOfFailure } from './transport-failure.ts';

const causes: readonly (readonly [RegExp, string])[] = [
  [
    /allow policies exist, but none allowed/,
    'ALLOW policies without targetRefs apply to the destination pod, and none of their rules matched',
  ],
  [/explicitly denied by: (\S+)/, 'the DENY policy $1 matched'],
  [/connection closed due to policy change/, 'a policy that came later does not allow the open connection'],
  [/peer certificate revoked/, "the peer's certificate is revoked"],
  [
    /unknown waypoint/,
    'the waypoint that the service is bound to does not exist or has no ready pod; ztunnel does not send traffic around it',
  ],
  [/unknown network gateway|no gateway address/, 'the gateway to the other network is not known'],
  [
    /no healthy upstream/,
    'the service has no endpoint for this port: the ServiceEntry or Service does not list the port, has no endpoints, or its host has no address',
  ],
  [/found, but cannot resolve port|no valid (?:service|target) port/, 'the service does not list this port'],
  [/found, but has no IP addresses/, 'the service has no address'],
  [/no service (?:or workload )?for/, 'ztunnel knows no service or workload for the destination'],
  [/no endpoints for workload/, 'the workload has no endpoints'],
  [
    /no ip addresses were resolved|had no A\/AAAA records|no valid IP addresses/,
    "the host's name resolves to no address",
  ],
  [/^dns|dns lookup/, "the host's name could not be resolved"],
  [/attempted recursive call/, 'the connection leads back to ztunnel itself'],
  [
    /maybe a NetworkPolicy is blocking HBONE port 15008/,
    'the tunnel could not be opened in time: a NetworkPolicy or a firewall may block port 15008',
  ],
  [
    /http status: 401/,
    'the ztunnel or waypoint at the other end refused the tunnel (401): an AuthorizationPolicy denied it',
  ],
  [/http status: 403/, 'the waypoint refused the tunnel (403): an AuthorizationPolicy denied it'],
  [/http status: 503/, 'the other end of the tunnel could not reach the destination (503)'],
  [/http status: (\d+)/, 'the other end refused the tunnel with status $1'],
  [
    /expected method CONNECT|invalid CONNECT address|no valid authority/,
    'the request that opens the tunnel was not valid',
  ],
  [
    /failed to fetch information about local workload/,
    'ztunnel has no information about the client pod yet (it is new, or istiod was not reached)',
  ],
  [
    /identity error|signing error|the identity is no longer needed/,
    "ztunnel has no certificate for the pod's identity (istiod refused it or was not reached)",
  ],
  [/tls|certificate/i, 'the mTLS handshake between the two ends failed: trust domain, certificate or root do not fit'],
  [
    /http2 handshake failed|h2 failed/,
    'the tunnel (HTTP/2) broke: the other end is not a waypoint or ztunnel, or it restarted',
  ],
  [/closed from drain|due to connection drain|drain within|pool draining/, 'ztunnel or the pod shut down (drain)'],
  [/destination disconnected before all data/, 'the destination closed the connection before all data was sent to it'],
  [/client disconnected before all data/, 'the client closed the connection before all data was received'],
  [/ip mismatch/, 'the address in the tunnel is not the address of the connection'],
];

/** A cause without a full stop. */
export function causeOfZtunnelError(text: string): string {
  const bare = text.replace(/^(?:(?:receive|send|while closing connection|io error|connection failed): )+/, '');
  const found = causes.find(([pattern]) => pattern.test(bare));
  if (found) return found[0].exec(bare)![0].replace(found[0], found[1]);
  return causeOfFailure(text) ?? `ztunnel's own words: ${text}`;
}

/** Whether a policy refused it. */
export function isRejection(text: string): boolean {
  return /policy (?:rejection|change)|http status: 40[13]/.test(text);
}
