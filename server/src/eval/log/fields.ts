// What each field is, and what its value says.
import { explainCluster } from './upstream-cluster.ts';
import { explainDetails } from './details.ts';
import { valueOf, type LogEntry, type LogField } from './entry.ts';
import { explainFlags } from './flags.ts';

export interface ExplainedField extends LogField {
  /** Envoy's command operator where the field has one: `%START_TIME%`. */
  readonly operator: string | undefined;
  /** One or two sentences about this value. */
  readonly meaning: string;
}

interface About {
  readonly operator?: string;
  readonly say: (value: string, entry: LogEntry) => string;
  /** Where the value is `-`. */
  readonly none?: string;
}

export function explainFields(entry: LogEntry): readonly ExplainedField[] {
  return entry.fields.map((field) => {
    const about = Object.hasOwn(abouts, field.name) ? abouts[field.name]! : undefined;
    return { ...field, operator: about?.operator, meaning: meaningOf(field, about, entry) };
  });
}

function meaningOf({ name, value }: LogField, about: About | undefined, entry: LogEntry): string {
  if (!about) return 'No field of the default format: the mesh is configured to log it.';
  return valueOf(entry, name) === undefined ? (about.none ?? 'Nothing to say.') : about.say(value, entry);
}

const said = (words: string) => (value: string) => words.replace('$', value);
const isTcp = (entry: LogEntry) => valueOf(entry, 'method') === undefined && valueOf(entry, 'response_code') === '0';

const abouts: Readonly<Record<string, About>> = {
  start_time: { operator: '%START_TIME%', say: said('When the request began: $ (UTC).') },
  method: {
    operator: '%REQ(:METHOD)%',
    say: said('The HTTP method that the client sent: $.'),
    none: 'No HTTP method: this is a connection, not a request that was read.',
  },
  path: {
    operator: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%',
    say: said('The path as the client sent it, before any rewrite: $.'),
    none: 'No path: nothing was read as HTTP.',
  },
  protocol: {
    operator: '%PROTOCOL%',
    say: said('What the client spoke to the waypoint: $. TLS to the outside, if any, is added behind it.'),
    none: 'No HTTP version: nothing was read as HTTP.',
  },
  response_code: { operator: '%RESPONSE_CODE%', say: explainCode },
  response_flags: { operator: '%RESPONSE_FLAGS%', say: explainFlags, none: explainFlags(undefined) },
  response_code_details: {
    operator: '%RESPONSE_CODE_DETAILS%',
    say: explainDetails,
    none: 'Nothing about who answered.',
  },
  connection_termination_details: {
    operator: '%CONNECTION_TERMINATION_DETAILS%',
    say: explainDetails,
    none: 'The proxy did not end the connection for a reason of its own.',
  },
  upstream_transport_failure_reason: {
    operator: '%UPSTREAM_TRANSPORT_FAILURE_REASON%',
    say: explainTransportFailure,
    none: 'No failure of the connection or of TLS to the upstream.',
  },
  bytes_received: {
    operator: '%BYTES_RECEIVED%',
    say: (value, entry) => `${isTcp(entry) ? 'Bytes' : 'Bytes of body'} from the client: ${value}.`,
  },
  bytes_sent: {
    operator: '%BYTES_SENT%',
    say: (value, entry) =>
      entry.format === 'ztunnel'
        ? `Bytes sent: ${value}.`
        : `${isTcp(entry) ? 'Bytes' : 'Bytes of body'} to the client: ${value}.`,
  },
  duration: {
    operator: '%DURATION%',
    say: (value, entry) =>
      entry.format === 'ztunnel'
        ? `How long the connection lasted: ${value}.`
        : `From the first byte of the request to the last of the answer: ${value} ms.`,
  },
  upstream_service_time: {
    operator: '%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%',
    say: said('Of that, waiting for the upstream: $ ms.'),
    none: 'The upstream did not answer, or nobody measured it.',
  },
  x_forwarded_for: {
    operator: '%REQ(X-FORWARDED-FOR)%',
    say: said('Addresses that the request claims to have come through: $.'),
    none: 'The client sent no X-Forwarded-For.',
  },
  user_agent: {
    operator: '%REQ(USER-AGENT)%',
    say: said('The program that the client says it is: $.'),
    none: 'The client named no program.',
  },
  request_id: {
    operator: '%REQ(X-REQUEST-ID)%',
    say: said('The id of the request, the same in the logs of other proxies and in traces: $.'),
    none: 'No request id.',
  },
  authority: {
    operator: '%REQ(:AUTHORITY)%',
    say: said(
      'The host that the client asked for (Host header): $. Policies compare `hosts` with exactly this text, with its port.',
    ),
    none: 'No Host: nothing was read as HTTP.',
  },
  upstream_host: {
    operator: '%UPSTREAM_HOST%',
    say: explainUpstreamHost,
    none: 'No upstream was connected to: the request ended at the waypoint.',
  },
  upstream_cluster: { operator: '%UPSTREAM_CLUSTER_RAW%', say: explainCluster, none: 'No cluster was chosen.' },
  upstream_local_address: {
    operator: '%UPSTREAM_LOCAL_ADDRESS%',
    say: said("The waypoint's own end of the connection to the outside: $."),
    none: 'There was no connection to the outside.',
  },
  downstream_local_address: { operator: '%DOWNSTREAM_LOCAL_ADDRESS%', say: explainDialled },
  downstream_remote_address: {
    operator: '%DOWNSTREAM_REMOTE_ADDRESS%',
    say: said(
      'The client: the address and port of its pod, $. The line names no identity; the pod with that address has it.',
    ),
  },
  requested_server_name: {
    operator: '%REQUESTED_SERVER_NAME%',
    say: said("The server name in the client's own TLS handshake: $. The client chooses it."),
    none: 'No server name: the client sent no TLS to the waypoint, or nobody looked into it.',
  },
  route_name: {
    operator: '%ROUTE_NAME%',
    say: (value) =>
      value === 'default'
        ? 'The default route of the service: no HTTPRoute or VirtualService took part.'
        : `The route that matched: ${value}.`,
    none: 'No route was chosen.',
  },
  time: { say: said('When ztunnel wrote the line: $ (UTC).') },
  level: {
    say: (value) => (value === 'error' ? 'The connection did not go as it should.' : `The line's level: ${value}.`),
  },
  message: { say: said('What happened: $.') },
  'src.addr': { say: said('The client: address and port of its pod, $.') },
  'src.workload': { say: said('The pod of the client: $.') },
  'src.namespace': { say: said('The namespace of the client: $.') },
  'src.identity': { say: said("The client's identity, as policies compare it: $.") },
  'src.cluster': { say: said('The cluster of the client: $.') },
  'dst.addr': {
    say: (value) =>
      value.endsWith(':15008')
        ? `Where ztunnel connected to: ${value}. Port 15008 is the tunnel (HBONE) of a waypoint or of another ztunnel.`
        : `Where ztunnel connected to: ${value}, directly and without a tunnel.`,
  },
  'dst.hbone_addr': {
    say: said('What was asked for inside the tunnel: $, the address and port that the client dialled.'),
  },
  'dst.service': { say: said('The host of the service: $.') },
  'dst.workload': { say: said("The pod at the other end: $; for traffic through a waypoint, the waypoint's.") },
  'dst.namespace': { say: said('The namespace of the other end: $.') },
  'dst.identity': { say: said('The identity of the other end, the waypoint where there is one: $.') },
  'dst.cluster': { say: said('The cluster of the other end: $.') },
  direction: {
    say: (value) =>
      value === 'outbound'
        ? "Seen from the client's ztunnel (outbound)."
        : `Seen from the destination's ztunnel (${value}).`,
  },
  bytes_recv: { say: said('Bytes received: $.') },
  error: { say: explainZtunnelError },
};

