// The copies of a request that a trace says its route sends besides, and whether they arrived.
import type { Trace } from '../../server/src/eval/trace/step.ts';
import { differs } from './differs.ts';
import type { Arrival } from './messages.ts';

export interface Copy {
  /** `HOST:PORT`, any of these. */
  readonly places: readonly string[];
  readonly layers: number;
}

const sent = /^A copy of it goes to (.+?)(?: with (TLS) \(\w+\)| in plaintext)\.$/;

/** Those of every request; of a share of them nothing is compared. */
export function copiesOf({ steps, verdict, cause, upstream, hops }: Trace): readonly Copy[] {
  // Whom a policy, a route or a missing connection ends, no copy is made of.
  const isEnded = cause === 'no-destination' || hops.some(({ flags }) => flags.includes('UH'));
  const isUnsent = verdict === 'denied' || (isEnded && !upstream);
  // What ends at the gateway, the sidecar has copied before.
  const isCopied = ({ hop }: Trace['steps'][number]): boolean =>
    !isUnsent || (hop === 'sidecar' && hops.some(({ proxy }) => proxy === 'gateway'));
  return steps.filter(isCopied).flatMap(({ stage, message }) => {
    const [, places, tls] = (stage === 'route' && sent.exec(message)) || [];
    return places === undefined ? [] : [{ places: places.split(' or '), layers: tls ? 1 : 0 }];
  });
}

const open = / has a mirror to (\S+?);? /;

/** Where copies may come of which the trace does not know whether they are sent. */
export function openCopiesOf({ steps }: Trace): readonly string[] {
  return steps.flatMap(({ stage, outcome, message }) => {
    const [, place] = (stage === 'route' && outcome === 'unknown' && open.exec(message)) || [];
    return place ?? [];
  });
}

interface Sorted {
  /** In the order of the copies; undefined for one that did not arrive. */
  readonly copied: readonly (Arrival | undefined)[];
  readonly own: readonly Arrival[];
}

/**
 * Where the request itself goes to the same place, the copy is one with another path than the request has in the end; of one path the last
 * that came: both come in the same way. Copies at the `open` places may be missing.
 */
export function sortedArrivals(
  copies: readonly Copy[],
  all: readonly Arrival[],
  { open = [], path }: { readonly open?: readonly string[]; readonly path?: string | undefined } = {},
): Sorted {
  const own = [...all];
  for (const place of open) {
    const found = own.findLastIndex((one) => placeOf(one) === place);
    if (found >= 0 && own.length > 1) own.splice(found, 1);
  }
  const copied = copies.map(({ places }) => {
    const isThere = (one: Arrival): boolean => places.includes(placeOf(one));
    const other = own.findLastIndex((one) => isThere(one) && one.request && one.request.path !== path);
    const found = path !== undefined && other >= 0 ? other : own.findLastIndex(isThere);
    return found < 0 ? undefined : own.splice(found, 1)[0];
  });
  return { copied, own };
}

/**
 * A copy has the Host of the request itself, whoever gets it. One that is not sent yet when the request fails is given up, if its connection
 * is slower than the failure.
 */
export function copyProblems(
  copies: readonly Copy[],
  { copied, own }: Sorted,
  { mayBeLost }: { readonly mayBeLost: boolean },
): readonly string[] {
  const host = own.find(({ request }) => request)?.request?.authority;
  return copies.flatMap(({ places, layers }, i) => {
    const copy = copied[i];
    if (!copy) return mayBeLost ? [] : [`no copy at ${places.join(' or ')}`];
    return [
      ...differs('layers of TLS of the copy', String(layers), String(copy.layers)),
      ...(copy.request && host ? differs('Host of the copy', host, copy.request.authority) : []),
    ];
  });
}

function placeOf({ host, port }: Arrival): string {
  return `${host}:${port}`;
}
