// One request that meets the conditions of a route.
import { conditionHolds, textHolds, type RouteCondition } from '../../mesh/routes/route-condition.ts';
import type { TextMatch } from '../../model/specs.ts';
import { patternsFor } from '../../names/hosts.ts';
import { authorityOf } from './client-bytes.ts';
import { concreteHost } from './concrete-host.ts';
import { hostMeant } from './host-meant.ts';
import type { TraceRequest } from './request.ts';

export type SampleRequest = Pick<TraceRequest, 'path' | 'method' | 'headers'>;

/** Undefined if none is found: no text is computed for a regular expression. */
export function sampleRequest(condition: RouteCondition): SampleRequest | undefined {
  const { uri, method, authority, headers, queryParams } = condition;
  const query = [...queryParams].map(([name, match]) => `${name}=${textFor(match)}`).join('&');
  const sample: SampleRequest = {
    path: `${pathFor(uri)}${query === '' ? '' : `?${query}`}`,
    method: method ? textFor(method) : 'GET',
    headers: new Map([
      ...[...headers].map(([name, match]) => [name.toLowerCase(), textFor(match)] as const),
      ...(authority ? [['host', textFor(authority)] as const] : []),
    ]),
  };
  const routed = { ...sample, authority: sample.headers.get('host') ?? '' };
  return conditionHolds(condition, routed) === true ? sample : undefined;
}

export interface Called {
  /** As a ServiceEntry or a route lists it. */
  readonly host: string;
  readonly port: number;
}

/**
 * A request that meets the condition, by a client that calls the host: with the Host that it sends by itself, if that will do.
 * `other-host` where the condition tells apart the hosts of a route, and this one is not meant.
 */
export function sampleTo(
  condition: RouteCondition,
  { host, port }: Called,
  hostsOfRoute: readonly string[],
): SampleRequest | 'other-host' | undefined {
  const { authority } = condition;
  const called = concreteHost(host);
  if (!authority || called === undefined) return sampleRequest(condition);
  const own = authorityOf({ scheme: 'http', host: called, port, headers: new Map() });
  if (textHolds(authority, own)) return sampleRequest({ ...condition, authority: undefined });
  const meant = hostMeant(condition, hostsOfRoute);
  return meant !== undefined && !patternsFor(meant).includes(host) ? 'other-host' : sampleRequest(condition);
}

function pathFor(uri: TextMatch | undefined): string {
  const text = uri ? textFor(uri) : '/';
  return text.startsWith('/') ? text : `/${text}`;
}

function textFor({ how, value }: TextMatch): string {
  return how === 'any' ? 'any' : value;
}
