// Texts that are kept for long. What is joined of others, or cut from a file, holds on to these; a text that was the name of a property
// stands for itself, and for all that are equal to it.

/** Too many properties for an object with a fixed shape, and never more than one at a time. */
const names: Record<string, true> = Object.create(null) as Record<string, true>;

/** The same text, which holds on to no other. */
export function flatText(text: string): string {
  names[text] = true;
  delete names[text];
  return text;
}