function explainCode(value: string, entry: LogEntry): string {
  if (value === '0')
    return isTcp(entry)
      ? 'No status: a connection (TCP or passed-through TLS), not an HTTP request.'
      : 'No status was sent: the client was gone, or the connection was cut.';
  if (value === '403')
    return 'HTTP status 403 (forbidden); response_code_details says whether a policy of the mesh or the upstream refused.';
  if (value === '503')
    return 'HTTP status that the client got: 503 (service unavailable; written by the waypoint unless the details say via_upstream).';
  return `HTTP status that the client got: ${value}${value.startsWith('2') ? ' (success)' : ''}.`;
}

function explainTransportFailure(value: string): string {
  const text = value.replaceAll('_', ' ');
  if (/CERTIFICATE_VERIFY_FAILED/.test(value))
    return `The upstream's certificate was not accepted: wrong roots or another name than expected (${text}).`;
  if (/WRONG_VERSION_NUMBER/.test(value))
    return `The upstream does not speak TLS on that port: TLS was originated towards a plaintext port (${text}).`;
  if (/Secret is not supplied by SDS/i.test(value.replaceAll('_', ' ')))
    return `A certificate that the DestinationRule names could not be had: the secret is missing or the waypoint may not read it (${text}).`;
  return `Why the connection to the upstream failed: ${text}.`;
}

function explainUpstreamHost(value: string): string {
  const port = /:(\d+)$/.exec(value)?.[1];
  return `The real address that was connected to: ${value}. Port ${port ?? '?'} is the target port; whether TLS was spoken there the line does not say.`;
}

function explainDialled(value: string): string {
  return `What the client dialled: ${value}${value.startsWith('240.240.') ? ", the address that Istio gave the ServiceEntry's host," : ''} and the port that the ServiceEntry lists as \`number\`.`;
}

function explainZtunnelError(value: string): string {
  if (/allow policies exist, but none allowed/.test(value))
    return 'Denied by ztunnel: ALLOW policies without targetRefs apply to the destination pod and none matched.';
  const denied = /explicitly denied by: (\S+)/.exec(value)?.[1];
  if (denied) return `Denied by ztunnel: the DENY policy ${denied} matched.`;
  if (/unknown waypoint/.test(value))
    return 'The waypoint that the service is bound to has no pod that could be reached: nothing is sent around it.';
  if (/no healthy upstream/.test(value))
    return 'No endpoint: the port is not in the ServiceEntry, or its host has no address.';
  if (/maybe a NetworkPolicy is blocking HBONE port 15008/.test(value))
    return 'The tunnel could not be opened in time; a NetworkPolicy may forbid port 15008.';
  const status = /http status: (\d+)/.exec(value)?.[1];
  if (status) return `The other end refused the tunnel with status ${status}.`;
  return `ztunnel's own words: ${value}.`;
}
