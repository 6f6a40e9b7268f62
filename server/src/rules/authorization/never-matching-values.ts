// Values of a policy that no request can have, and why. Header values are left out: they may hold any text.
import { keptFor } from '../../base/kept-for.ts';
import { nearest } from '../../base/nearest.ts';
import { parseRange } from '../../names/addresses.ts';
import { inBlock } from '../../eval/authz/ip-match.ts';
import { isTcpChain, portsUnder, type Reach } from './reach.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { NeverMatchingReason } from './never-matching-reason.ts';
import { pathFault } from './never-matching-paths.ts';
import type { Field } from '../../model/field.ts';
import type { AuthorizationRule } from '../../model/specs.ts';

export interface NeverMatching extends NeverMatchingReason {
  readonly value: Field<string>;
}

interface Named {
  readonly name: string;
  readonly values: readonly Field<string>[];
}

export function neverMatching(
  rule: AuthorizationRule,
  reach: Reach,
  { pathNormalization, trustDomain }: Pick<MeshSettings, 'pathNormalization' | 'trustDomain'>,
): readonly NeverMatching[] {
  const lists: readonly Named[] = [
    ...[...rule.from, ...rule.to].flatMap(({ fields }) => fields),
    ...rule.when.flatMap(({ key, values }) => (key ? [{ name: key.value, values }] : [])),
  ];
  return lists.flatMap(({ name, values }) =>
    values.flatMap((value) => {
      const fault =
        name === 'paths' && !hasInnerStar(name, value.value)
          ? pathFault(value.value, pathNormalization)
          : faultOf(name, value.value, { rule, reach, trustDomain });
      return fault ? [{ value, ...fault }] : [];
    }),
  );
}

type Fault = NeverMatchingReason;

interface Context {
  readonly rule: AuthorizationRule;
  readonly reach: Reach;
  readonly trustDomain: string;
}

function faultOf(name: string, value: string, { rule, reach, trustDomain }: Context): Fault | undefined {
  if (texts.has(name) && hasInnerStar(name, value))
    return { why: '* is a wildcard only at the start or the end of a value' };
  switch (name) {
    case 'methods':
      return methodFault(value);
    case 'principals':
    case 'source.principal':
      return principalFault(value, reach, trustDomain);
    case 'ports':
      return portFault(value, reach);
    case 'destination.port':
      return portFault(value, reach);
    case 'ipBlocks':
    case 'source.ip':
      return reach.entries.length > 0 && isPublic(value)
        ? { why: 'it is compared with the address of the client pod' }
        : undefined;
    case 'destination.ip':
      return destinationFault(value, reach);
    case 'connection.sni':
      return serverNameFault(rule, reach);
    default:
      return undefined;
  }
}

const texts: ReadonlySet<string> = new Set([
  'principals',
  'requestPrincipals',
  'hosts',
  'methods',
  'paths',
  'source.principal',
  'request.auth.principal',
  'connection.sni',
]);

/** istio@86c9f01 pilot/pkg/security/authz/matcher/string.go StringMatcherWithPrefix; path templates have stars in braces. */
function hasInnerStar(name: string, value: string): boolean {
  if (name === 'paths' && value.includes('{')) return false;
  if (value.startsWith('*')) return value.includes('*', 1);
  // `host:*` is the port's place, at the end.
  return value.slice(0, -1).includes('*');
}

const methods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE'];

/** Other registered methods (IANA, HTTP Method Registry) and PURGE of caches: not slips of the usual ones. */
const rareMethods: ReadonlySet<string> = new Set(
  (
    'ACL BIND CHECKIN CHECKOUT COPY LABEL LINK LOCK MERGE MKCALENDAR MKCOL MOVE ORDERPATCH PRI PROPFIND PROPPATCH PURGE ' +
    'QUERY REBIND REPORT SEARCH UNBIND UNLINK UNLOCK UPDATE SUBSCRIBE UNSUBSCRIBE NOTIFY'
  ).split(' '),
);

