// What each condition of a rule compares, by its name. `undefined` as an answer: the value is of a kind that proxies skip.
import { withoutQuery } from '../http-path.ts';
import { couldCarryToken } from './carried-token.ts';
import { inBlock } from './ip-match.ts';
import type { Connection } from './connection.ts';
import {
  matchesHost,
  matchesNamespace,
  matchesPath,
  matchesServiceAccount,
  matchesText,
  matchesTrustDomain,
} from './text-match.ts';
import type { Outcome } from './verdict.ts';

export interface Condition {
  /** HTTP conditions make a rule vanish or widen on a TCP chain. istio@86c9f01 pilot/pkg/security/authz/model/generator.go (`forTCP`). */
  readonly http: boolean;
  /** What a policy would see, for messages; undefined where there is nothing or it is not known. */
  readonly actual: (connection: Connection) => string | undefined;
  readonly test: (value: string, connection: Connection, policyNamespace: string) => Outcome;
}

/** The client's identity as it is compared. istio@86c9f01 pkg/spiffe/spiffe.go Identity.String. */
export function principalOf({ source }: Connection): string {
  if (source.isAnonymous) return '';
  return `spiffe://${source.trustDomain}/ns/${source.namespace}/sa/${source.serviceAccount}`;
}

const said = (matches: boolean): Outcome => (matches ? 'yes' : 'no');

const principal: Condition = {
  http: false,
  actual: (connection) => principalOf(connection).slice('spiffe://'.length) || undefined,
  test: (value, connection) => said(matchesPrincipal(value, principalOf(connection))),
};
const namespace: Condition = {
  http: false,
  actual: ({ source }) => (source.isAnonymous ? undefined : source.namespace),
  test: (value, connection) => said(matchesNamespace(value, principalOf(connection))),
};
const serviceAccount: Condition = {
  http: false,
  actual: ({ source }) => (source.isAnonymous ? undefined : `${source.namespace}/${source.serviceAccount}`),
  test: (value, connection, policyNamespace) =>
    said(matchesServiceAccount(value, policyNamespace, principalOf(connection))),
};
const trustDomain: Condition = {
  http: false,
  actual: ({ source }) => (source.isAnonymous ? undefined : source.trustDomain),
  test: (value, connection) => said(matchesTrustDomain(value, principalOf(connection))),
};
const sourceIp: Condition = {
  http: false,
  actual: ({ source }) => source.ip,
  test: (value, { source }) => (source.ip === undefined ? 'unknown' : inBlock(value, [source.ip])),
};
/** The address in `X-Forwarded-For` where the client sends one, which the proxy's trust in hops decides; else the client's own. */
const remoteIp: Condition = {
  http: false,
  actual: ({ source, http }) => (http?.headers.has('x-forwarded-for') ? undefined : source.ip),
  test: (value, connection) =>
    connection.http?.headers.has('x-forwarded-for') ? 'unknown' : sourceIp.test(value, connection, ''),
};
const destinationIp: Condition = {
  http: false,
  actual: ({ destination }) => (destination.addresses.length === 0 ? undefined : destination.addresses.join(', ')),
  test: (value, { destination }) => inBlock(value, destination.addresses),
};
const destinationPort: Condition = {
  http: false,
  actual: ({ destination }) => String(destination.port),
  test: (value, { destination }) => said(Number(value) === destination.port),
};
/** Present where a TLS handshake was inspected; elsewhere it is empty and nothing matches it. */
const serverName: Condition = {
  http: false,
  actual: ({ sni }) => sni,
  test: (value, { sni }) => said(sni !== undefined && matchesText(value, sni)),
};
const host: Condition = {
  http: true,
  actual: ({ http }) => http?.authority,
  test: (value, { http }) => said(http !== undefined && matchesHost(value, http.authority)),
};
const method: Condition = {
  http: true,
  actual: ({ http }) => http?.method,
  test: (value, { http }) => said(http !== undefined && matchesText(value, http.method)),
};
const path: Condition = {
  http: true,
  actual: ({ http }) => http && withoutQuery(http.path),
  test: (value, { http }) => said(http !== undefined && matchesPath(value, withoutQuery(http.path))),
};
/** Claims of a token exist only where one is sent and a RequestAuthentication accepts it, which no manifest that is read here says. */
const token: Condition = {
  http: true,
  actual: () => undefined,
  test: (_, { http }) => (http && couldCarryToken(http) ? 'unknown' : 'no'),
};
const extension: Condition = { http: false, actual: () => undefined, test: () => 'unknown' };

function matchesPrincipal(pattern: string, actual: string): boolean {
  if (pattern === '*') return actual !== '';
  return matchesText(pattern.startsWith('*') ? pattern : `spiffe://${pattern}`, actual);
}

function header(name: string): Condition {
  const key = name.toLowerCase();
  return {
    http: true,
    actual: ({ http }) => http?.headers.get(key),
    test(value, { http }) {
      const sent = http?.headers.get(key);
      // `*` alone requires only that the value is present. istio@86c9f01 .../matcher/header.go HeaderMatcher.
      return said(sent !== undefined && (value === '*' || matchesText(value, sent)));
    },
  };
}

/** Fields of `from.source` and `to.operation`; a `not` form has the condition of its positive. */
export const fieldConditions: Readonly<Record<string, Condition>> = {
  principals: principal,
  requestPrincipals: token,
  namespaces: namespace,
  serviceAccounts: serviceAccount,
  trustDomains: trustDomain,
  ipBlocks: sourceIp,
  remoteIpBlocks: remoteIp,
  hosts: host,
  ports: destinationPort,
  methods: method,
  paths: path,
};

const attributes: Readonly<Record<string, Condition>> = {
  'source.ip': sourceIp,
  'remote.ip': remoteIp,
  'source.namespace': namespace,
  'source.serviceAccount': serviceAccount,
  'source.trustDomain': trustDomain,
  'source.principal': principal,
  'request.auth.principal': token,
  'request.auth.audiences': token,
  'request.auth.presenter': token,
  'destination.ip': destinationIp,
  'destination.port': destinationPort,
  'connection.sni': serverName,
};

/** Undefined for a key that Istio does not know: the whole rule is then skipped. istio@86c9f01 .../model/model.go New. */
export function whenCondition(key: string): Condition | undefined {
  if (Object.hasOwn(attributes, key)) return attributes[key];
  const named = /^request\.headers\[(.+)\]$/.exec(key)?.[1];
  if (named !== undefined) return header(named);
  if (key.startsWith('request.auth.claims')) return token;
  return key.startsWith('experimental.envoy.filters.') ? extension : undefined;
}
