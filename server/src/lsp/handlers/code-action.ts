import { CodeActionKind, type CodeAction } from 'vscode-languageserver';
import { fixAllIn, quickFixesAt, type QuickFix } from '../../features/quick-fixes.ts';
import type { CodeActionRequest } from '../protocol/standard.ts';
import type { Session } from '../session.ts';
import { refactorActions } from '../refactor-actions.ts';
import { toDiagnostic } from '../to-lsp.ts';
import { filesText, toWorkspaceEdit } from '../workspace-edit.ts';

const fixAllKind = `${CodeActionKind.SourceFixAll}.istioEgress`;
export const codeActionKinds = [
  CodeActionKind.QuickFix,
  fixAllKind,
  CodeActionKind.RefactorExtract,
  CodeActionKind.RefactorRewrite,
  'refactor.move',
];

export function codeAction(session: Session, request: CodeActionRequest): CodeAction[] {
  const {
    textDocument: { uri },
    range,
    context,
  } = request;
  const place = session.placeOf(uri);
  if (!place) return [];
  const { workspace, lines, host } = place;
  const wants = (kind: string) =>
    !context.only || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  const span = { start: lines.offsetAt(range.start), end: lines.offsetAt(range.end) };
  const actions: CodeAction[] = [];
  if (wants(CodeActionKind.QuickFix))
    for (const fix of quickFixesAt(workspace, session.rules, host, uri, span)) actions.push(toAction(session, fix));
  actions.push(...refactorActions(session, request, wants));
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
    edit: toWorkspaceEdit(
      session,
      fix.changes,
      session.editor.annotates && reachesFurther(fix)
        ? { label: title, needsConfirmation: true, description: filesText(fix.changes) }
        : undefined,
    ),
  };
}

/** Changes more than the current file: another one, or a new one. */
function reachesFurther({ finding, changes }: QuickFix): boolean {
  return changes.some(({ uri, created }) => created || uri !== finding.uri);
}
