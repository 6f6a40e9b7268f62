// A trace as the way of its request: the places that have the request one after the other, and what each of them does with it.
import type { HopKind, ShownRequest, ShownStep, ShownTrace } from './protocol.ts';

export interface Hop {
  readonly kind: HopKind;
  /** Of the object there; empty where the kind says it all. */
  readonly name: string;
  /** `stops`: the request ends here. `doubt`: it is unknown what happens here. `around`: it passes by the waypoint from here. `unreached`: it does not come here. */
  readonly state: 'passes' | 'stops' | 'doubt' | 'around' | 'unreached';
  readonly steps: readonly ShownStep[];
  /** The step that decides the state, where one does. */
  readonly deciding: ShownStep | undefined;
}

export function hopsOf({ from, url }: ShownRequest, trace: ShownTrace): readonly Hop[] {
  const groups = grouped(trace.steps);
  const hops = groups.map(({ kind, steps }, at): Hop => {
    const isLast = at === groups.length - 1;
    const state = stateOf(kind, steps, trace, isLast);
    return { kind, name: nameOf(kind, from, url, trace), state, steps, deciding: decidingStep(steps, state) };
  });
  const client: Hop = { kind: 'client', name: from, state: 'passes', steps: [], deciding: undefined };
  const host: Hop = {
    kind: 'host',
    name: nameOf('host', from, url, trace),
    state: trace.upstream ? 'passes' : 'unreached',
    steps: [],
    deciding: undefined,
  };
  return [...(hops[0]?.kind === 'client' ? [] : [client]), ...hops, ...(hops.at(-1)?.kind === 'host' ? [] : [host])];
}

interface Group {
  readonly kind: HopKind;
  readonly steps: readonly ShownStep[];
}

function grouped(steps: readonly ShownStep[]): readonly Group[] {
  const groups: { kind: HopKind; steps: ShownStep[] }[] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    const kind = step.hop ?? last?.kind ?? 'client';
    if (last?.kind === kind) last.steps.push(step);
    else groups.push({ kind, steps: [step] });
  }
  return groups;
}

function stateOf(kind: HopKind, steps: readonly ShownStep[], { verdict }: ShownTrace, isLast: boolean): Hop['state'] {
  if (isLast && (verdict === 'denied' || verdict === 'fails')) return 'stops';
  if (isLast && verdict === 'undetermined') return 'doubt';
  const goesAround = steps.some(({ outcome, stage }) => outcome === 'no' && around.has(stage));
  return verdict === 'bypasses' && kind !== 'host' && goesAround ? 'around' : 'passes';
}

/** Where a request can leave the way to its waypoint. */
const around: ReadonlySet<ShownStep['stage']> = new Set(['capture', 'dns', 'service', 'waypoint']);

function decidingStep(steps: readonly ShownStep[], state: Hop['state']): ShownStep | undefined {
  const withPlace = steps.filter(({ places }) => places.length > 0);
  const wanted = { stops: 'no', around: 'no', doubt: 'unknown', passes: 'yes', unreached: 'yes' }[state];
  return (
    steps.findLast(({ outcome, places }) => outcome === wanted && places.length > 0) ??
    steps.findLast(({ outcome }) => outcome === wanted) ??
    withPlace.at(-1)
  );
}

function nameOf(kind: HopKind, from: string, url: string, { waypoint, gateway, upstream }: ShownTrace): string {
  switch (kind) {
    case 'client':
      return from;
    case 'waypoint':
      return waypoint ? `${waypoint.namespace}/${waypoint.name}` : '';
    case 'gateway':
      return gateway ? `${gateway.namespace}/${gateway.name}` : '';
    case 'host':
      return upstream ? `${upstream.address}:${upstream.port}` : (/^\w+:\/\/([^/?#]*)/.exec(url)?.[1] ?? url);
    default:
      return '';
  }
}
