// What a search for the DestinationRule of a host comes to, where it may come to several things.
import { keptIn } from '../../base/kept-for.ts';
import type { Resource } from '../../model/resource.ts';
import { sameMerged, type Merged } from './merge-rules.ts';

export type Lookup =
  /** One of them applies; several where age decides. */
  | { readonly state: 'found'; readonly found: readonly Merged[]; readonly pattern: string; readonly namespace: string }
  /** Nothing applies; `stoppedBy` holds the rules with a `workloadSelector` at which the search ended. */
  | { readonly state: 'none'; readonly stoppedBy: readonly Resource<'DestinationRule'>[] }
  /** No entry or Service with this host is exported to the waypoint's namespace. */
  | { readonly state: 'entry-not-exported' }
  | { readonly state: 'unknown' };

/** One of these look-ups happens, and age decides which. */
export function anyOf([first, ...others]: readonly Lookup[]): Lookup {
  if (!first) return { state: 'unknown' };
  if (others.length === 0) return first;
  if (first.state === 'none' && others.every(({ state }) => state === 'none')) return first;
  const found = [first, ...others].flatMap((one) => (one.state === 'found' ? [one] : []));
  if (first.state !== 'found' || found.length <= others.length) return { state: 'unknown' };
  return { ...first, found: different(found.flatMap((one) => one.found)) };
}

/** Only what has the same rule can be the same: thousands of namespaces can have one of their own. */
function different(merged: readonly Merged[]): readonly Merged[] {
  const byRule = new Map<Merged['rule'], Merged[]>();
  return merged.filter((one) => {
    const known = keptIn(byRule, one.rule, () => []);
    return !known.some((other) => sameMerged(one, other)) && known.push(one) > 0;
  });
}
