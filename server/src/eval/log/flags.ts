// Envoy's response flags, in the words of egress.
const meanings: Readonly<Record<string, string>> = {
  UH: 'no healthy upstream: the host has no usable endpoint, often because DNS gave the waypoint no address.',
  UF: 'the connection to the upstream failed: refused, timed out, or the TLS handshake did not succeed (upstream_transport_failure_reason has the words).',
  UC: 'the upstream closed the connection: typical of plain HTTP sent to a port that expects TLS, or of an idle connection that was used again.',
  UPE: 'the upstream did not speak the expected protocol, as when TLS bytes come back to an HTTP client.',
  NR: 'no route or no filter chain matched: the port is not in the ServiceEntry, or the requested name is outside of its wildcard host.',
  NC: 'the route leads to a cluster that does not exist: a wrong backend, or a subset without a DestinationRule.',
  DF: 'the name could not be resolved while the request waited (wildcard hosts are resolved per request).',
  URX: 'every attempt to connect or retry was used up.',
  UT: 'the upstream did not answer in time.',
  UO: 'a limit of the connection pool was reached (circuit breaking in a DestinationRule).',
  UR: 'the upstream reset the stream.',
  LR: 'the proxy itself reset the stream.',
  LH: 'the local health check failed.',
  DC: 'the client went away before the answer was complete.',
  DPE: 'the client did not speak the expected protocol: typical of TLS sent to a port that is declared as HTTP.',
  DR: 'the client reset the stream.',
  UAEX: 'an external authorizer (a CUSTOM policy) refused the request.',
  RL: 'a local rate limit refused the request.',
  RLSE: 'the rate limit service could not be asked, and refusing was configured for that case.',
  FI: 'an injected fault aborted the request (a route asks for it).',
  DI: 'the request was delayed by an injected fault (a route asks for it).',
  UMSDR: 'the upstream took longer than the longest allowed stream.',
  SI: 'nothing was sent for too long and the stream was ended.',
  DT: 'the request took longer than the longest allowed time.',
  IH: 'a header had a value that strict checking forbids.',
  OM: 'the proxy was overloaded and dropped the request.',
  DO: 'the request was dropped by the overload manager or a drop policy of the endpoints.',
  UDO: 'the request was dropped because the upstream asked for less load.',
  RFCF: 'the answer was served from a cache filter.',
  NFCF: 'there was no fresh answer in the cache.',
  DRO: 'the remote side asked to drain.',
};

/** True for a flag that means that no proper answer of the upstream reached the client. */
export function isFailure(flag: string): boolean {
  return !['DI', 'RFCF'].includes(flag);
}

export function flagsOf(value: string | undefined): readonly string[] {
  return value === undefined ? [] : value.split(',').filter((flag) => flag !== '');
}

export function explainFlags(value: string | undefined): string {
  const flags = flagsOf(value);
  if (flags.length === 0) return 'No flag: the proxy has nothing to add. (A denial by policy sets none either.)';
  return flags
    .map(
      (flag) =>
        `${flag}: ${Object.hasOwn(meanings, flag) ? meanings[flag]! : 'a flag of Envoy that this tool does not know.'}`,
    )
    .join(' ');
}
