import type { DocumentHighlight, Location } from 'vscode-languageserver';
import { DocumentHighlightKind } from 'vscode-languageserver';
import { LineIndex } from '../../base/line-index.ts';
import { placesIn, placesByFile, subjectAt } from '../../features/navigation/references.ts';
import type { Answer } from '../handler.ts';
import { takeInSlices } from '../long-answer.ts';
import type { AtPosition, ReferencesRequest } from '../protocol/standard.ts';
import type { Session } from '../session.ts';
import { toRange } from '../to-lsp.ts';

export const references: Answer<ReferencesRequest, Location[]> = async (
  session,
  { textDocument: { uri }, position, context: { includeDeclaration } },
  token,
) => {
  const place = session.placeOf(uri);
  const subject = place && subjectAt({ ...place, uri }, place.lines.offsetAt(position));
  if (!place || !subject) return [];
  const found: Location[] = [];
  await takeInSlices(session, placesByFile(place, subject.entities), {
    token,
    take({ uri: file, places }) {
      if (places.length === 0) return;
      const lines = new LineIndex(session.texts.textOf(file) ?? '');
      for (const { role, span } of places)
        if (includeDeclaration || role === 'reference') found.push({ uri: file, range: toRange(span, lines) });
    },
  });
  return found;
};

export function documentHighlight(
  session: Session,
  { textDocument: { uri }, position }: AtPosition,
): DocumentHighlight[] {
  const place = session.placeOf(uri);
  const subject = place && subjectAt({ ...place, uri }, place.lines.offsetAt(position));
  if (!place || !subject) return [];
  return [...placesIn({ ...place, uri }, subject.entities)].map(({ span, role }) => ({
    range: toRange(span, place.lines),
    kind: role === 'declaration' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
  }));
}
