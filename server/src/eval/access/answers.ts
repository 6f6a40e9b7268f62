// The access of each caller to one host and port. Callers that no condition distinguishes share one result, computed once.
import { namespacesThatDiffer } from '../../mesh/hosts/service-for-client.ts';
import { namespacesBlockingHbone } from '../../mesh/clients/hbone-policies.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Caller } from './callers.ts';
import { namesOf } from './at-names.ts';
import { agreedPassage, samePassage } from './passage.ts';
import type { Destination } from './destinations.ts';
import { notesOf, udpBeside } from './notes.ts';
import { sameOperations } from './row.ts';
import type { CallerCondition, CallerMatcher } from './caller-conditions.ts';
import { requestsTo } from './sampled-requests.ts';
import { waysOf, type PossibleWay, type Way } from './ways.ts';

export interface Answers {
  /** Undefined where the caller is led to a Service of the cluster. */
  readonly of: (caller: Caller) => Way | undefined;
  /** Whose answer may differ from that of callers who are named nowhere; `everybody` where each one's may. */
  readonly differing:
    | 'everybody'
    | { readonly namespaces: ReadonlySet<string>; readonly values: readonly CallerCondition[] };
}

/** Who is in no namespace of the list, captured as is assumed of all. */
const anyone: Pick<Caller, 'subject' | 'modes'> = { subject: '*', modes: ['named'] };

export function answersAt(mesh: Mesh, destination: Destination, matcher: CallerMatcher): Answers {
  if (destination.isUdp) return answersForUdp(mesh, destination);
  const apart = namespacesThatDiffer(mesh, destination.host);
  const blocking = namespacesBlockingHbone(mesh);
  const requests = requestsTo(mesh, destination);
  const udp = udpBeside(mesh, destination.host);
  /** What decides where requests of the caller go. */
  const placeOf = ({ subject, modes }: Pick<Caller, 'subject' | 'modes'>): string => {
    const home = subject === '*' ? '' : subject.namespace;
    if (blocking.has(home) || modes.some((mode) => mode.startsWith('sidecar')))
      return `${modes.join()} ${JSON.stringify(subject)}`;
    return `${modes.join()} ${!apart || apart.has(home) ? home : ''}`;
  };
  const ways = new Map<string, readonly PossibleWay[]>();
  const waysFor = (caller: Pick<Caller, 'subject' | 'modes'>): readonly PossibleWay[] => {
    const place = placeOf(caller);
    const known = ways.get(place) ?? waysOf(mesh, destination, requests, caller.subject);
    ways.set(place, known);
    return known;
  };
  const found = new Map<string, Way | undefined>();
  return {
    of(caller) {
      const here = waysFor(caller);
      const key = `${placeOf(caller)} ${here.map(({ values }) => matcher.signature(values, caller)).join()}`;
      if (!found.has(key)) found.set(key, withUdp(agreed(here.map(({ wayOf }) => wayOf(caller.subject))), udp));
      return found.get(key);
    },
    get differing() {
      return apart
        ? { namespaces: new Set([...apart, ...blocking]), values: waysFor(anyone).flatMap(({ values }) => values) }
        : ('everybody' as const);
    },
  };
}

/** It goes direct from every pod, which the first sentence of {@link udpBeside} says. */
function answersForUdp(mesh: Mesh, { host, entries }: Destination): Answers {
  const way: Way = {
    via: 'direct',
    access: 'all',
    operations: [],
    because: namesOf(entries),
    tls: 'unknown',
    skips: udpBeside(mesh, host),
  };
  return { of: () => way, differing: { namespaces: new Set(), values: [] } };
}

function withUdp(way: Way | undefined, udp: readonly string[]): Way | undefined {
  const isDecided = way && (way.via !== 'direct' || way.access !== 'all');
  return isDecided && udp.length > 0 ? { ...way, skips: [...(way.skips ?? []), ...udp] } : way;
}

/** Several ways are one where they come to the same. */
export function agreed(ways: readonly Way[]): Way | undefined {
  const [first, ...others] = ways;
  if (
    !first ||
    others.every(
      (way) => way.via === first.via && way.access === first.access && sameOperations(way.operations, first.operations),
    )
  )
    return first && { ...first, ...notesOf(ways), ...agreedPassage(ways) };
  const via = (['waypoint', 'gateway'] as const).find((one) => ways.some((way) => way.via === one)) ?? 'direct';
  return {
    via,
    access: 'undetermined',
    operations: [],
    ...notesOf(ways),
    ...agreedPassage(ways),
    because: [
      ...new Map(
        ways.flatMap(({ because }) => because).map((one) => [`${one.resource.id}:${one.span.start}`, one]),
      ).values(),
    ],
  };
}

/** The same answer for the same reasons. */
export function sameWay(a: Way | undefined, b: Way | undefined): boolean {
  if (a === b) return true;
  if (
    !a ||
    !b ||
    a.via !== b.via ||
    a.access !== b.access ||
    a.because.length !== b.because.length ||
    (a.skips ?? []).join('\n') !== (b.skips ?? []).join('\n') ||
    (a.assumed ?? []).join('\n') !== (b.assumed ?? []).join('\n') ||
    !samePassage(a, b)
  )
    return false;
  return (
    a.because.every(
      ({ resource, span }, i) => resource === b.because[i]!.resource && span.start === b.because[i]!.span.start,
    ) && sameOperations(a.operations, b.operations)
  );
}
