// What a new egress route is to be: answers as texts, as flags and forms give them, and what they mean.
import { isIpAddress } from '../../names/addresses.ts';
import { isDomain } from '../../names/domains.ts';
import { isSubdomain } from '../../names/kubernetes-names.ts';
import { wellKnownProtocol } from '../../names/well-known-ports.ts';

/** In the order in which they are asked for. */
export const routeAnswerNames = [
  'host',
  'tls',
  'port',
  'secret',
  'callers',
  'methods',
  'paths',
  'gateway',
  'log',
] as const;
export type RouteAnswerName = (typeof routeAnswerNames)[number];
/** Lists are separated by commas. `*`: all clients, any method, any path. */
export type RouteAnswers = Readonly<Partial<Record<RouteAnswerName, string>>>;

const routeTls = ['originate', 'pass-through', 'mutual', 'plain'] as const;
type RouteTls = (typeof routeTls)[number];

export interface Route {
  readonly hosts: readonly string[];
  readonly tls: RouteTls;
  /** Of the external host. */
  readonly port: number;
  /** With the client certificate; only for `mutual`. */
  readonly secret: string | undefined;
  /** None means all clients. */
  readonly callers: readonly RouteCaller[];
  /** None means any. */
  readonly methods: readonly string[];
  readonly paths: readonly string[];
  readonly gateway: { readonly namespace: string; readonly name: string };
  readonly isLogged: boolean;
}

export interface RouteCaller {
  readonly namespace: string;
  /** Undefined: every account of the namespace. */
  readonly serviceAccount: string | undefined;
}

export function isRouteAnswerName(name: string): name is RouteAnswerName {
  return routeAnswerNames.some((one) => one === name);
}

/** Whether the answer is needed beside the others: a Secret is only for mutual TLS, and what is encrypted shows no methods and paths. */
export function isAskedFor(name: RouteAnswerName, { tls }: RouteAnswers): boolean {
  if (name === 'secret') return tls === 'mutual';
  return (name !== 'methods' && name !== 'paths') || tls !== 'pass-through';
}

export function partsOf(answer: string | undefined): readonly string[] {
  const parts = (answer ?? '').split(',').map((part) => part.trim());
  return parts.filter((part, at) => part !== '' && part !== '*' && parts.indexOf(part) === at);
}

/** What is wrong with an answer, in one sentence; undefined for a valid one. */
export function routeProblem(name: RouteAnswerName, answer: string, answers: RouteAnswers): string | undefined {
  const wrong = wrongPart[name](answer, answers);
  if (wrong === undefined) return undefined;
  const { part = answer, because } = wrong;
  return `${part === '' ? 'An empty text' : `"${part}"`} is not valid here: ${because}.`;
}

interface Wrong {
  readonly part?: string;
  readonly because: string;
}

const wrongPart: Readonly<Record<RouteAnswerName, (answer: string, answers: RouteAnswers) => Wrong | undefined>> = {
  host: (answer) =>
    wrongIn(answer, isHost, 'give the DNS name of an external host, for example api.example.com or *.example.com') ??
    empty(answer, 'give a host, for example api.example.com'),
  tls: (answer) => oneOf(answer, routeTls),
  port: wrongPort,
  secret: (answer) =>
    isSubdomain(answer) ? undefined : { because: 'give the name of a Secret, for example httpbin-client' },
  callers: (answer) =>
    wrongIn(answer, isCaller, 'give NAMESPACE or NAMESPACE/SERVICE-ACCOUNT, for example default/curl, or * for all') ??
    (answer.trim() === '*' ? undefined : empty(answer, 'give a client, for example default/curl, or * for all')),
  methods: (answer) =>
    wrongIn(answer, (part) => /^[A-Z]{1,20}$/.test(part), 'give methods in upper case, for example GET,HEAD'),
  paths: (answer) => wrongIn(answer, isPath, 'a path begins with /, and * stands at its end, for example /v1/*'),
  gateway: (answer) =>
    answer.split('/').length === 2 && answer.split('/').every(isSubdomain)
      ? undefined
      : { because: 'give NAMESPACE/NAME, for example common-infrastructure/egress-gateway' },
  log: (answer) => oneOf(answer, ['yes', 'no']),
};

