// `response_code_details` and `connection_termination_details`: who answered, and which policy denied. envoy@0034b6f
// envoy/stream_info/stream_info.h ResponseCodeDetailValues, LocalCloseReasonValues.
import { causeOfFailure } from './transport-failure.ts';

/** What authorization wrote. istio@86c9f01 pilot/pkg/security/authz/builder/builder.go policyName. */
export type Denial =
  /** ALLOW policies exist for the host, and no rule matched. */
  | { readonly by: 'implicit-deny' }
  /** `rule` as the proxy counts, from 0; what people read counts from 1. */
  | {
      readonly by: 'policy';
      readonly namespace: string;
      readonly name: string;
      readonly rule: number | undefined;
      readonly custom: boolean;
    };

export function denialOf(text: string | undefined): Denial | undefined {
  const matched = text === undefined ? undefined : /rbac_access_denied_matched_policy\[(.*)\]/.exec(text)?.[1];
  if (matched === undefined) return undefined;
  if (matched === 'none' || matched === '') return { by: 'implicit-deny' };
  const named = /(?:^|-)ns\[([^\]]*)\]-policy\[([^\]]*)\]-rule\[(\d+)\]/.exec(matched);
  if (!named) return { by: 'policy', namespace: '', name: matched, rule: undefined, custom: false };
  return {
    by: 'policy',
    namespace: named[1]!,
    name: named[2]!,
    rule: Number(named[3]),
    custom: named.index > 0 || matched.startsWith('istio-ext-authz'),
  };
}

const known: Readonly<Record<string, string>> = {
  via_upstream: 'The answer came from the upstream.',
  direct_response: 'A route answered by itself, without the upstream.',
  route_not_found: 'No route matched the request.',
  route_configuration_not_found: 'The proxy has no route configuration yet: istiod did not send it.',
  cluster_not_found: 'The route names a cluster that does not exist.',
  no_healthy_upstream: 'The cluster has no endpoint that could be used.',
  no_cluster: 'No cluster was chosen for the connection.',
  filter_chain_not_found: 'No listener of the proxy is for that port or server name.',
  maintenance_mode: 'The cluster is in maintenance mode.',
  drop_overload: 'A drop policy of the endpoints dropped the request.',
  unconditional_drop_overload: 'A drop policy of the endpoints drops all requests.',
  overload: 'The proxy was overloaded and dropped the request.',
  upstream_response_timeout: 'The upstream did not answer in time.',
  response_timeout: 'The upstream did not answer in time (route timeout).',
  upstream_per_try_timeout: 'The upstream did not answer the last attempt in time (retries.perTryTimeout).',
  upstream_per_try_idle_timeout: 'The last attempt was idle for too long.',
  upstream_max_stream_duration_reached: 'The upstream took longer than the longest allowed stream.',
  request_overall_timeout: 'The request as a whole took too long.',
  request_header_timeout: 'The client did not send its headers in time.',
  downstream_header_timeout: 'The client did not send its headers in time.',
  stream_idle_timeout: 'Nothing was sent for too long.',
  max_duration_timeout: 'The request took longer than the longest allowed time.',
  duration_timeout: 'The connection was open for longer than allowed.',
  request_payload_too_large: 'The body of the request is larger than a filter allows.',
  response_payload_too_large: 'The body of the answer is larger than a filter allows.',
  request_payload_exceeded_retry_buffer_limit: 'The body of the request is too large to be retried.',
  low_version: 'The client spoke HTTP/1.0 or older, which the proxy does not accept.',
  missing_path_rejected: 'The request has no path.',
  invalid_path: 'The path of the request is not valid.',
  absolute_path_rejected: 'The request has an absolute URL as its path, which the proxy does not accept.',
  request_headers_failed_strict_check: 'A header had a value that strict checking forbids.',
  upgrade_failed: 'The proxy does not allow the upgrade that the client asked for.',
  websocket_handshake_unsuccessful: 'The upstream did not accept the WebSocket handshake.',
  internal_redirect: 'The proxy followed a redirect of the upstream itself.',
  rejecting_because_detection_failed: "The client's original address could not be found out.",
  early_connect_data: 'The client sent data before the tunnel was open.',
  'http1.codec_error':
    'The client did not send HTTP/1, or broken HTTP/1: often TLS on a port that is declared as HTTP.',
  'http2.protocol_error': 'The client did not send proper HTTP/2.',
  missing_host_header: 'The request has no Host.',
  path_normalization_failed: 'The path could not be normalized (for example %00) and was refused.',
  ext_authz_denied: 'An external authorizer (a CUSTOM policy) refused the request.',
  ext_authz_error: 'The external authorizer could not be asked, and the proxy is configured to refuse in that case.',
  jwt_authn_access_denied: 'The token of the request was not accepted (RequestAuthentication).',
  fault_filter_abort: 'A fault that a route injects ended the request.',
  request_rate_limited: 'A rate limit refused the request.',
  local_rate_limited: 'A local rate limit refused the request.',
  downstream_remote_disconnect: 'The client disconnected.',
  downstream_local_disconnect: 'The proxy closed the connection to the client.',
  on_idle_timeout: 'The connection was idle for too long.',
  tcp_session_idle_timeout: 'The connection was idle for too long.',
  max_connection_duration_reached: 'The connection was open for longer than allowed.',
  transport_socket_timeout: 'The TLS handshake with the client took too long.',
};

