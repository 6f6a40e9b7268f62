// Refactorings as code actions. What one changes is computed when the user chooses it; an editor that cannot ask then gets it at once.
import type { ChangeAnnotation, CodeAction } from 'vscode-languageserver';
import type { LineIndex } from '../base/line-index.ts';
import type { Span } from '../base/span.ts';
import { effectText, refactor, refactoringsAt, type Refactored } from '../features/refactorings/refactorings.ts';
import { RequestRefused } from './unanswered.ts';
import { readIfValid } from './protocol/read.ts';
import type { Range } from './protocol/shared.ts';
import { offeredAction, type CodeActionRequest, type OfferedAction } from './protocol/standard.ts';
import type { Session } from './session.ts';
import { filesText, toWorkspaceEdit } from './workspace-edit.ts';

/** Without edits where they can be asked for later. */
export function refactorActions(
  session: Session,
  request: CodeActionRequest,
  wants: (kind: string) => boolean,
): readonly CodeAction[] {
  const { textDocument, range } = request;
  const place = session.placeOf(textDocument.uri);
  if (!place || session.isReading) return [];
  const { resolvesActions, annotates } = session.editor;
  const isLazy = resolvesActions && annotates;
  if (!isLazy && !isAskedFor(request)) return [];
  const data = { textDocument, range };
  const offered = refactoringsAt(place.workspace, place.host, textDocument.uri, spanOf(place.lines, range));
  return offered
    .filter(({ kind }) => wants(kind))
    .flatMap(({ title, kind }): readonly CodeAction[] => {
      if (isLazy) return [{ title, kind, data } satisfies OfferedAction];
      const complete = withEdit(session, { title, kind, data });
      return complete ? [complete] : [];
    });
}

/** An action that came with its edit, such as a quick fix, is complete. */
export function resolveRefactorAction(session: Session, action: object): object {
  const offered = readIfValid(offeredAction, action);
  if (!offered) return action;
  const complete = withEdit(session, offered);
  if (complete) return complete;
  throw new RequestRefused(
    `"${offered.title}" cannot be done here: no edit has the result that it promises, or the file has changed.`,
  );
}

/** Where the edit cannot bear the difference, the title does. */
function withEdit(session: Session, { title, kind, data }: OfferedAction): CodeAction | undefined {
  const { textDocument, range } = data;
  const { uri } = textDocument;
  const place = session.placeOf(uri);
  const done = place && refactor(place.workspace, place.host, uri, spanOf(place.lines, range), title);
  if (!done) return undefined;
  const isShown = needsConfirmation(done, uri);
  const edit = toWorkspaceEdit(
    session,
    done.changes,
    isShown && session.editor.annotates ? annotation(done) : undefined,
  );
  return { title: isShown && !session.editor.annotates ? `${title} (${effectText(done)})` : title, kind, edit };
}

/** Not for each move of the cursor: each edit is followed through the mesh. */
function isAskedFor({ context: { only, triggerKind } }: CodeActionRequest): boolean {
  return triggerKind === 1 || only?.some((kind) => kind.startsWith('refactor')) === true;
}

function spanOf(lines: LineIndex, range: Range): Span {
  return { start: lines.offsetAt(range.start), end: lines.offsetAt(range.end) };
}

function annotation(done: Refactored): ChangeAnnotation {
  const description = `${effectText(done)}. Files: ${filesText(done.changes)}`;
  return { label: done.title, needsConfirmation: true, description };
}

/** Unless every known request stays as it is, nothing is lost, and the user sees all of it in the current file. */
function needsConfirmation({ proof, lost, changes }: Refactored, uri: string): boolean {
  return (
    proof.compared === 0 ||
    proof.differences.length > 0 ||
    proof.isShort ||
    lost.length > 0 ||
    changes.some((change) => change.created || change.uri !== uri)
  );
}