/** Methods compare with their case. istio@86c9f01 pilot/pkg/security/authz/model/generator.go methodGenerator. */
function methodFault(value: string): Fault | undefined {
  if (methods.includes(value) || value.includes('*')) return undefined;
  const upper = value.toUpperCase();
  if (methods.includes(upper)) return { why: `the method of requests is ${upper}, in upper case`, suggestion: upper };
  const suggestion = rareMethods.has(upper) ? undefined : nearest(upper, methods, { maxDistance: 1 });
  return suggestion === undefined
    ? undefined
    : { why: `HTTP has no method of this name, and the nearest is ${suggestion}`, suggestion };
}

const principalForm = 'TRUST_DOMAIN/ns/NAMESPACE/sa/ACCOUNT';

/** Istio puts `spiffe://` before what is written. istio@86c9f01 pilot/pkg/security/authz/model/generator.go srcPrincipalGenerator. */
function principalFault(value: string, reach: Reach, trustDomain: string): Fault | undefined {
  const scheme = 'spiffe://';
  if (!value.startsWith(scheme)) return reach.entries.length > 0 ? principalFormFault(value, trustDomain) : undefined;
  return {
    why: `a principal is written without ${scheme}, as ${principalForm}`,
    suggestion: value.slice(scheme.length),
  };
}

/** Clients of a waypoint have identities that Istio issues. istio@86c9f01 pkg/spiffe/spiffe.go Identity.String. */
function principalFormFault(value: string, trustDomain: string): Fault | undefined {
  if (value === '' || value.includes('*') || /^[^/]+\/ns\/[^/]+\/sa\/[^/]+$/.test(value)) return undefined;
  const account =
    /^ns\/([^/]+)\/sa\/([^/]+)$/.exec(value) ??
    /^system:serviceaccount:([^:/]+):([^:/]+)$/.exec(value) ??
    /^([^:/]+)\/([^:/]+)$/.exec(value);
  const suggestion = account ? { suggestion: `${trustDomain}/ns/${account[1]}/sa/${account[2]}` } : {};
  return { why: `a principal has the form ${principalForm}`, ...suggestion };
}

/** The chain sees the port that the client dialled. istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go buildWaypointInternal. */
function portFault(value: string, { entries, complete }: Reach): Fault | undefined {
  const { all: ports, numbers: known } = portsOf(entries);
  if (!complete || ports.length === 0 || known.has(undefined) || known.has(Number(value))) return undefined;
  const numbers = [
    ...new Set(
      ports.filter(({ targetPort }) => targetPort?.value === Number(value)).map(({ number }) => String(number!.value)),
    ),
  ];
  return numbers.length > 0
    ? {
        why: `policies use the port that clients call, ${numbers.join(' or ')}`,
        ...(numbers.length === 1 ? { suggestion: numbers[0]! } : {}),
      }
    : undefined;
}

/** Thousands of policies can be for the entries of one waypoint. */
const portsOf = keptFor((entries: Reach['entries']) => {
  const all = entries.flatMap(({ spec }) => spec.ports);
  return { all, numbers: new Set(all.map(({ number }) => number?.value)) };
});

/** The client dials the address in the mesh, never the host's own. istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go. */
function destinationFault(value: string, { entries, complete }: Reach): Fault | undefined {
  if (!complete || entries.length === 0 || !isPublic(value)) return undefined;
  const listed = entries.flatMap(({ spec }) => spec.addresses.map((address) => address.value));
  if (listed.some((address) => inBlock(value, [address]) !== 'no')) return undefined;
  return { why: "it is compared with the host's address in the mesh" };
}

/** Only where TLS arrives is there a name to inspect. istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go (TLS inspector). */
function serverNameFault(rule: AuthorizationRule, { entries, complete }: Reach): Fault | undefined {
  const ports = entries.flatMap((entry) => portsUnder(rule, entry));
  if (
    !complete ||
    ports.length === 0 ||
    ports.some((port) => isTcpChain(port) || protocolKind(port.protocol?.value) !== 'http')
  )
    return undefined;
  return { why: 'plain HTTP has no server name (SNI)' };
}

const inside = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '198.18.0.0/15',
  '240.0.0.0/4',
];

/** An IPv4 block of the internet. Pods can have public IPv6 addresses. */
function isPublic(value: string): boolean {
  const block = parseRange(value);
  return (
    block?.family === 4 &&
    block.prefix >= 8 &&
    inside.every((range) => inBlock(range, [value]) === 'no' && inBlock(value, [range]) === 'no')
  );
}
