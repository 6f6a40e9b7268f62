import type { DocumentHighlight, Location } from 'vscode-languageserver';
import { DocumentHighlightKind } from 'vscode-languageserver';
import { LineIndex } from '../../base/line-index.ts';
import { placesIn, placesNaming, subjectAt } from '../../features/navigation/references.ts';
import type { AtPosition, ReferencesRequest } from '../protocol/standard.ts';
import type { Session } from '../session.ts';
import { toRange } from '../to-lsp.ts';

export function references(
  session: Session,
  { textDocument: { uri }, position, context: { includeDeclaration } }: ReferencesRequest,
): Location[] {
  const place = session.placeOf(uri);
  const subject = place && subjectAt({ ...place, uri }, place.lines.offsetAt(position));
  if (!place || !subject) return [];
  const lines = new Map<string, LineIndex>();
  return [...placesNaming(place, subject.entities)]
    .filter(({ field }) => includeDeclaration || field.role === 'reference')
    .map((found) => {
      let index = lines.get(found.uri);
      if (!index) lines.set(found.uri, (index = new LineIndex(session.texts.textOf(found.uri) ?? '')));
      return { uri: found.uri, range: toRange(found.span, index) };
    });
}

export function documentHighlight(
  session: Session,
  { textDocument: { uri }, position }: AtPosition,
): DocumentHighlight[] {
  const place = session.placeOf(uri);
  const subject = place && subjectAt({ ...place, uri }, place.lines.offsetAt(position));
  if (!place || !subject) return [];
  return [...placesIn({ ...place, uri }, subject.entities)].map(({ span, field }) => ({
    range: toRange(span, place.lines),
    kind: field.role === 'declaration' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
  }));
}
