// `response_code_details` and `connection_termination_details`: who answered, and which policy denied.

/** What authorization wrote. istio@86c9f01 pilot/pkg/security/authz/builder/builder.go policyName. */
export type Denial =
  /** ALLOW policies exist for the host and none matched. */
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
  cluster_not_found: 'The route names a cluster that does not exist.',
  no_healthy_upstream: 'The cluster has no endpoint that could be used.',
  no_cluster: 'No cluster was chosen for the connection.',
  filter_chain_not_found: 'Nothing listens there: the port is not one that the ServiceEntry lists.',
  upstream_response_timeout: 'The upstream did not answer in time.',
  response_timeout: 'The upstream did not answer in time.',
  request_overall_timeout: 'The request as a whole took too long.',
  stream_idle_timeout: 'Nothing was sent for too long.',
  max_duration_timeout: 'The request took longer than the longest allowed time.',
  'http1.codec_error':
    'The client did not send HTTP/1, or broken HTTP/1: often TLS on a port that is declared as HTTP.',
  'http2.protocol_error': 'The client did not send proper HTTP/2.',
  missing_host_header: 'The request has no Host.',
  path_normalization_failed: 'The path could not be brought to its normal form and was refused.',
  ext_authz_denied: 'An external authorizer (a CUSTOM policy) refused the request.',
  ext_authz_error: 'The external authorizer could not be asked, and refusing is configured for that case.',
  jwt_authn_access_denied: 'The token of the request was not accepted (RequestAuthentication).',
  fault_filter_abort: 'A fault that a route injects ended the request.',
  request_rate_limited: 'A rate limit refused the request.',
  local_rate_limited: 'A local rate limit refused the request.',
  downstream_remote_disconnect: 'The client disconnected.',
  downstream_local_disconnect: 'The proxy closed the connection to the client.',
};

const starting: readonly (readonly [RegExp, string])[] = [
  [
    /^upstream_reset_before_response_started\{(.*?)\}?$/,
    'The connection to the upstream ended before an answer began: $1.',
  ],
  [
    /^upstream_reset_after_response_started\{(.*?)\}?$/,
    'The connection to the upstream ended in the middle of the answer: $1.',
  ],
  [/^http1\.(.*)$/, 'The HTTP/1 reader refused the request: $1.'],
  [/^http2\.(.*)$/, 'The HTTP/2 reader refused the request: $1.'],
  [/^jwt_authn_access_denied\{(.*)\}$/, 'The token of the request was not accepted (RequestAuthentication): $1.'],
  [/^dns_resolution_failure(.*)$/, 'The host name could not be resolved$1.'],
];

export function explainDetails(value: string): string {
  const denial = denialOf(value);
  if (denial) return explainDenial(denial);
  if (Object.hasOwn(known, value)) return known[value]!;
  for (const [pattern, words] of starting)
    if (pattern.test(value)) return value.replace(pattern, words).replaceAll(/[_|]/g, ' ');
  return `The proxy's own words: ${value.replaceAll('_', ' ')}.`;
}

export function explainDenial(denial: Denial): string {
  if (denial.by === 'implicit-deny')
    return 'Denied by authorization: ALLOW policies apply here and no rule of theirs matched (the implicit deny).';
  if (denial.rule === undefined) return `Denied by authorization: ${denial.name} matched.`;
  const policy = `rule ${denial.rule + 1} of AuthorizationPolicy ${denial.namespace}/${denial.name}`;
  return denial.custom
    ? `Denied by authorization: ${policy} sends the request to an external authorizer that cannot be used.`
    : `Denied by authorization: ${policy} matched.`;
}
