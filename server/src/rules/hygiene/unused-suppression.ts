import type { Span } from '../../base/span.ts';
import { defineDocumentRule } from '../rule.ts';

export const unusedSuppression = defineDocumentRule<{ readonly used: boolean }>({
  id: 'unused-suppression',
  stage: 'hygiene',
  summary: 'A suppression comment suppresses nothing, or gives no reason.',
  severity: 'information',
  since: '0.1.0',

  *fixes({ used }, { uri, document, text, at }) {
    // A comment that suppresses a finding lacks only its reason, which no fix can write.
    if (used) return;
    yield {
      title: 'Remove the comment',
      safety: 'safe',
      changes: [{ op: 'replace-text', in: { uri, document }, span: withSurroundings(text, at), newText: '' }],
    };
  },
});

/** The comment's whole line, or the comment and the space before it where something else is on the line. */
function withSurroundings(text: string, { start, end }: Span): Span {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const before = text.slice(lineStart, start).trimEnd();
  if (before !== '') return { start: lineStart + before.length, end };
  const lineEnd = text.indexOf('\n', end);
  return { start: lineStart, end: lineEnd < 0 ? text.length : lineEnd + 1 };
}
