import type { DocumentHighlight, Location } from 'vscode-languageserver';
import { DocumentHighlightKind } from 'vscode-languageserver';
import { LineIndex } from '../../base/line-index.ts';
import { placesByDocument, placesByFile, subjectAt } from '../../features/navigation/references.ts';
import type { Answer } from '../handler.ts';
import { answerAboutText, longAnswer } from '../long-answer.ts';
import type { AtPosition, ReferencesRequest } from '../protocol/standard.ts';
import type { Session } from '../session.ts';
import { toRange } from '../to-lsp.ts';

/** An editor lists them all, file by file. */
const mostReferences = 10_000;

export const references: Answer<ReferencesRequest, Location[]> = (session, params, token) =>
  longAnswer(session, token, () => referencesIn(session, params));

function* referencesIn(
  session: Session,
  { textDocument: { uri }, position, context: { includeDeclaration } }: ReferencesRequest,
): Generator<undefined, Location[]> {
  const place = session.placeOf(uri);
  const subject = place && subjectAt({ ...place, uri }, place.lines.offsetAt(position));
  if (!place || !subject) return [];
  const found: Location[] = [];
  let count = 0;
  for (const { uri: file, places } of placesByFile(place, subject.entities)) {
    yield;
    const wanted = places.filter(({ role }) => includeDeclaration || role === 'reference');
    const shown = wanted.slice(0, mostReferences - found.length);
    count += wanted.length;
    if (shown.length === 0) continue;
    const lines = new LineIndex(session.texts.textOf(file) ?? '');
    for (const { span } of shown) found.push({ uri: file, range: toRange(span, lines) });
  }
  if (count > mostReferences)
    session.tell(`Istio Egress: ${count} places refer to this name; the first ${mostReferences} are shown.`);
  return found;
}

export const documentHighlight: Answer<AtPosition, DocumentHighlight[]> = (
  session,
  { textDocument: { uri }, position },
  token,
) => {
  const place = session.placeOf(uri);
  const subject = place && subjectAt({ ...place, uri }, place.lines.offsetAt(position));
  if (!place || !subject) return [];
  return answerAboutText(session, { uri, token }, function* () {
    const found: DocumentHighlight[] = [];
    for (const places of placesByDocument({ ...place, uri }, subject.entities)) {
      const room = mostReferences - found.length;
      for (const { span, role } of places.slice(0, room))
        found.push({
          range: toRange(span, place.lines),
          kind: role === 'declaration' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
        });
      yield;
      if (places.length <= room) continue;
      session.note(`More than ${mostReferences} places in ${uri} have this name: the first ones are highlighted.`);
      break;
    }
    return found;
  });
};
