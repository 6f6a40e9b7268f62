// Words as Markdown, each link with the file's address and its line.
import { escapeMarkdown } from '../../base/markdown.ts';
import { LineIndex } from '../../base/line-index.ts';
import type { FixHost } from '../../engine/apply-fix.ts';
import type { Line, Link, Words } from './fact-wording.ts';

/** A list, one item a line. */
export function linesToMarkdown(lines: readonly Line[], host: Pick<FixHost, 'textOf' | 'documentAt'>): string {
  const addressOf = addresses(host);
  return lines.map(({ label, words }) => `- **${escapeMarkdown(label)}**: ${toMarkdown(words, addressOf)}`).join('\n');
}

type AddressOf = (link: Link) => string | undefined;

function toMarkdown(words: Words, addressOf: AddressOf): string {
  return words
    .map((part) => {
      if (typeof part === 'string') return escapeMarkdown(part);
      const address = addressOf(part);
      return address === undefined ? escapeMarkdown(part.text) : `[${escapeMarkdown(part.text)}](${address})`;
    })
    .join('');
}

/** Lines of a file are found once, however many links lead into it. */
function addresses({ textOf, documentAt }: Pick<FixHost, 'textOf' | 'documentAt'>): AddressOf {
  const known = new Map<string, LineIndex | undefined>();
  const linesOf = (uri: string) => {
    if (!known.has(uri)) known.set(uri, indexOf(textOf(uri)));
    return known.get(uri);
  };
  return ({ resource, span }) => {
    const where = documentAt(resource.document);
    const lines = where && linesOf(where.uri);
    // Blanks and parentheses would end the link early.
    return (
      where &&
      lines &&
      `${where.uri.replaceAll(' ', '%20').replaceAll('(', '%28').replaceAll(')', '%29')}#L${lines.positionAt(where.start + span.start).line + 1}`
    );
  };
}

function indexOf(text: string | undefined): LineIndex | undefined {
  return text === undefined ? undefined : new LineIndex(text);
}
