import { CompletionItemKind, CompletionItemTag, InsertTextFormat, InsertTextMode } from 'vscode-languageserver';
import type { CompletionItem, CompletionList } from 'vscode-languageserver';
import { manifestChoices } from '../../features/completion/complete.ts';
import type { ManifestChoice } from '../../features/completion/choice.ts';
import { configChoices } from '../../features/config-file/completion.ts';
import { egressTestChoices, type Choice } from '../../features/egress-test/completion.ts';
import { isConfigFile } from '../../sources/config-file.ts';
import { isEgressTestName } from '../../sources/egress-test.ts';
import type { LineIndex } from '../../base/line-index.ts';
import type { AtPosition } from '../protocol/standard.ts';
import type { Session } from '../session.ts';
import { toRange, toTextEdit } from '../to-lsp.ts';

const kinds: Readonly<Record<Choice['kind'] | ManifestChoice['kind'], CompletionItemKind>> = {
  key: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  case: CompletionItemKind.Snippet,
  reference: CompletionItemKind.Reference,
  resource: CompletionItemKind.Snippet,
};

/** In the order in which the features give them: editors would sort by name. */
export function completion(
  session: Session,
  { textDocument: { uri }, position }: AtPosition,
): CompletionItem[] | CompletionList {
  const place = session.placeOf(uri);
  const text = session.texts.textOf(uri);
  if (!place || text === undefined) return [];
  const offset = place.lines.offsetAt(position);
  const snippets = session.editor.snippets;
  if (isConfigFile(uri)) return toItems(configChoices(text, offset, session.rules), place.lines, snippets);
  if (isEgressTestName(uri))
    return toItems(egressTestChoices(text, offset, session.workspaceFor(uri).mesh), place.lines, snippets);
  const { choices, isIncomplete } = manifestChoices({ workspace: place.workspace, uri, text, offset });
  return { isIncomplete, items: toItems(choices, place.lines, snippets) };
}

function toItems(choices: readonly (Choice | ManifestChoice)[], lines: LineIndex, snippets: boolean): CompletionItem[] {
  return choices.map((choice, order) => {
    const { label, kind, doc, newText, snippet, replace } = choice;
    const takesSnippet = snippet !== undefined && snippets;
    return {
      label,
      kind: kinds[kind],
      sortText: String(order).padStart(4, '0'),
      ...(doc === '' ? {} : { documentation: doc }),
      ...('detail' in choice ? manifestPart(choice, lines) : {}),
      textEdit: { range: toRange(replace, lines), newText: takesSnippet ? snippet : newText },
      ...(takesSnippet ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
    };
  });
}

/** The text brings its own indentation. What stands before the word is part of what is replaced, so it is filtered by the word alone. */
function manifestPart(
  { detail, also, filter, isDeprecated }: ManifestChoice,
  lines: LineIndex,
): Partial<CompletionItem> {
  return {
    ...(detail === '' ? {} : { detail }),
    ...(filter === undefined ? {} : { filterText: filter }),
    ...(also && also.length > 0 ? { additionalTextEdits: also.map((edit) => toTextEdit(edit, lines)) } : {}),
    ...(isDeprecated ? { tags: [CompletionItemTag.Deprecated] } : {}),
    insertTextMode: InsertTextMode.asIs,
  };
}
