// Names and values within messages may be a megabyte long: nobody reads that, and hundreds of such messages fill the memory.

const mostCharacters = 2000;
const shownAtEnd = 500;

/** The text without its middle where it is too long. */
export function withoutMiddle(text: string): string {
  if (text.length <= mostCharacters) return text;
  const start = text.slice(0, mostCharacters - shownAtEnd);
  return `${start}… (${text.length - mostCharacters} characters left out) …${text.slice(-shownAtEnd)}`;
}
