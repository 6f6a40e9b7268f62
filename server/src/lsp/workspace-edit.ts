// Changes of files as LSP writes them.
import type { ChangeAnnotation, WorkspaceEdit } from 'vscode-languageserver';
import { LineIndex } from '../base/line-index.ts';
import type { FileChange } from '../engine/apply-fix.ts';
import type { Session } from './session.ts';
import { toTextEdit } from './to-lsp.ts';

const annotationId = 'change';

/** New files need `documentChanges`; each edit names the version that it was computed for. With an annotation, each edit bears it. */
export function toWorkspaceEdit(
  session: Session,
  changes: readonly FileChange[],
  annotation: ChangeAnnotation | undefined,
): WorkspaceEdit {
  const mark = annotation === undefined ? {} : { annotationId };
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
  const annotations = annotation === undefined ? {} : { changeAnnotations: { [annotationId]: annotation } };
  return { documentChanges: [...created, ...edits], ...annotations };
}

/** Such as `policy.yaml, egress.yaml (new)`. */
export function filesText(changes: readonly FileChange[]): string {
  return changes
    .map(({ uri, created }) => `${uri.slice(uri.lastIndexOf('/') + 1)}${created ? ' (new)' : ''}`)
    .join(', ');
}
