// Names as they may be printed: a terminal, an XML parser and a reader must all see the same text.
import { visibleLine } from '../base/visible.ts';

/** What acts on a terminal or on the order of letters is escaped; what XML cannot hold becomes U+FFFD. */
export function clean(text: string): string {
  return visibleLine(text).replace(/[\ufffe\uffff]/g, '\ufffd');
}

/** At most `most` characters; the middle goes, as names differ at both ends. */
export function shortened(text: string, most: number): string {
  const characters = Array.from(clean(text));
  if (characters.length <= most) return characters.join('');
  const head = Math.ceil((most - 1) / 2);
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (most - 1 - head)).join('')}`;
}
