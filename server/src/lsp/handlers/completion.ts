import { CompletionItemKind, InsertTextFormat, type CompletionItem } from 'vscode-languageserver';
import { configChoices } from '../../features/config-file/completion.ts';
import { egressTestChoices, type Choice } from '../../features/egress-test/completion.ts';
import { isConfigFile } from '../../sources/config-file.ts';
import { isEgressTestName } from '../../sources/egress-test.ts';
import type { AtPosition } from '../protocol/standard.ts';
import type { Session } from '../session.ts';
import { toRange } from '../to-lsp.ts';

const kinds: Readonly<Record<Choice['kind'], CompletionItemKind>> = {
  key: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  case: CompletionItemKind.Snippet,
};

/** In the order in which the features give them: editors would sort by name. */
export function completion(session: Session, { textDocument: { uri }, position }: AtPosition): CompletionItem[] {
  const place = isEgressTestName(uri) || isConfigFile(uri) ? session.placeOf(uri) : undefined;
  const text = session.texts.textOf(uri);
  if (!place || text === undefined) return [];
  const offset = place.lines.offsetAt(position);
  const choices = isConfigFile(uri)
    ? configChoices(text, offset, session.rules)
    : egressTestChoices(text, offset, session.workspaceFor(uri).mesh);
  return choices.map(({ label, kind, doc, newText, snippet, replace }, order) => {
    const takesSnippet = snippet !== undefined && session.editor.snippets;
    return {
      label,
      kind: kinds[kind],
      sortText: String(order).padStart(4, '0'),
      ...(doc === '' ? {} : { documentation: doc }),
      textEdit: { range: toRange(replace, place.lines), newText: takesSnippet ? snippet : newText },
      ...(takesSnippet ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
    };
  });
}
