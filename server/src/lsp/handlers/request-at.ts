import { requestAt as suggest } from '../../features/request-at.ts';
import type { RequestAtParams, RequestAtResult } from '../protocol.ts';
import type { Session } from '../session.ts';

/** Nobody reads a longer list than this. */
const mostClients = 200;

export function requestAt(session: Session, { uri, position }: RequestAtParams): RequestAtResult {
  const place = session.placeOf(uri);
  if (!place) return { url: null, clients: [] };
  const { url, clients } = suggest(place.workspace, uri, place.lines.offsetAt(position));
  return { url: url ?? null, clients: clients.slice(0, mostClients) };
}
