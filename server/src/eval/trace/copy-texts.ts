// How traces put mirrors of a route into words, whichever proxy sends the copies.
import type { RouteEntry, RouteMirror } from '../../mesh/routes/route-entry.ts';
import type { Target } from './dialled.ts';
import { nameOfEntry } from './route-turns.ts';

export function copyText({ share }: RouteMirror): string {
  return share >= 100 ? 'A copy of it' : `A copy of ${share} % of such requests`;
}

/** `why`: a clause with what comes before it. */
export function withoutCopy(entry: RouteEntry, { host, port }: RouteMirror, why: string): string {
  const where = `${host ?? 'a backend'}${port === undefined ? '' : `:${port}`}`;
  const end = /^[;:]/.test(why) ? '.' : ': no copy is sent.';
  return `${nameOfEntry(entry)} has a mirror to ${where}${why}${end}`;
}

/** What the server makes of it, the client never knows. */
export function connectionText(dialled: readonly Target[], tls: 'SIMPLE' | 'MUTUAL' | 'plain' | 'unknown'): string {
  const places =
    dialled.length > 0 ? dialled.map(({ address, port }) => `${address}:${port}`).join(' or ') : 'no endpoint';
  if (tls === 'unknown') return places;
  return `${places}${tls === 'plain' ? ' in plaintext' : ` with TLS (${tls})`}`;
}
