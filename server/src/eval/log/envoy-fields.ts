// What each field of Istio's Envoy access log is, and what its value says. The 24 fields are the default of every
// supported release: istio@86c9f01 pilot/pkg/model/telemetry_logging.go EnvoyTextLogFormat, EnvoyJSONLogFormatIstio.
import { explainDetails } from './details.ts';
import { portOfAddress, valueOf, type LogEntry } from './entry.ts';
import type { FieldDoc } from './field-doc.ts';
import { explainFlags } from './flags.ts';
import { resetReason } from './reply-body.ts';
import { explainTransportFailure } from './transport-failure.ts';
import { explainCluster, isInternal, parseCluster } from './upstream-cluster.ts';
import { writerOf } from './writer.ts';

const text = (words: string) => (value: string, entry: LogEntry) =>
  words.replaceAll('@', writerOf(entry).noun).replace('$', () => value);
const isTcp = (entry: LogEntry) => valueOf(entry, 'method') === undefined && valueOf(entry, 'response_code') === '0';

export const envoyFields: Readonly<Record<string, FieldDoc>> = {
  start_time: { operator: '%START_TIME%', say: text('When the request began: $ (UTC).') },
  method: {
    operator: '%REQ(:METHOD)%',
    say: text('The HTTP method that the client sent: $.'),
    none: text('No HTTP method: this is a connection, not an HTTP request.'),
  },
  path: {
    operator: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%',
    say: text('The path as the client sent it, before any rewrite: $.'),
    none: text('No path: nothing was read as HTTP.'),
  },
  protocol: {
    operator: '%PROTOCOL%',
    say: text('The protocol that the client spoke to the @: $. TLS to the server, if any, is added after it.'),
    none: text('No HTTP version: nothing was read as HTTP.'),
  },
  response_code: { operator: '%RESPONSE_CODE%', say: explainCode },
  response_flags: {
    operator: '%RESPONSE_FLAGS%',
    say: (value, entry) => explainFlags(value, writerOf(entry).kind),
    none: () => explainFlags(undefined),
  },
  response_code_details: {
    operator: '%RESPONSE_CODE_DETAILS%',
    say: explainDetails,
    none: text('The @ does not say who answered.'),
  },
  connection_termination_details: {
    operator: '%CONNECTION_TERMINATION_DETAILS%',
    say: explainDetails,
    none: text('The @ did not end the connection for a reason of its own.'),
  },
  upstream_transport_failure_reason: {
    operator: '%UPSTREAM_TRANSPORT_FAILURE_REASON%',
    say: explainTransportFailure,
    none: text('No failure of the connection or of TLS to the upstream.'),
  },
  [resetReason]: {
    say: (value) => `How the proxy lost the connection to the server, in its words: ${value}.`,
  },
  bytes_received: {
    operator: '%BYTES_RECEIVED%',
    say: (value, entry) => `${isTcp(entry) ? 'Bytes' : 'Bytes of body'} from the client: ${value}.`,
  },
  bytes_sent: {
    operator: '%BYTES_SENT%',
    say: (value, entry) => `${isTcp(entry) ? 'Bytes' : 'Bytes of body'} to the client: ${value}.`,
  },
  duration: {
    operator: '%DURATION%',
    say: text('From the first byte of the request to the last of the answer: $ ms.'),
  },
  upstream_service_time: {
    operator: '%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%',
    say: text('Of that, waiting for the upstream: $ ms.'),
    none: text('The upstream did not answer, or the time was not measured.'),
  },
  x_forwarded_for: {
    operator: '%REQ(X-FORWARDED-FOR)%',
    say: text('Addresses that the request claims to have come through: $.'),
    none: text('The client sent no X-Forwarded-For.'),
  },
  user_agent: {
    operator: '%REQ(USER-AGENT)%',
    say: text('The program that the client says it is: $.'),
    none: text('The client named no program.'),
  },
  request_id: {
    operator: '%REQ(X-REQUEST-ID)%',
    say: text('The id of the request, the same in the logs of other proxies and in traces: $.'),
    none: text('No request id.'),
  },
  authority: {
    operator: '%REQ(:AUTHORITY)%',
    say: text(
      'The host that the client asked for (Host header): $. Policies compare `hosts` with exactly this text, with its port.',
    ),
    none: text('No Host: nothing was read as HTTP.'),
  },
  upstream_host: {
    operator: '%UPSTREAM_HOST%',
    say: explainUpstreamHost,
    none: text('No connection to an upstream: the request ended at the @.'),
  },
  upstream_cluster: { operator: '%UPSTREAM_CLUSTER_RAW%', say: explainCluster, none: text('No cluster was chosen.') },
  upstream_local_address: {
    operator: '%UPSTREAM_LOCAL_ADDRESS%',
    say: explainUpstreamLocal,
    none: text('The @ opened no connection to an upstream.'),
  },
  downstream_local_address: { operator: '%DOWNSTREAM_LOCAL_ADDRESS%', say: explainCalled },
  downstream_remote_address: {
    operator: '%DOWNSTREAM_REMOTE_ADDRESS%',
    say: text(
      'The client: the address and port that the @ saw, $. The line has no identity; the pod with that address has it.',
    ),
  },
  requested_server_name: {
    operator: '%REQUESTED_SERVER_NAME%',
    say: explainServerName,
    none: text('No server name: the client sent no TLS to the @, or the @ did not read it.'),
  },
  route_name: {
    operator: '%ROUTE_NAME%',
    say: explainRoute,
    none: text('No route was chosen.'),
  },
};

