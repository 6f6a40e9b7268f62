// The TLS settings of one DestinationRule for one port.
import type { Span } from '../../base/span.ts';
import type { Resource } from '../../model/resource.ts';
import type { ClientTls, TrafficPolicy } from '../../model/specs.ts';

/** Why a rule, if selected, leaves a port's bytes as they came. */
export type NoTlsInRule =
  | 'no-tls'
  | 'port-mismatch'
  | 'port-entry-without-tls'
  | 'mode-disable'
  | 'istio-mutual'
  | 'subset-only'
  | 'incomplete-mutual';

export interface RuleTls {
  /** The settings that decide for the port, whatever their mode. */
  readonly tls: ClientTls | undefined;
  readonly mode: 'SIMPLE' | 'MUTUAL' | undefined;
  readonly portLevel: boolean;
  /** Undefined if TLS is originated, and where the mode is none that Istio has. */
  readonly cause: NoTlsInRule | undefined;
  readonly span: Span;
}

/** The TLS of that port if this rule is selected; `cause` if there is none. istio@86c9f01 pilot/pkg/networking/util/util.go GetPortLevelTrafficPolicy. */
export function tlsOfRule(rule: Resource<'DestinationRule'>, portNumber: number): RuleTls {
  const policy = rule.spec.trafficPolicy;
  // The first entry of a port counts, and it replaces the whole policy: nothing is inherited.
  const entry = policy?.portLevelSettings.find(({ port }) => port?.value === portNumber);
  if (entry?.tls) return judge(entry.tls, true);
  if (entry && policy?.tls && judge(policy.tls, false).mode) return none('port-entry-without-tls', entry.span, true);
  if (!entry && policy?.tls) return judge(policy.tls, false);
  return noTlsOf(rule, entry);
}

type PortEntry = TrafficPolicy['portLevelSettings'][number];

/** Why a rule that says nothing of TLS for a port says none; TLS that it has for others comes first. */
function noTlsOf({ spec, at }: Resource<'DestinationRule'>, entry: PortEntry | undefined): RuleTls {
  const policy = spec.trafficPolicy;
  const other = originatingEntry(policy);
  if (other) return none('port-mismatch', other.port?.span ?? other.span, entry !== undefined);
  const subset = spec.subsets.find(({ trafficPolicy }) => originates(trafficPolicy));
  if (subset) return none('subset-only', subset.name?.span ?? subset.span, entry !== undefined);
  return none('no-tls', entry?.span ?? policy?.key ?? spec.host?.span ?? at.spec, entry !== undefined);
}

/**
 * The subset's own settings for a port, which override the rule's; undefined if it has none.
 * istio@86c9f01 pilot/pkg/networking/util/util.go MergeSubsetTrafficPolicy.
 */
export function tlsOfSubset(rule: Resource<'DestinationRule'>, name: string, portNumber: number): RuleTls | undefined {
  const policy = rule.spec.subsets.find((subset) => subset.name?.value === name)?.trafficPolicy;
  const entry = policy?.portLevelSettings.find(({ port }) => port?.value === portNumber);
  if (entry) return entry.tls ? judge(entry.tls, true) : none('port-entry-without-tls', entry.span, true);
  return policy?.tls && judge(policy.tls, false);
}

/** Whether two rules give every port the same TLS. */
export function samePolicy(a: Resource<'DestinationRule'>, b: Resource<'DestinationRule'>): boolean {
  const ports = new Set(
    [a, b].flatMap(({ spec }) => spec.trafficPolicy?.portLevelSettings ?? []).map(({ port }) => port?.value ?? 0),
  );
  // Zero means every port that neither rule names.
  return [0, ...ports].every((port) => {
    const [x, y] = [tlsOfRule(a, port), tlsOfRule(b, port)];
    return x.mode === y.mode && (x.mode ? sameTls(x.tls, y.tls) : (x.cause === undefined) === (y.cause === undefined));
  });
}

/** Whether two settings lead to the same handshake. */
export function sameTls(a: ClientTls | undefined, b: ClientTls | undefined): boolean {
  return tlsKey(a) === tlsKey(b);
}

/** The same for settings that lead to the same handshake. */
export function tlsKey(tls: ClientTls | undefined): string | undefined {
  return JSON.stringify(plain(tls));
}

function plain(tls: ClientTls | undefined): unknown {
  if (!tls) return undefined;
  const {
    mode,
    sni,
    subjectAltNames,
    credentialName,
    caCertificates,
    clientCertificate,
    privateKey,
    insecureSkipVerify,
  } = tls;
  const values = [mode, sni, credentialName, caCertificates, clientCertificate, privateKey, insecureSkipVerify].map(
    (field) => field?.value ?? null,
  );
  return [values, subjectAltNames.map(({ value }) => value)];
}

/** istio@86c9f01 pilot/pkg/networking/core/cluster_waypoint.go buildWaypointTLSContext; an absent mode is DISABLE. */
function judge(tls: ClientTls, portLevel: boolean): RuleTls {
  const atMode = tls.mode?.span ?? tls.key;
  switch (tls.mode?.value ?? 'DISABLE') {
    case 'DISABLE':
      return { ...none('mode-disable', atMode, portLevel), tls };
    case 'ISTIO_MUTUAL':
      return { ...none('istio-mutual', atMode, portLevel), tls };
    case 'SIMPLE':
      return { tls, mode: 'SIMPLE', portLevel, cause: undefined, span: tls.key };
    case 'MUTUAL':
      return isComplete(tls)
        ? { tls, mode: 'MUTUAL', portLevel, cause: undefined, span: tls.key }
        : { ...none('incomplete-mutual', atMode, portLevel), tls };
    default:
      return { tls, mode: undefined, portLevel, cause: undefined, span: atMode };
  }
}

/** Without a client certificate the TLS context fails, and the cluster stays plaintext. istio@86c9f01 pilot/pkg/networking/core/cluster_tls.go constructUpstreamTLS. */
function isComplete(tls: ClientTls): boolean {
  return Boolean(tls.credentialName?.value) || Boolean(tls.clientCertificate?.value && tls.privateKey?.value);
}

function originatingEntry(policy: TrafficPolicy | undefined): PortEntry | undefined {
  return policy?.portLevelSettings.find(({ tls }) => tls && judge(tls, true).mode);
}

function originates(policy: TrafficPolicy | undefined): boolean {
  return Boolean((policy?.tls && judge(policy.tls, false).mode) || originatingEntry(policy));
}

function none(cause: NoTlsInRule, span: Span, portLevel: boolean): RuleTls {
  return { tls: undefined, mode: undefined, portLevel, cause, span };
}