const starting: readonly (readonly [RegExp, string])[] = [
  [/^jwt_authn_access_denied\{(.*)\}$/, 'The token of the request was not accepted (RequestAuthentication): $1.'],
  [/^downstream_local_disconnect\((.*)\)$/, 'The proxy closed the connection to the client: $1.'],
  [/^tcp_initializion_failure:(.*)$/, 'The proxy could not start to pass the connection on:$1.'],
  [/^dns_resolution_failure(.*)$/, 'The host name could not be resolved$1.'],
  [/^http1\.(.*)$/, 'The client sent HTTP/1 that is not valid: $1.'],
  [/^http2\.(.*)$/, 'The client sent HTTP/2 that is not valid: $1.'],
];

const reset = /^upstream_reset_(before|after)_response_started(?:\{(.*?)\}?)?$/;

export function explainDetails(value: string): string {
  const denial = denialOf(value);
  if (denial) return explainDenial(denial);
  if (Object.hasOwn(known, value)) return known[value]!;
  const ended = reset.exec(value);
  if (ended) return explainReset(ended[1] === 'before', ended[2]);
  for (const [pattern, words] of starting)
    if (pattern.test(value)) return value.replace(pattern, words).replaceAll(/[_|]/g, ' ');
  return `The proxy's own words: ${value.replaceAll('_', ' ')}.`;
}

function explainReset(isBefore: boolean, words: string | undefined): string {
  const when = isBefore ? 'before an answer began' : 'in the middle of the answer';
  const cause = causeOfFailure(words);
  const own = words === undefined ? '' : words.replaceAll(/[_|]/g, ' ');
  if (cause !== undefined) return `The connection to the upstream ended ${when}: ${cause} (${own}).`;
  return `The connection to the upstream ended ${when}${own === '' ? '' : `: ${own}`}.`;
}

export function explainDenial(denial: Denial): string {
  if (denial.by === 'implicit-deny')
    return 'Denied by authorization: ALLOW policies apply here, and none of their rules matched (implicit deny).';
  if (denial.rule === undefined) return `Denied by authorization: ${denial.name} matched.`;
  const policy = `rule ${denial.rule + 1} of AuthorizationPolicy ${denial.namespace}/${denial.name}`;
  return denial.custom
    ? `Denied by authorization: ${policy} sends the request to an external authorizer that cannot be used.`
    : `Denied by authorization: ${policy} matched.`;
}
