import { requestAt as suggest } from '../../features/request-at.ts';
import type { Handler } from '../handler.ts';

/** No one reads a longer list than this. */
const mostClients = 200;

export const requestAt: Handler<'istioEgress/requestAt'> = (session, { uri, position }) => {
  const place = session.placeOf(uri);
  if (!place) return { url: null, clients: [] };
  const { url, clients } = suggest(place.workspace, uri, place.lines.offsetAt(position));
  return { url: url ?? null, clients: clients.slice(0, mostClients) };
};
