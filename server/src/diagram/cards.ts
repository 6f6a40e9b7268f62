// Which clients and hosts share a card. Accounts of a namespace and ports of a host always do. Beyond a dozen, those do that are treated
// alike; what does not fit then is in one last card. Many rows are folded, largest cards first.
import { groupBy } from '../base/group-by.ts';
import type { Anchor, Card, Row } from './card.ts';
import { counted, mixOf } from './words.ts';

export interface Folding {
  /** Ids of cards that are folded where they would be open by themselves, and the other way round. */
  readonly toggled: ReadonlySet<string>;
}

export interface Member {
  readonly id: string;
  /** Of the graph. */
  readonly node: string;
  /** The namespace of a client, the host of a port. */
  readonly group: string;
  readonly title: string;
  /** Below its title, and by itself. */
  readonly label: string;
  readonly fullLabel: string;
  /** Access of a client, TLS of a port. */
  readonly word: string;
  /** The same for those that are treated alike. */
  readonly signature: string;
}

type Plain = Omit<Card, 'worst' | 'findings'>;

/** More cards than this are put together where they are alike. */
const fewCards = 12;
/** More cards than this share the last one. */
const mostCards = 20;
/** More rows than this in a column are folded. */
const mostRows = 40;

interface Group {
  readonly id: string;
  readonly members: readonly Member[];
  /** How many namespaces or hosts. */
  readonly size: number;
}

const nouns = {
  clients: { column: 0, one: 'namespace', many: 'namespaces', row: 'account', rows: 'accounts' },
  hosts: { column: 2, one: 'host', many: 'hosts', row: 'port', rows: 'ports' },
} as const;
type Side = keyof typeof nouns;

export function cardsOf(
  side: Side,
  members: readonly Member[],
  { toggled }: Folding,
): { readonly cards: readonly Plain[]; readonly anchors: ReadonlyMap<string, Anchor> } {
  const groups = groupsOf(side, members, toggled);
  const folded = foldedBySize(groups);
  const cards = groups.map((group) => cardOf(side, group, folded.has(group.id) !== toggled.has(group.id)));
  return { cards, anchors: new Map(groups.flatMap((group, i) => anchorsOf(group, cards[i]!))) };
}

/** What shares an end has the same one. */
function anchorsOf({ id: card, members }: Group, { rows }: Plain): readonly (readonly [string, Anchor])[] {
  const head: Anchor = { card, row: undefined };
  const shown = new Set(rows.map(({ id }) => id));
  return members.map(({ id }) => [id, shown.has(id) ? { card, row: id } : head]);
}

function groupsOf(side: Side, members: readonly Member[], toggled: ReadonlySet<string>): readonly Group[] {
  const own = gather(members, ({ group }) => group).map((here) => ({
    id: `${side}:${here[0]!.group}`,
    members: here,
    size: 1,
  }));
  if (own.length <= fewCards) return own;
  const alike = gather(own, (group) =>
    group.members
      .map(({ signature }) => signature)
      .sort()
      .join('\n\n'),
  ).map(([first, ...others]) => merged(first!, others));
  const rest = `${side}:more`;
  if (alike.length <= mostCards || toggled.has(rest)) return alike;
  // The largest say the most; the others are a click or a filter away.
  const isRest = ({ members }: Group) => members.some(({ group }) => group === '');
  const bySize = [...alike].sort((a, b) => Number(isRest(b)) - Number(isRest(a)) || b.size - a.size);
  const [first, ...others] = bySize.slice(mostCards - 1);
  const kept = new Set(bySize.slice(0, mostCards - 1));
  return [...alike.filter((group) => kept.has(group)), { ...merged(first!, others), id: rest }];
}

function merged(first: Group, others: readonly Group[]): Group {
  return {
    id: others.length === 0 ? first.id : `${first.id} and ${others.length} more`,
    members: [first, ...others].flatMap((group) => group.members),
    size: [first, ...others].reduce((sum, { size }) => sum + size, 0),
  };
}

/** In the order in which keys come. */
function gather<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  return [...groupBy(items, keyOf).values()];
}

/** Put together, or too many: the largest first. */
function foldedBySize(groups: readonly Group[]): ReadonlySet<string> {
  const folded = new Set(groups.filter(({ size }) => size > 1).map(({ id }) => id));
  const open = groups.filter(({ id }) => !folded.has(id)).sort((a, b) => b.members.length - a.members.length);
  let rows = open.reduce((sum, { members }) => sum + members.length, 0);
  for (const { id, members } of open) {
    if (rows <= mostRows || members.length < 2) break;
    folded.add(id);
    rows -= members.length;
  }
  return folded;
}

function cardOf(side: Side, { id, members, size }: Group, isFolded: boolean): Plain {
  const noun = nouns[side];
  const isOverflow = id === `${side}:more`;
  // One client that is its whole namespace needs no row to say so.
  const isWhole = members.length === 1 && members[0]!.label === '';
  const canFold = isOverflow || !isWhole;
  const rows = isFolded || isWhole ? [] : members.map((member) => rowOf(member, size > 1));
  const counts = [
    ...(size > 1 && side === 'clients' ? [counted(size, noun.one, noun.many)] : []),
    ...(isFolded && !isWhole ? [counted(members.length, noun.row, noun.rows)] : []),
  ];
  return {
    id,
    column: noun.column,
    title: isOverflow ? `${size} more ${noun.many}` : titleOf(side, members, size),
    detail: isOverflow ? 'open or filter to see them' : [...counts, ...exampleOf(side, members, size)].join(', '),
    canFold,
    isFolded,
    rows: isOverflow ? [] : rows,
    word: rows.length > 0 && !isOverflow ? '' : mixOf(members.map(({ word }) => word)),
    nodes: [...new Set(members.map(({ node }) => node))],
    isWarning: false,
  };
}

function rowOf({ id, label, fullLabel, word }: Member, isMerged: boolean): Row {
  return { id, label: isMerged ? fullLabel : label, word };
}

function titleOf(side: Side, [first, ...others]: readonly Member[], size: number): string {
  if (size === 1) return first!.title;
  if (side === 'clients') return `${first!.title} and ${size - 1} more`;
  const suffix = commonDomain([first!, ...others]);
  return suffix === undefined ? `${size} hosts` : `${size} hosts in ${suffix}`;
}

function exampleOf(side: Side, members: readonly Member[], size: number): readonly string[] {
  return side === 'hosts' && size > 1 && commonDomain(members) === undefined ? [`such as ${members[0]!.title}`] : [];
}

/** The last labels that all names share; undefined for fewer than two. */
function commonDomain(members: readonly Member[]): string | undefined {
  const [first, ...others] = members.map(({ title }) => title.split('.').reverse());
  let count = 0;
  while (count < first!.length - 1 && others.every((labels) => labels[count] === first![count])) count++;
  return count < 2 ? undefined : first!.slice(0, count).reverse().join('.');
}
