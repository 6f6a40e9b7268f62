// What a change opens and closes, short enough for a lens, a status entry or a question.
import { groupBy } from '../../base/group-by.ts';
import type { Subject } from '../../eval/access/access-subjects.ts';
import { subjectsText } from '../../eval/access/subjects-text.ts';
import type { AccessChange, AccessChanges } from './access-changes.ts';

const verbs = { opened: 'opens', closed: 'closes', changed: 'changes' } as const;
/** In the order of what a reader must know first. */
const ranks = ['opened', 'changed', 'closed'] as const;
/** Longer lists of clients are counted. */
const mostLength = 48;

/** A phrase for each host, port and direction, such as `opens api.example.com:443 to 3 accounts`. */
export function effectsOf({ changes, subjects }: Omit<AccessChanges, 'isShort'>): readonly string[] {
  const places = groupBy(changes, ({ what, host, port }) => JSON.stringify([what, host, port]));
  return [...places.values()]
    .toSorted(([a], [b]) => ranks.indexOf(a.what) - ranks.indexOf(b.what))
    .map((rows) => effectText(rows, subjects));
}

function effectText(rows: readonly AccessChange[], subjects: readonly Subject[]): string {
  const { what, host, port } = rows[0]!;
  const place = port === 0 ? 'every host' : `${host}:${port}`;
  const isPast = rows.every(({ bypasses }) => bypasses);
  const clients = clientsText(
    rows.map(({ from }) => from),
    subjects,
  );
  return `${verbs[what]} ${place} ${what === 'opened' ? 'to' : 'for'} ${clients}${isPast ? ', past the waypoint' : ''}`;
}

function clientsText(clients: readonly Subject[], subjects: readonly Subject[]): string {
  const isEveryone = clients.length === subjects.length;
  const names = isEveryone ? 'all clients' : subjectsText(clients, subjects);
  if (names.length <= mostLength) return names;
  const isNamed = clients.every((one) => one !== '*' && one.serviceAccount !== undefined);
  return clients.includes('*') ? 'all other clients and more' : `${clients.length} ${isNamed ? 'accounts' : 'clients'}`;
}

/** The first effects in one sentence. */
export function effectSentence(effects: readonly string[], most: number): string {
  const more = effects.length - most;
  return `${effects.slice(0, most).join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}
