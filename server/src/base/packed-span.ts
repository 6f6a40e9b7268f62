// Spans that are kept for every field of every resource: as a number, where an object would take five words.
import type { Span } from './span.ts';

/** Of a span: what `unpacked` takes. Equal spans are equal numbers. */
export type PackedSpan = number;

/** Most fit into the 31 bits of a number that V8 keeps without an object of its own. */
const shortLength = 2 ** 13;
const shortStart = 2 ** 17;
/** More than a text can have. */
const anyLength = 2 ** 26;

export function packed({ start, end }: Span): PackedSpan {
  const length = end - start;
  return start < shortStart && length < shortLength ? start * shortLength + length : -1 - (start * anyLength + length);
}

export function unpacked(span: PackedSpan): Span {
  const [size, number] = span < 0 ? [anyLength, -1 - span] : [shortLength, span];
  const start = Math.floor(number / size);
  return { start, end: start + (number % size) };
}
