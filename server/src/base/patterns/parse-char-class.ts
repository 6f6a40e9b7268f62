// Bracket expressions and Unicode classes.
import { complement, perlClass, posixClass, range, remembered, unicodeClass } from './char-sets.ts';
import { escapedAt, ExpressionFault, type ReadPoint } from './parse-escape.ts';
import type { CharSet } from './expression.ts';

interface ReadSet {
  readonly set: CharSet;
  readonly end: number;
}

/** At `[`. */
export function charClassAt(text: string, start: number, ignoresCase: boolean): ReadSet {
  const isNegated = text[start + 1] === '^';
  const first = start + (isNegated ? 2 : 1);
  const sets: CharSet[] = [];
  let at = first;
  while (text[at] !== ']' || at === first) {
    if (at >= text.length) throw new ExpressionFault('missing closing ]', text.slice(start));
    const item = namedItemAt(text, at, ignoresCase) ?? rangeAt(text, at, ignoresCase);
    sets.push(item.set);
    at = item.end;
  }
  const set = remembered((point) => sets.some((one) => one(point)));
  return { set: isNegated ? complement(set) : set, end: at + 1 };
}

/** `[:alpha:]`, `\pL`, `\d`. */
function namedItemAt(text: string, at: number, ignoresCase: boolean): ReadSet | undefined {
  if (text.startsWith('[:', at)) {
    const end = text.indexOf(':]', at + 2);
    if (end < 0) return undefined;
    const set = posixClass(text.slice(at + 2, end), ignoresCase);
    if (!set) throw new ExpressionFault('invalid character class range', text.slice(at, end + 2));
    return { set, end: end + 2 };
  }
  if (text[at] !== '\\') return undefined;
  const letter = text[at + 1] ?? '';
  if (letter === 'p' || letter === 'P') return unicodeClassAt(text, at, ignoresCase);
  const set = letter === '' ? undefined : perlClass(letter, ignoresCase);
  return set && { set, end: at + 2 };
}

function rangeAt(text: string, start: number, ignoresCase: boolean): ReadSet {
  const low = pointAt(text, start);
  let high = low;
  if (text[low.end] === '-' && low.end + 1 < text.length && text[low.end + 1] !== ']')
    high = pointAt(text, low.end + 1);
  if (high.point < low.point) throw new ExpressionFault('invalid character class range', text.slice(start, high.end));
  return { set: range(low.point, high.point, ignoresCase), end: high.end };
}

function pointAt(text: string, at: number): ReadPoint {
  const point = text.codePointAt(at);
  if (point === undefined) throw new ExpressionFault('missing closing ]', text);
  return point === 92 ? escapedAt(text, at) : { point, end: at + (point > 0xffff ? 2 : 1) };
}

/** At `\p` or `\P`, with `N`, `{Greek}` or `{^Greek}` behind it. */
export function unicodeClassAt(text: string, start: number, ignoresCase: boolean): ReadSet {
  const open = start + 2;
  const close = text[open] === '{' ? text.indexOf('}', open) : open;
  const end = close < 0 ? text.length : close + 1;
  const written = text[open] === '{' ? text.slice(open + 1, end - 1) : text.slice(open, end);
  const isInverted = written.startsWith('^');
  const set = close < 0 ? undefined : unicodeClass(isInverted ? written.slice(1) : written, ignoresCase);
  if (!set) throw new ExpressionFault('invalid character class range', text.slice(start, end));
  return { set: isInverted === (text[start + 1] === 'P') ? set : complement(set), end };
}
