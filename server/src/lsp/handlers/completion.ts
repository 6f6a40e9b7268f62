import {
  CompletionItemKind,
  CompletionItemTag,
  InsertTextFormat,
  InsertTextMode,
  MarkupKind,
} from 'vscode-languageserver';
import type { CompletionItem, CompletionList } from 'vscode-languageserver';
import { manifestChoices } from '../../features/completion/complete.ts';
import type { FieldName, ManifestChoice } from '../../features/completion/choice.ts';
import { documentationOf } from '../../features/completion/documentation.ts';
import { configChoices } from '../../features/config-file/completion.ts';
import { knownNames } from '../../features/config-file/known-names.ts';
import { egressTestChoices, type Choice } from '../../features/egress-test/completion.ts';
import { isConfigFile } from '../../sources/config-file.ts';
import { isEgressTestName } from '../../sources/egress-test.ts';
import type { LineIndex } from '../../base/line-index.ts';
import { listOf, object, readIfValid, text, wholeNumber, type Reader } from '../protocol/read.ts';
import type { AtPosition, CompletionItemRequest } from '../protocol/standard.ts';
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
  const source = session.texts.textOf(uri);
  if (!place || source === undefined) return [];
  const offset = place.lines.offsetAt(position);
  if (isConfigFile(uri)) {
    const known = knownNames(session.workspaceFor(uri).mesh);
    return toItems(configChoices(source, offset, session.rules, known), place.lines, session.editor);
  }
  if (isEgressTestName(uri))
    return toItems(egressTestChoices(source, offset, session.workspaceFor(uri).mesh), place.lines, session.editor);
  const { choices, isIncomplete } = manifestChoices({ workspace: place.workspace, uri, text: source, offset });
  return { isIncomplete, items: toItems(choices, place.lines, session.editor) };
}

function toItems(
  choices: readonly (Choice | ManifestChoice)[],
  lines: LineIndex,
  { snippets, suggestsAgain }: Session['editor'],
): CompletionItem[] {
  return choices.map((choice, order) => {
    const { label, kind, newText, snippet, replace } = choice;
    const takesSnippet = snippet !== undefined && snippets;
    return {
      label,
      kind: kinds[kind],
      sortText: String(order).padStart(4, '0'),
      ...('detail' in choice ? manifestPart(choice, lines, suggestsAgain) : documentation(choice.doc)),
      textEdit: { range: toRange(replace, lines), newText: takesSnippet ? snippet : newText },
      ...(takesSnippet ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
    };
  });
}

/** The text brings its own indentation. What stands before the word is part of what is replaced, so it is filtered by the word alone. */
function manifestPart(
  { detail, preview = '', also, filter, isDeprecated, about, continues }: ManifestChoice,
  lines: LineIndex,
  suggestsAgain: boolean,
): Partial<CompletionItem> {
  return {
    ...(detail === '' ? {} : { detail }),
    ...documentation(preview),
    ...(filter === undefined ? {} : { filterText: filter }),
    ...(also && also.length > 0 ? { additionalTextEdits: also.map((edit) => toTextEdit(edit, lines)) } : {}),
    ...(isDeprecated ? { tags: [CompletionItemTag.Deprecated] } : {}),
    ...(about ? { data: about } : {}),
    ...(continues && suggestsAgain ? { command: { title: '', command: 'editor.action.triggerSuggest' } } : {}),
    insertTextMode: InsertTextMode.asIs,
  };
}

function documentation(markdown: string): Pick<CompletionItem, 'documentation'> {
  return markdown === '' ? {} : { documentation: { kind: MarkupKind.Markdown, value: markdown } };
}

const fieldStep: Reader<string | number> = (value, at) =>
  typeof value === 'number' ? wholeNumber(value, at) : text(value, at);
const fieldName = object<FieldName>({ apiVersion: text, kind: text, path: listOf(fieldStep) });

/** The documentation of an item that the editor shows. */
export function resolveCompletion(_session: Session, item: CompletionItemRequest): CompletionItem {
  const about = readIfValid(fieldName, item.data);
  return { ...item, ...(about ? documentation(documentationOf(about)) : {}) };
}