function wrongIn(answer: string, isValid: (part: string) => boolean, because: string): Wrong | undefined {
  const part = partsOf(answer).find((one) => !isValid(one));
  return part === undefined ? undefined : { part, because };
}

function empty(answer: string, because: string): Wrong | undefined {
  return partsOf(answer).length === 0 ? { because } : undefined;
}

function oneOf(answer: string, words: readonly string[]): Wrong | undefined {
  return words.includes(answer) ? undefined : { because: `use ${words.join(', ')}` };
}

/** Every name below a domain. */
export function isWildcard(host: string): boolean {
  return host.startsWith('*.');
}

/** What is in the cluster is not external. */
function isHost(part: string): boolean {
  const name = isWildcard(part) ? part.slice(2) : part;
  return (
    isDomain(name) && name.includes('.') && !name.includes('*') && !isIpAddress(name) && name === name.toLowerCase()
  );
}

function isCaller(part: string): boolean {
  const [namespace = '', account, ...more] = part.split('/');
  return more.length === 0 && isSubdomain(namespace) && (account === undefined || isSubdomain(account));
}

function isPath(part: string): boolean {
  return /^\/[\w\-./~%:@!$&'()+;=]*\*?$/.test(part);
}

function wrongPort(answer: string, { host, tls }: RouteAnswers): Wrong | undefined {
  const port = Number(answer);
  if (!/^\d{1,5}$/.test(answer) || port < 1 || port > 65_535) return { because: 'use 1 to 65535' };
  const other = wellKnownProtocol([port], undefined);
  if (other) return { because: `this is the port of ${other.name}, which is neither HTTP nor TLS` };
  if (tls === 'plain' && tlsPorts.includes(port)) return { because: 'this is a port of TLS; choose another TLS' };
  if (tls !== 'plain' && port === 80) return { because: 'this is the port of HTTP without TLS' };
  // What is dialled for a name below a wildcard does not depend on the port that was called: §12.11.
  if (partsOf(host).some(isWildcard) && answer !== usualPort(tls))
    return { because: `names below a wildcard are reached on port ${usualPort(tls)} only` };
  return undefined;
}

const tlsPorts: readonly number[] = [443, 8443];

/** The usual port of the external host. */
export function usualPort(tls: string | undefined): string {
  return tls === 'plain' ? '80' : '443';
}

/** Undefined while an answer is missing or not valid. */
export function routeOf(answers: RouteAnswers): Route | undefined {
  const needed = routeAnswerNames.filter((name) => isAskedFor(name, answers));
  const isComplete = needed.every((name) => {
    const answer = answers[name];
    return answer !== undefined && routeProblem(name, answer, answers) === undefined;
  });
  const tls = routeTls.find((one) => one === answers.tls);
  if (!isComplete || !tls) return undefined;
  const [namespace = '', name = ''] = (answers.gateway ?? '').split('/');
  const seesRequests = isAskedFor('methods', answers);
  return {
    hosts: partsOf(answers.host),
    tls,
    port: Number(answers.port),
    secret: tls === 'mutual' ? answers.secret : undefined,
    callers: partsOf(answers.callers).map((part) => {
      const [of = '', serviceAccount] = part.split('/');
      return { namespace: of, serviceAccount };
    }),
    methods: seesRequests ? partsOf(answers.methods) : [],
    paths: seesRequests ? partsOf(answers.paths) : [],
    gateway: { namespace, name },
    isLogged: answers.log === 'yes',
  };
}

/** The port that clients of the mesh call: where the waypoint originates TLS, they call in plain HTTP. */
export function calledPort({ tls, port }: Pick<Route, 'tls' | 'port'>): number {
  return tls === 'originate' || tls === 'mutual' ? 80 : port;
}
