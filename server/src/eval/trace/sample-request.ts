// One request that meets the conditions of a route.
import { conditionHolds, type RouteCondition } from '../../mesh/routes/route-condition.ts';
import type { TextMatch } from '../../model/specs.ts';
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

function pathFor(uri: TextMatch | undefined): string {
  const text = uri ? textFor(uri) : '/';
  return text.startsWith('/') ? text : `/${text}`;
}

function textFor({ how, value }: TextMatch): string {
  return how === 'any' ? 'any' : value;
}
