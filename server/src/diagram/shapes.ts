// The picture as a tree of SVG elements in plain data: the command line writes it as text, a page makes elements of it.
import type { Card, Link } from './card.ts';
import { clean, shortened } from './clean.ts';
import { headHeight, rowHeight, type Layout, type PlacedCard, type PlacedLink } from './layout.ts';
import { counted, tlsWords, verdictWords } from './words.ts';

export interface Shape {
  readonly tag: 'g' | 'rect' | 'text' | 'path' | 'circle' | 'title';
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly (Shape | string)[];
}

/** Links first, so that cards stand on top of them. */
export function shapesOf({ cards, links }: Layout): readonly Shape[] {
  const titles = new Map(cards.map(({ card }) => [card.id, clean(card.title)]));
  return [
    shape('g', { class: 'links' }, ...links.map((one) => linkShape(one, titles))),
    shape('g', { class: 'cards' }, ...cards.map(cardShape)),
  ];
}

function shape(
  tag: Shape['tag'],
  attributes: Shape['attributes'],
  ...children: readonly (Shape | string | undefined)[]
): Shape {
  return { tag, attributes, children: children.filter((child) => child !== undefined) };
}

function text(x: number, y: number, kind: string, content: string): Shape {
  return shape('text', { x, y, class: kind }, content);
}

function linkShape({ link, start, end }: PlacedLink, titles: ReadonlyMap<string, string>): Shape {
  const bend = (end.x - start.x) / 2;
  const d = `M${start.x} ${start.y}C${start.x + bend} ${start.y} ${end.x - bend} ${end.y} ${end.x} ${end.y}`;
  const words = linkText(link, titles);
  return shape(
    'g',
    { class: `link ${link.access}${link.bypasses ? ' bypasses' : ''}`, 'data-link': link.id },
    shape('title', {}, words),
    // A wide one that nobody sees: a thin line is hard to hit.
    shape('path', { d, class: 'target' }),
    shape('path', { d, class: 'line' }),
  );
}

/** What the link says, in words. */
function linkText({ from, to, access, tls, bypasses, side, edges }: Link, titles: ReadonlyMap<string, string>): string {
  const parts = [
    `access: ${verdictWords[access]}`,
    ...(side === 'host' ? [`TLS: ${tlsWords[tls]}`] : []),
    ...(bypasses ? ['goes past the waypoint that is meant for it'] : []),
    ...(edges.length > 1 ? [counted(edges.length, 'connection', 'connections')] : []),
  ];
  return `${titles.get(from.card) ?? ''} to ${titles.get(to.card) ?? ''}: ${parts.join('; ')}`;
}

/** Characters that fit in each column beside its words. */
const room = [28, 26, 36] as const;

function cardShape({ card, x, y, width, height }: PlacedCard): Shape {
  const { id, column, title, detail, isWarning, rows } = card;
  const most = room[column];
  const left = card.canFold ? 26 : 12;
  const kind = ['client', 'gateway', 'host'][column]!;
  return shape(
    'g',
    { class: `card ${kind}${isWarning ? ' warning' : ''}`, transform: `translate(${x} ${y})` },
    shape('rect', { width, height, rx: 5, class: 'box' }),
    shape(
      'g',
      { class: 'head', 'data-card': id },
      shape('title', {}, headText(card)),
      shape('rect', { width, height: headHeight(card), rx: 5, class: 'stripe' }),
      fold(card),
      text(left, 19, 'name', shortened(title, most - besideTitle(card))),
      text(left, 36, 'detail', shortened(detail, most + 3 - card.word.length)),
      card.word === '' ? undefined : word(width - 10, detail === '' ? 19 : 36, card.word),
      badge(card, width),
    ),
    ...rows.map((row, i) => {
      const top = headHeight(card) + i * rowHeight;
      return shape(
        'g',
        { class: 'row', 'data-card': id, 'data-row': row.id, transform: `translate(0 ${top})` },
        shape('title', {}, `${clean(row.label)}: ${row.word}`),
        shape('rect', { x: 1, width: width - 2, height: rowHeight, class: 'stripe' }),
        text(12, 15, 'label', shortened(row.label, most - row.word.length)),
        word(width - 10, 15, row.word),
      );
    }),
  );
}

/** Characters of the first line that are not the title's. */
function besideTitle({ findings, canFold, detail, word: words }: Card): number {
  return (findings > 0 ? 6 : 0) + (canFold ? 2 : 0) + (detail === '' && words !== '' ? words.length + 1 : 0);
}

/** What a screen reader says. */
function headText({ title, detail, word: words, findings }: Card): string {
  const found = findings > 0 ? counted(findings, 'finding', 'findings') : '';
  return [clean(title), clean(detail), words, found].filter((part) => part !== '').join(', ');
}

function word(x: number, y: number, content: string): Shape {
  return shape('text', { x, y, class: `word ${content.replaceAll(' ', '-')}`, 'text-anchor': 'end' }, content);
}

function fold({ canFold, isFolded }: Card): Shape | undefined {
  if (!canFold) return undefined;
  const d = isFolded ? 'M11 10l5 5l-5 5' : 'M9 12l5 5l5-5';
  return shape(
    'g',
    { class: 'fold' },
    shape('rect', { x: 2, y: 4, width: 22, height: 22, class: 'target' }),
    shape('path', { d, class: 'chevron' }),
  );
}

const marks = { error: '✕', warning: '⚠', information: 'i', hint: '·' } as const;

/** The worst finding's mark, and how many there are. */
function badge({ worst, findings, detail, word: beside }: Card, width: number): Shape | undefined {
  if (worst === undefined) return undefined;
  const right = detail === '' && beside !== '' ? beside.length * 7 + 8 : 0;
  return shape(
    'text',
    { x: width - 10 - right, y: 19, class: `badge ${worst}`, 'text-anchor': 'end' },
    shape('title', {}, `${counted(findings, 'finding', 'findings')}, the worst: ${worst}`),
    `${marks[worst]} ${findings}`,
  );
}
