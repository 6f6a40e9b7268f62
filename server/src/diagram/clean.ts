// Names as they may be printed: a terminal, an XML parser and a reader must all see the same text.

// Control characters (C0, DEL, C1), what turns the direction of text, and halves of characters.
const unsafe =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Each unsafe character becomes U+FFFD, so that it is seen that something is there. */
export function clean(text: string): string {
  return text.replace(unsafe, '\ufffd');
}

/** At most `most` characters; the middle goes, as names differ at both ends. */
export function shortened(text: string, most: number): string {
  const characters = Array.from(clean(text));
  if (characters.length <= most) return characters.join('');
  const head = Math.ceil((most - 1) / 2);
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (most - 1 - head)).join('')}`;
}
