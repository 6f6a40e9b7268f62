import { CodeActionKind, type CodeAction, type WorkspaceEdit } from 'vscode-languageserver';
import { LineIndex } from '../../base/line-index.ts';
import type { FileChange } from '../../engine/apply-fix.ts';
import { fixAllIn, quickFixesAt, type QuickFix } from '../../features/quick-fixes.ts';
import type { CodeActionRequest } from '../protocol/standard.ts';
import type { Session } from '../session.ts';
import { toDiagnostic, toTextEdit } from '../to-lsp.ts';

const fixAllKind = `${CodeActionKind.SourceFixAll}.istioEgress`;
export const codeActionKinds = [CodeActionKind.QuickFix, fixAllKind];

export function codeAction(
  session: Session,
  { textDocument: { uri }, range, context }: CodeActionRequest,
): CodeAction[] {
  const place = session.placeOf(uri);
  if (!place) return [];
  const { workspace, lines, host } = place;
  const wants = (kind: string) =>
    !context.only || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  const span = { start: lines.offsetAt(range.start), end: lines.offsetAt(range.end) };
  const actions: CodeAction[] = [];
  if (wants(CodeActionKind.QuickFix))
    for (const fix of quickFixesAt(workspace, session.rules, host, uri, span)) actions.push(toAction(session, fix));
  // Fix-all is requested by its kind (on save, from the palette): in each light bulb it would be noise.
  if (context.only && wants(fixAllKind)) {
    const changes = fixAllIn(workspace, session.rules, host, uri);
    if (changes.length > 0)
      actions.push({
        title: 'Apply all safe fixes',
        kind: fixAllKind,
        edit: toWorkspaceEdit(session, changes, undefined),
      });
  }
  return actions;
}

function toAction(session: Session, fix: QuickFix): CodeAction {
  const { title } = fix;
  return {
    title,
    kind: CodeActionKind.QuickFix,
    isPreferred: fix.preferred,
    diagnostics: [toDiagnostic(fix.finding, session.pageUri)],
    edit: toWorkspaceEdit(session, fix.changes, session.editor.annotates && reachesFurther(fix) ? title : undefined),
  };
}

/** Changes more than the current file: another one, or a new one. */
function reachesFurther({ finding, changes }: QuickFix): boolean {
  return changes.some(({ uri, created }) => created || uri !== finding.uri);
}

const annotationId = 'fix';

/** New files need `documentChanges`; each edit names the version that it was computed for. What is to be confirmed is annotated as `confirm`. */
function toWorkspaceEdit(session: Session, changes: readonly FileChange[], confirm: string | undefined): WorkspaceEdit {
  const mark = confirm === undefined ? {} : { annotationId };
  const created = changes
    .filter((change) => change.created)
    .map(({ uri }) => ({ kind: 'create' as const, uri, ...mark }));
  const edits = changes.map(({ uri, created: isNew, edits: list }) => {
    const lines = new LineIndex(isNew ? '' : (session.texts.textOf(uri) ?? ''));
    return {
      textDocument: { uri, version: session.texts.versionOf(uri) ?? null },
      edits: list.map((edit) => ({ ...toTextEdit(edit, lines), ...mark })),
    };
  });
  const files = changes.map(
    ({ uri, created: isNew }) => `${uri.slice(uri.lastIndexOf('/') + 1)}${isNew ? ' (new)' : ''}`,
  );
  const annotations =
    confirm === undefined
      ? {}
      : {
          changeAnnotations: {
            [annotationId]: { label: confirm, needsConfirmation: true, description: files.join(', ') },
          },
        };
  return { documentChanges: [...created, ...edits], ...annotations };
}
