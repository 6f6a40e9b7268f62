// Envoy's response flags, in the words of egress: all of its CoreResponseFlag. envoy@02c062b
// source/common/stream_info/utility.h ALL_RESPONSE_STRINGS_FLAGS.
import type { WriterKind } from './writer.ts';

const meanings: Readonly<Record<string, string>> = {
  UH: 'no healthy upstream: the host has no usable endpoint, often because DNS gave the proxy no address.',
  UF: 'the connection to the upstream failed: refused, timed out, or the TLS handshake did not succeed (upstream_transport_failure_reason says which).',
  UC: 'the upstream closed the connection: typical of plain HTTP sent to a port that expects TLS, or of an idle connection that was used again.',
  UPE: 'the upstream did not speak the expected protocol, as when TLS bytes come back to an HTTP client.',
  NR: 'no route or filter chain of the proxy matched: at a waypoint the port is not in the ServiceEntry; at a gateway no route has the host.',
  NC: 'the route leads to a cluster that does not exist: a wrong backend, or a subset without a DestinationRule.',
  DF: 'the host name could not be resolved while the request waited (wildcard hosts are resolved per request).',
  URX: 'all attempts to connect or to retry failed.',
  UT: 'the upstream did not answer in time.',
  UO: 'a limit of the connection pool was reached (circuit breaking in a DestinationRule).',
  UR: 'the upstream reset the stream.',
  LR: 'the proxy itself reset the stream.',
  LH: 'the local health check failed.',
  DC: 'the client closed the connection before the answer was complete.',
  DPE: 'the client did not speak the expected protocol: typical of TLS sent to a port that is declared as HTTP, or of a method that Envoy does not know.',
  DR: 'the client reset the stream.',
  UAEX: 'an external authorizer (a CUSTOM policy) refused the request.',
  RL: 'a local rate limit refused the request.',
  RLSE: 'the rate limit service could not be asked, and the proxy is configured to refuse in that case.',
  FI: 'an injected fault aborted the request (a route asks for it).',
  DI: 'an injected fault delayed the request (a route asks for it).',
  UMSDR: 'the upstream took longer than the longest allowed stream.',
  SI: 'nothing was sent for too long and the stream was ended.',
  DT: 'the request or connection took longer than the longest allowed time.',
  IH: 'a header had a value that strict checking forbids.',
  OM: 'the proxy was overloaded and dropped the request.',
  DO: 'the request was dropped by a drop policy of the endpoints.',
  UDO: 'all requests are dropped by a drop policy of the endpoints.',
  RFCF: 'the answer came from a cache filter.',
  NFCF: 'the configuration of a filter did not arrive in time.',
};

/** %RESPONSE_FLAGS_LONG%. */
const longNames: Readonly<Record<string, string>> = {
  DownstreamConnectionTermination: 'DC',
  FailedLocalHealthCheck: 'LH',
  NoHealthyUpstream: 'UH',
  UpstreamRequestTimeout: 'UT',
  LocalReset: 'LR',
  UpstreamRemoteReset: 'UR',
  UpstreamConnectionFailure: 'UF',
  UpstreamConnectionTermination: 'UC',
  UpstreamOverflow: 'UO',
  UpstreamRetryLimitExceeded: 'URX',
  NoRouteFound: 'NR',
  DelayInjected: 'DI',
  FaultInjected: 'FI',
  RateLimited: 'RL',
  UnauthorizedExternalService: 'UAEX',
  RateLimitServiceError: 'RLSE',
  StreamIdleTimeout: 'SI',
  InvalidEnvoyRequestHeaders: 'IH',
  DownstreamProtocolError: 'DPE',
  UpstreamMaxStreamDurationReached: 'UMSDR',
  ResponseFromCacheFilter: 'RFCF',
  NoFilterConfigFound: 'NFCF',
  DurationTimeout: 'DT',
  UpstreamProtocolError: 'UPE',
  NoClusterFound: 'NC',
  OverloadManagerTerminated: 'OM',
  DnsResolutionFailed: 'DF',
  DropOverload: 'DO',
  DownstreamRemoteReset: 'DR',
  UnconditionalDropOverload: 'UDO',
};

/** What `NR` means depends on the proxy that has no route. */
const noRoute: Partial<Readonly<Record<WriterKind, string>>> = {
  waypoint:
    'the waypoint has no route for the request: the port is not in the ServiceEntry, or the requested name is outside of its wildcard host.',
  'sidecar-outbound': "the client's sidecar has no route for the request: no VirtualService route or host matched.",
  'sidecar-inbound':
    "the destination's sidecar has no filter chain for the connection: often plaintext sent to a STRICT mTLS port.",
  'egress-gateway':
    'the egress gateway has no route for the host: no Gateway server together with a VirtualService for this gateway names it.',
  'ingress-gateway':
    'the ingress gateway has no route for the host: no Gateway server together with a VirtualService or HTTPRoute names it.',
  gateway:
    'the gateway has no route for the host: no Gateway server together with a VirtualService or HTTPRoute names it.',
  tunnel:
    'the proxy has nothing for the address and port that the tunnel asks for: the port is not in the ServiceEntry, or the service is not bound to this waypoint.',
};

/** True for a flag that means that no proper answer of the upstream reached the client. */
export function isFailure(flag: string): boolean {
  return !['DI', 'RFCF'].includes(flag);
}

/** Short names, whatever names the line has. */
export function flagsOf(value: string | undefined): readonly string[] {
  if (value === undefined) return [];
  return value
    .split(/[,|\s]+/)
    .filter((flag) => flag !== '' && flag !== '-')
    .map((flag) => (Object.hasOwn(longNames, flag) ? longNames[flag]! : flag));
}

export function explainFlags(value: string | undefined, writer: WriterKind = 'unknown'): string {
  const flags = flagsOf(value);
  if (flags.length === 0) return 'No flag: the proxy has nothing to add. (A denial by policy sets none either.)';
  return flags.map((flag) => `${flag}: ${meaningOf(flag, writer)}`).join(' ');
}

function meaningOf(flag: string, writer: WriterKind): string {
  if (flag === 'NR') return noRoute[writer] ?? meanings['NR']!;
  return Object.hasOwn(meanings, flag) ? meanings[flag]! : "this flag is not in Envoy's list.";
}
