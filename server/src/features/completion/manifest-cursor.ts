// The cursor in a manifest, as a path in the object. The word under the cursor is replaced by a placeholder that no manifest
// writes, and the tree says where that name is: so half-typed text is read as it would be with a word there.
import type { FieldPath } from '../../base/field-path.ts';
import { shift, type Span } from '../../base/span.ts';
import { splitDocuments } from '../../yaml/chunks.ts';
import type { YamlNode } from '../../yaml/node.ts';
import { parseDocument } from '../../yaml/parse.ts';
import { asString, at } from '../../yaml/read.ts';
import { styleOf, type Style } from '../../yaml/style.ts';
import { typedWord, type TypedWord } from '../typing/typed-word.ts';

export interface ManifestCursor {
  /** `word`: a key or an item, as the schema says; `value`: behind `key:`. */
  readonly is: 'word' | 'value';
  /** From the object's root: of a word the map or list that it is in, of a value its own. */
  readonly path: FieldPath;
  /** The word is the first of an item, behind a dash. */
  readonly inItem: boolean;
  readonly root: YamlNode;
  readonly style: Style;
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
  /** Sibling keys. */
  readonly beside: readonly string[];
  /** In the file. */
  readonly replace: Span;
  readonly word: TypedWord;
}

/** Undefined where nothing can be written. `start`: in a document with nothing in it but comments and one word. */
export function manifestCursor(file: string, offset: number): ManifestCursor | StartCursor | undefined {
  const chunk = splitDocuments(file).findLast(({ start }) => start <= offset);
  if (!chunk) return undefined;
  const { start, text } = chunk;
  const word = typedWord(text, offset - start);
  if (!word) return undefined;
  const replace = shift(word.span, start);
  if (!word.isValue && isBlank(text.slice(0, word.span.start)) && isBlank(text.slice(word.span.end)))
    return { is: 'start', replace };
  const found = find(text, word) ?? find(`${text.slice(0, word.span.end)}\n`, word);
  return found && { ...found, replace, word };
}

export interface StartCursor {
  readonly is: 'start';
  readonly replace: Span;
}

function isBlank(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(#.*|---.*)?$/.test(line.replace('\r', '')));
}

/** A placeholder replaces the word; no manifest has this name. */
export const standIn = 'zzHere';

function find(text: string, word: TypedWord): Omit<ManifestCursor, 'replace' | 'word'> | undefined {
  for (const colon of asKeyFirst(word)) {
    const filled = withStandIn(text, word, colon);
    const tree = parseDocument(filled);
    const path = tree.root && pathOf(tree.root, []);
    if (tree.root && path) return { ...placed(tree.root, path, word), style: styleOf(filled, tree) };
  }
  return undefined;
}

/** A word in a block is read as a key, else as an item: between brackets only the tree shows which. */
function asKeyFirst({ isValue, hasColon }: TypedWord): readonly string[] {
  return isValue || hasColon ? [''] : [': ', ''];
}

function withStandIn(text: string, { span, lacksSpace, quote }: TypedWord, colon: string): string {
  const rest = text.slice(span.end);
  const closing = quote !== '' && !rest.startsWith(quote) ? quote : '';
  const behind =
    colon !== '' && quote !== '' && rest.startsWith(quote)
      ? `${quote}${colon}${rest.slice(1)}`
      : `${closing}${colon}${rest}`;
  return `${text.slice(0, span.start)}${lacksSpace ? ' ' : ''}${standIn}${behind}`;
}

interface Found {
  readonly path: FieldPath;
  readonly onKey: boolean;
}

function pathOf(node: YamlNode, path: FieldPath): Found | undefined {
  if (node.kind === 'scalar') return node.value === standIn ? { path, onKey: false } : undefined;
  if (node.kind === 'seq') {
    for (const [i, item] of node.items.entries()) {
      const found = pathOf(item, [...path, i]);
      if (found) return found;
    }
    return undefined;
  }
  for (const { key, value, merged } of node.entries) {
    if (merged) continue;
    if (key.value === standIn) return { path: [...path, standIn], onKey: true };
    const found = pathOf(value, [...path, String(key.value)]);
    if (found) return found;
  }
  return undefined;
}

function placed(
  document: YamlNode,
  { path, onKey }: Found,
  { isValue }: TypedWord,
): Omit<ManifestCursor, 'replace' | 'word' | 'style'> {
  const { root, own } = objectAround(document, path);
  const above = own.slice(0, -1);
  const isItem = !onKey && typeof own.at(-1) === 'number';
  const beside = onKey ? keysIn(at(root, above)) : [];
  const isFirstOfItem = onKey && typeof above.at(-1) === 'number' && beside.length === 0;
  return {
    is: isValue ? 'value' : 'word',
    path: isValue || isItem ? own : above,
    inItem: isItem || isFirstOfItem,
    root,
    apiVersion: asString(at(root, ['apiVersion'])),
    kind: asString(at(root, ['kind'])),
    beside,
  };
}

/** An item of a List, else the document's root, and the path from there. */
function objectAround(document: YamlNode, path: FieldPath): { readonly root: YamlNode; readonly own: FieldPath } {
  const isInList = path[0] === 'items' && typeof path[1] === 'number';
  const item =
    isInList && asString(at(document, ['kind']))?.endsWith('List') ? at(document, path.slice(0, 2)) : undefined;
  return item ? { root: item, own: path.slice(2) } : { root: document, own: path };
}

function keysIn(node: YamlNode | undefined): readonly string[] {
  return node?.kind === 'map' ? node.entries.map(({ key }) => String(key.value)).filter((key) => key !== standIn) : [];
}