/** Routes that Istio itself names. istio@86c9f01 pilot/pkg/networking/util/util.go BlackHole, Passthrough; core/route/route.go DefaultRouteName. */
function explainRoute(value: string): string {
  if (value === 'default') return 'The default route of the service: no HTTPRoute or VirtualService applied.';
  if (value === 'block_all')
    return 'The route that answers 502 to every host that the sidecar does not know (REGISTRY_ONLY).';
  if (value === 'allow_any' || value === 'allow_any_dynamic_dns')
    return 'The route for hosts that the sidecar does not know: they are passed on (ALLOW_ANY).';
  return `The route that matched: ${value}.`;
}

function explainCode(value: string, entry: LogEntry): string {
  if (value === '0')
    return isTcp(entry)
      ? 'No status: a connection (TCP or passed-through TLS), not an HTTP request.'
      : 'No status was sent: the client was gone, or the connection was cut.';
  if (value === '403')
    return 'HTTP status 403 (forbidden); response_code_details says whether a policy of the mesh or the upstream refused.';
  if (value === '502' && valueOf(entry, 'route_name') === 'block_all')
    return 'HTTP status 502, written by the sidecar: it does not know the host, and REGISTRY_ONLY blocks unknown hosts.';
  if (value === '503')
    return `HTTP status that the client got: 503 (service unavailable; written by the ${writerOf(entry).noun} unless the details say via_upstream).`;
  return `HTTP status that the client got: ${value}${value.startsWith('2') ? ' (success)' : ''}.`;
}

function explainUpstreamHost(value: string): string {
  const inside = /^envoy:\/\/([a-z_]+)\/(.*)$/.exec(value);
  if (inside)
    return inside[1]!.includes('originate')
      ? `Sent through a tunnel (HBONE) to ${inside[2]!}, by the proxy's internal listener ${inside[1]!}.`
      : `Sent to the proxy's internal listener ${inside[1]!}.`;
  const port = portOfAddress(value);
  if (port === 15008) return `The other end of a tunnel (HBONE): ${value}.`;
  return `The address that was connected to: ${value}. Port ${port ?? '?'} is the target port; whether TLS was spoken there the line does not say.`;
}

function explainUpstreamLocal(value: string, entry: LogEntry): string {
  if (isInternal(value)) return `An address inside the proxy (${value}): the connection goes through a tunnel (HBONE).`;
  if (/^(127\.0\.0\.6|\[::6\]):/.test(value))
    return `The sidecar's own end of the connection to its workload: ${value}. Istio uses 127.0.0.6 for that.`;
  return `The ${writerOf(entry).noun}'s own end of the connection to the upstream: ${value}.`;
}

function explainCalled(value: string, entry: LogEntry): string {
  const port = portOfAddress(value);
  if (port === 15008) return `The end of the tunnel (HBONE, port 15008): ${value}. What was asked for is inside of it.`;
  if (isInternal(value)) return `A listener inside the proxy: ${value}.`;
  const { kind } = writerOf(entry);
  if (kind.endsWith('gateway')) return `The gateway's own address and port, which the client connected to: ${value}.`;
  if (kind === 'sidecar-inbound')
    return `The address and port of the workload, which the client connected to: ${value}.`;
  const given = value.startsWith('240.240.') ? ", the address that Istio gave the ServiceEntry's host" : '';
  return `The address and port that the client connected to: ${value}${given}.`;
}

function explainServerName(value: string): string {
  const { host, port, subset } = parseCluster(value);
  if (value.startsWith('outbound_.') && host !== undefined)
    return `The server name that a sidecar uses inside the mesh: port ${port ?? '?'} of ${host}${subset === undefined ? '' : `, subset ${subset}`}.`;
  return `The server name in the client's own TLS handshake: ${value}. The client chooses it.`;
}
