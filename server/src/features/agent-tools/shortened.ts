// Answers to agents: what no model takes in is cut, whole items at a time, and the answer says how many are missing.
import { isRecord } from '../../base/is-record.ts';

/** Characters of an answer; about a hundred thousand tokens. */
const mostCharacters = 400_000;

/** Of a host and a port in an access table: there is no room for the rows of more, none of which is shorter than eighty characters. */
export const mostPairsForAgents = mostCharacters / 80;

const howToAskForLess: Readonly<Record<string, string>> = {
  findings: 'Ask for one rule, or for fewer files.',
  rows: 'Ask for single hosts.',
};

/**
 * The answer itself where it is short enough, and where it is not JSON. `counts`: how many items a list has in all, by its name, where the
 * answer was given only as many as there can be room for.
 */
export function shortened(text: string, counts: Readonly<Record<string, number>> = {}): string {
  const answer = text.length > mostCharacters ? objectIn(text) : undefined;
  if (!answer) return text;
  const lists = Object.entries(answer).flatMap(([name, items]) => (Array.isArray(items) ? [{ name, items }] : []));
  const kept = withinRoom(answer, lists);
  const cut = lists.flatMap(({ name, items }) => {
    const all = counts[name] ?? items.length;
    const missing = all - kept.get(name)!.length;
    return missing > 0 ? [{ name, all, missing }] : [];
  });
  if (cut.length === 0) return text;
  const omitted = cut.reduce((sum, { missing }) => sum + missing, 0);
  const notes = cut.map(({ name, all, missing }) =>
    `${missing} of ${all} ${name} are omitted: the answer is too long. ${howToAskForLess[name] ?? ''}`.trim(),
  );
  const note = [...(typeof answer['note'] === 'string' ? [answer['note']] : []), ...notes].join(' ');
  return `${JSON.stringify({ ...answer, ...Object.fromEntries(kept), omitted, note })}\n`;
}

/** Takes items as long as there can be room for them in an answer; `asJson` is what is written of one. */
export class RoomForItems<T> {
  readonly items: T[] = [];
  /** With those that were not taken. */
  count = 0;
  #left = mostCharacters;
  readonly #asJson: (item: T) => unknown;

  constructor(asJson: (item: T) => unknown) {
    this.#asJson = asJson;
  }

  /** `make` is called only where there is room: to make an item may be the most of the work. */
  add(make: () => T): void {
    this.count++;
    if (this.#left <= 0) return;
    const item = make();
    this.items.push(item);
    this.#left -= JSON.stringify(this.#asJson(item)).length;
  }
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  const found: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
  return isRecord(found) ? found : undefined;
}

interface List {
  readonly name: string;
  readonly items: readonly unknown[];
}

/** Short lists stay whole, and what they leave is for the longer ones. */
function withinRoom(
  answer: Readonly<Record<string, unknown>>,
  lists: readonly List[],
): ReadonlyMap<string, readonly unknown[]> {
  const emptied = Object.fromEntries(lists.map(({ name }) => [name, []]));
  let left = mostCharacters - JSON.stringify({ ...answer, ...emptied, omitted: 0 }).length;
  const sized = lists.map((list) => ({ ...list, size: JSON.stringify(list.items).length }));
  const kept = new Map<string, readonly unknown[]>();
  for (const [at, { name, items }] of sized.sort((a, b) => a.size - b.size).entries()) {
    const first = itemsWithin(items, left / (sized.length - at));
    kept.set(name, first);
    left -= JSON.stringify(first).length;
  }
  return kept;
}

function itemsWithin(items: readonly unknown[], most: number): readonly unknown[] {
  let left = most;
  const end = items.findIndex((item) => {
    left -= JSON.stringify(item).length + 1;
    return left < 0;
  });
  return end === -1 ? items : items.slice(0, end);
}
