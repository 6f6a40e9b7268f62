import type { Range, WorkspaceEdit } from 'vscode-languageserver';
import { groupBy } from '../../base/group-by.ts';
import { LineIndex } from '../../base/line-index.ts';
import { mapInSteps } from '../../base/steps.ts';
import { renameEdits, renameSubject, type RenameEdit } from '../../features/navigation/rename.ts';
import type { Answer } from '../handler.ts';
import { longAnswer } from '../long-answer.ts';
import { RequestRefused } from '../unanswered.ts';
import type { AtPosition, RenameRequest } from '../protocol/standard.ts';
import type { Session } from '../session.ts';
import { toRange } from '../to-lsp.ts';

/** The range and its text; a place that cannot be renamed is refused with the reason. */
export function prepareRename(
  session: Session,
  { textDocument: { uri }, position }: AtPosition,
): { readonly range: Range; readonly placeholder: string } | null {
  const place = session.placeOf(uri);
  if (!place) return null;
  const subject = renameSubject({ ...place, uri }, place.lines.offsetAt(position));
  if (typeof subject === 'string') throw new RequestRefused(subject);
  const placeholder = (session.texts.textOf(uri) ?? '').slice(subject.span.start, subject.span.end);
  return { range: toRange(subject.span, place.lines), placeholder };
}

export const rename: Answer<RenameRequest, WorkspaceEdit | null> = (
  session,
  { textDocument: { uri }, position, newName },
  token,
) =>
  longAnswer(session, token, function* () {
    const place = session.placeOf(uri);
    if (!place) return null;
    const navigated = { ...place, uri };
    const subject = renameSubject(navigated, place.lines.offsetAt(position));
    if (typeof subject === 'string') throw new RequestRefused(subject);
    const result = yield* renameEdits(navigated, subject, newName);
    if (result.state === 'refused') throw new RequestRefused(result.reason);
    return yield* toWorkspaceEdit(session, result.edits, newName);
  });

const annotationId = 'rename';

/** Each edit names the version of its file; editors that can show what an edit touches group it by file. */
function* toWorkspaceEdit(
  session: Session,
  edits: readonly RenameEdit[],
  newName: string,
): Generator<undefined, WorkspaceEdit> {
  const mark = session.editor.annotates ? { annotationId } : {};
  const byFile = groupBy(edits, ({ uri }) => uri);
  const documentChanges = yield* mapInSteps([...byFile], ([uri, list]) => {
    const lines = new LineIndex(session.texts.textOf(uri) ?? '');
    return {
      textDocument: { uri, version: session.texts.versionOf(uri) ?? null },
      edits: list.map(({ span, newText }) => ({ range: toRange(span, lines), newText, ...mark })),
    };
  });
  const count = `${edits.length} ${edits.length === 1 ? 'place' : 'places'} in ${byFile.size} ${byFile.size === 1 ? 'file' : 'files'}`;
  const annotations = session.editor.annotates
    ? {
        changeAnnotations: {
          [annotationId]: { label: `Rename to ${newName}`, description: count, needsConfirmation: false },
        },
      }
    : {};
  return { documentChanges: [...documentChanges], ...annotations };
}
