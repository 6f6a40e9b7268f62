// Texts that are kept for long, and hold on to no other: what is joined of others, or cut from a file, does until it is one piece.
// Names, kinds and hosts come again and again: of the last ones that were kept, each is found without another copy, and equal ones
// are one text.

/** How many of the last texts are found again, each at the place that its length and some of its letters give. A power of two. */
const places = 4096;
/** Longer ones are rarely the same. */
const longestKept = 64;
/** What is shorter is copied when it is cut or joined. */
const shortestPart = 13;

const kept: string[] = Array.from({ length: places }, () => '');
const keptNames: string[] = Array.from({ length: places }, () => '');

/** The same text, which holds on to no other. */
export function flatText(text: string): string {
  const { length } = text;
  if (length > longestKept) return copied(text);
  if (length === 0) return text;
  const place = placeOf(text, 0, length);
  const known = kept[place]!;
  return known === text ? known : (kept[place] = length < shortestPart ? text : copied(text));
}

/** A part of a text that is used as the name of a property: it stands for itself, and is compared by what it is, not letter by letter. */
export function flatName(text: string, start: number, end: number): string {
  const length = end - start;
  if (length === 0 || length > longestKept) return asName(text.slice(start, end));
  const place = placeOf(text, start, length);
  const known = keptNames[place]!;
  if (known.length === length && text.startsWith(known, start)) return known;
  return (keptNames[place] = asName(text.slice(start, end)));
}

/** For a text that was joined a moment ago, and is not cut from another: it is one piece then, without another copy. */
export function inOnePiece(text: string): string {
  lookedAt[0] = text.charCodeAt(0);
  return text;
}

function placeOf(text: string, start: number, length: number): number {
  const last = start + length - 1;
  const letters = text.charCodeAt(start) * 31 + text.charCodeAt(start + (length >> 1));
  return ((letters * 31 + text.charCodeAt(last)) * 31 + length) & (places - 1);
}

/** Written, so that no compiler leaves out the look. */
const lookedAt = new Uint16Array(1);

/**
 * The same text in a place of its own. What is cut from another is looked up there letter by letter, which takes a parser a sixth longer.
 * What is joined becomes one piece as soon as one of its letters is looked at: far quicker than a name.
 */
export function copied(text: string): string {
  return inOnePiece(text.charAt(0) + text.slice(1));
}

/** Too many properties for an object with a fixed shape, and never more than one at a time. */
const names: Record<string, true> = Object.create(null) as Record<string, true>;

function asName(text: string): string {
  names[text] = true;
  delete names[text];
  return text;
}
