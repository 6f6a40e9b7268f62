// What a change of the files does to known requests: each is followed through the mesh before and after it.
import { compareText } from '../../base/compare.ts';
import type { TraceRequest } from '../../eval/trace/request.ts';
import type { Trace, Upstream } from '../../eval/trace/step.ts';
import { trace } from '../../eval/trace/trace.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { requestAndClient } from '../facts/request-words.ts';
import { knownTraffic } from '../facts/known-traffic.ts';

export interface Proof {
  /** The number of requests that were followed. */
  readonly compared: number;
  /** Whether there are more. */
  readonly isShort: boolean;
  readonly differences: readonly Difference[];
}

export interface Difference {
  readonly request: TraceRequest;
  readonly before: string;
  readonly after: string;
  /** Only the way is another one: the same request comes to the same place, or fails alike. */
  readonly isSameOutcome: boolean;
}

/** The maximum, because each one is two traces. */
const mostCompared = 1000;

/** Requests side by side. */
export function compare(before: Mesh, after: Mesh, request: TraceRequest): Difference {
  const [was, becomes] = [trace(before, request), trace(after, request)];
  const isSameOutcome = outcomeOf(was, request) === outcomeOf(becomes, request);
  return { request, before: outcomeText(was), after: outcomeText(becomes), isSameOutcome };
}

export function prove(before: Mesh, after: Mesh, isNear: (entry: Resource<'ServiceEntry'>) => boolean): Proof {
  const followed: TraceRequest[] = [];
  let isShort = false;
  for (const request of knownTraffic([before, after], isNear, mostCompared)) {
    isShort = followed.length === mostCompared;
    if (isShort) break;
    followed.push(request);
  }
  const differences = followed.flatMap((request) => {
    const [was, becomes] = [trace(before, request), trace(after, request)];
    if (signature(was, request) === signature(becomes, request)) return [];
    const [a, b] = [outcomeText(was), outcomeText(becomes)];
    const isSameOutcome = outcomeOf(was, request) === outcomeOf(becomes, request);
    return [{ request, before: a, after: a === b ? `${b}, in another way` : b, isSameOutcome }];
  });
  return { compared: followed.length, isShort, differences };
}

/** All that a trace says about the request itself; names of objects and places in files are left out. */
function signature(found: Trace, request: TraceRequest): string {
  const { verdict, cause, waypoint, gateway, upstream, candidates } = found;
  const ways = [...new Set(candidates.map((way) => signature(way, request)))].sort(compareText);
  const via = [waypoint, gateway].map((one) => one && `${one.namespace}/${one.name}`);
  return JSON.stringify([verdict, cause, via, upstream && withNames(upstream, request), ways]);
}

/** The same without the way. What skips a waypoint that is meant for it is still let out. */
function outcomeOf({ verdict, cause, upstream, candidates }: Trace, request: TraceRequest): string {
  const ways = [...new Set(candidates.map((way) => outcomeOf(way, request)))].sort(compareText);
  const known = verdict === 'bypasses' ? 'allowed' : verdict;
  return JSON.stringify([known, cause, upstream && withNames(upstream, request), ways]);
}

/** Without a list, the name that the server's certificate must have is the request's own. */
function withNames(upstream: Upstream, { host }: TraceRequest): Upstream {
  const { tls } = upstream;
  if (!tls) return upstream;
  const listed = tls.subjectAltNames.length > 0 || !tls.verifiesName ? tls.subjectAltNames : [host];
  return { ...upstream, tls: { ...tls, subjectAltNames: listed.toSorted(compareText) } };
}

/** Such as `allowed through egress/waypoint to api.example.com:443 with TLS (SIMPLE)`. */
function outcomeText({ verdict, waypoint, gateway, upstream, summary }: Trace): string {
  const atGateway = gateway ? ` through egress gateway ${gateway.namespace}/${gateway.name}` : '';
  const way = waypoint ? ` through ${waypoint.namespace}/${waypoint.name}` : atGateway;
  if (verdict === 'fails' || verdict === 'undetermined') return `${verdict}${way}: ${summary.replace(/\.$/, '')}`;
  return `${verdict}${way}${upstream ? ` to ${upstreamText(upstream)}` : ''}`;
}

function upstreamText({ address, port, protocol, tls }: Upstream): string {
  if (tls) return `${address}:${port} with TLS (${tls.mode})`;
  return `${address}:${port}${protocol === 'tls' ? " with the client's TLS" : ''}`;
}

/** Such as `GET http://api.example.com/ from shop/checkout: denied -> allowed`. */
export function differenceText({ request, before, after }: Difference): string {
  return `${requestAndClient(request)}: ${before} -> ${after}`;
}
