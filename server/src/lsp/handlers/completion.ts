import { CompletionItemKind, InsertTextFormat, type CompletionItem, type CompletionParams } from 'vscode-languageserver';
import { egressTestChoices, type Choice } from '../../features/egress-test/completion.ts';
import { isEgressTestName } from '../../sources/egress-test.ts';
import type { Session } from '../session.ts';
import { toRange } from '../to-lsp.ts';

const kinds: Readonly<Record<Choice['kind'], CompletionItemKind>> = { key: CompletionItemKind.Property, value: CompletionItemKind.Value, case: CompletionItemKind.Snippet };

/** In the order in which the features give them: editors would sort by name. */
export function completion(session: Session, { textDocument: { uri }, position }: CompletionParams): CompletionItem[] {
  const place = isEgressTestName(uri) ? session.placeOf(uri) : undefined;
  const text = session.texts.textOf(uri);
  if (!place || text === undefined) return [];
  return egressTestChoices(text, place.lines.offsetAt(position), session.workspaceFor(uri).mesh).map(({ label, kind, doc, newText, snippet, replace }, order) => {
    const takesSnippet = snippet !== undefined && session.snippets;
    return {
      label, kind: kinds[kind], sortText: String(order).padStart(4, '0'),
      ...(doc === '' ? {} : { documentation: doc }),
      textEdit: { range: toRange(replace, place.lines), newText: takesSnippet ? snippet : newText },
      ...(takesSnippet ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
    };
  });
}
