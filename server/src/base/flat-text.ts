// Texts that are kept for long. What is joined of others, or cut from a file, holds on to these; a text that was the name of a property
// stands for itself, and for all that are equal to it. Names, kinds and hosts come again and again: of the last ones that were kept, each
// is found without cutting it out, and equal texts are then compared by what they are, not letter by letter.

/** Too many properties for an object with a fixed shape, and never more than one at a time. */
const names: Record<string, true> = Object.create(null) as Record<string, true>;

/** The last texts that were kept, each at the place that its length and some of its letters give. A power of two. */
const places = 4096;
const kept: string[] = Array.from({ length: places }, () => '');
/** Longer ones are rarely the same. */
const longestKept = 64;

/** The same text, which holds on to no other. */
export function flatText(text: string): string {
  const { length } = text;
  if (length === 0 || length > longestKept) return flat(text);
  const place = placeOf(text, 0, length);
  const known = kept[place]!;
  return known === text ? known : (kept[place] = flat(text));
}

/** A part of a text, which does not hold on to it. */
export function flatPart(text: string, start: number, end: number): string {
  const length = end - start;
  if (length > 0 && length <= longestKept) {
    const known = kept[placeOf(text, start, length)]!;
    if (known.length === length && text.startsWith(known, start)) return known;
  }
  return flatText(text.slice(start, end));
}

function placeOf(text: string, start: number, length: number): number {
  const last = start + length - 1;
  const letters = text.charCodeAt(start) * 31 + text.charCodeAt(start + (length >> 1));
  return ((letters * 31 + text.charCodeAt(last)) * 31 + length) & (places - 1);
}

function flat(text: string): string {
  names[text] = true;
  delete names[text];
  return text;
}
