// Where each call goes by the route tables that Istio generates.
import { authorityOf, describeRoute, describeTls, type RouteWords } from './answer.ts';
import { routeMatches, type Asked } from './envoy-route.ts';
import type { Sample } from './generate.ts';
import type { Call } from './policies.ts';
import type { DestinationReport, EntryReport, HostReport, PortReport } from './report.ts';
import { reportedTls } from '../kit/oracle.ts';

/** By `route namespace/entry host port/chain call`. */
export function routeAnswers(
  key: string,
  { host }: HostReport,
  ports: readonly PortReport[],
  { calls }: Sample,
): Record<string, string> {
  return Object.fromEntries(
    ports.flatMap(({ chain, table }) => {
      const [, number, kind] = chain.split('|');
      const asked = kind === 'http' ? calls : calls.slice(0, 1);
      return asked.map((call, i) => [
        `route ${key} ${number}/${kind} ${i}`,
        kind === 'http'
          ? describeRoute(httpWords(table?.virtualHosts?.[0]?.routes ?? [], askedOf(call, host, Number(number))))
          : describeRoute({ does: 'forward', to: targetsOf(table?.to ?? [], false, ''), abort: undefined }),
      ]);
    }),
  );
}

function askedOf(call: Call, host: string, port: number): Asked {
  const path = new URL(`http://x${call.path}`);
  const asked = path.pathname + path.search;
  return {
    path: asked,
    headers: new Map([
      ...Object.entries(call.headers),
      [':method', call.method],
      [':path', asked],
      [':authority', routedAuthority(call, host, port)],
      [':scheme', 'http'],
    ]),
  };
}

/** Names outside a wildcard are in no virtual host: that is not a question of routes. */
export function routedAuthority(call: Call, host: string, port: number): string {
  return authorityOf(host.startsWith('*') ? { ...call, authority: undefined } : call, host, port);
}

const redirects: Readonly<Record<string, number>> = {
  MOVED_PERMANENTLY: 301,
  FOUND: 302,
  SEE_OTHER: 303,
  TEMPORARY_REDIRECT: 307,
  PERMANENT_REDIRECT: 308,
};
const answers: Readonly<Record<string, number>> = {
  SERVICE_UNAVAILABLE: 503,
  NOT_FOUND: 404,
  INTERNAL_SERVER_ERROR: 500,
};

function httpWords(routes: readonly EntryReport[], asked: Asked): RouteWords {
  const found = routes.find(({ match }) => routeMatches(match, asked));
  if (!found) return { does: 'none' };
  if (found.redirect)
    return { does: 'redirect', status: redirects[found.redirect.responseCode ?? 'MOVED_PERMANENTLY'] ?? 0 };
  if (found.response) return { does: 'respond', status: found.response };
  const to = targetsOf(found.to ?? [], true, String(answers[found.notFound ?? ''] ?? 503));
  return {
    does: 'forward',
    to: to.map((one) => (found.hostRewrite ? { ...one, host: found.hostRewrite } : one)),
    abort: abortOf(found),
  };
}

const parts: Readonly<Record<string, number>> = { HUNDRED: 1, TEN_THOUSAND: 100, MILLION: 10_000 };

function abortOf({ filters = {} }: EntryReport): Extract<RouteWords, { does: 'forward' }>['abort'] {
  const abort = filters['envoy.filters.http.fault']?.abort;
  const share = (abort?.percentage?.numerator ?? 0) / parts[abort?.percentage?.denominator ?? 'HUNDRED']!;
  return abort && share > 0 ? { status: abort.httpStatus, share } : undefined;
}

function targetsOf(
  to: readonly DestinationReport[],
  http: boolean,
  notFound: string,
): Extract<RouteWords, { does: 'forward' }>['to'] {
  return to.map(({ cluster, weight, hostRewrite, is }) => ({
    cluster,
    weight: weight || undefined,
    host: hostRewrite || undefined,
    by: is ? connectionOf(cluster, is, http) : `missing${notFound && ` ${notFound}`}`,
  }));
}

/** How a connection past the waypoint's own hosts is made is asked of sidecars. */
function connectionOf(cluster: string, { tls }: NonNullable<DestinationReport['is']>, http: boolean): string {
  if (!cluster.startsWith('inbound-vip|')) return 'sent';
  if (!tls) return 'plain';
  return describeTls(reportedTls(tls, http));
}
