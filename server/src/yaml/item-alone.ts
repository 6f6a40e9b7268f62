// One item of a List as a document of its own: a change in it is tried on its lines and not on those of thousands of others.
import type { Span } from '../base/span.ts';
import { applyEdits, type TextEdit } from '../base/text-edit.ts';
import { tryFast } from './fast.ts';
import { columnOf, lineStart } from './lines.ts';
import type { YamlDocument, YamlError, YamlMap, YamlNode } from './node.ts';
import { samePlain } from './plain.ts';
import { asMap, asSeq, at, toPlain } from './read.ts';

export interface ItemAlone {
  /** The item's lines, with spaces for what is before it in the first of them. */
  readonly text: string;
  readonly tree: YamlDocument;
  readonly root: YamlMap;
  /** Where it is in the document. */
  readonly span: Span;
  /** How many spaces `text` begins with. */
  readonly column: number;
  /** What must hold of its text for the List to be as readable with it. */
  readonly fits: (text: string) => boolean;
}

/** Undefined where the item cannot be read without the others: then only all of the List tells what a change does. */
export function itemAlone(text: string, tree: YamlDocument, index: number): ItemAlone | undefined {
  const items = asSeq(at(tree.root, ['items']));
  const item = asMap(items?.items[index]);
  if (!items || !item) return undefined;
  const place = item.flow ? flowPlace(item, tree) : blockPlace(text, item, items.items[index + 1]);
  if (!place || !areElsewhere(tree.errors, place.span)) return undefined;
  const { span, column } = place;
  const own = ' '.repeat(column) + text.slice(span.start, span.end);
  const alone = readAlone(own);
  const root = asMap(alone?.root);
  if (!alone || !root || !samePlain(toPlain(root), toPlain(item))) return undefined;
  return { ...place, text: own, tree: alone, root };
}

/** The item as it is after edits of the List. Undefined if they reach beyond it, or break it. */
export function editedAlone({ text, span, column, fits }: ItemAlone, edits: readonly TextEdit[]): YamlMap | undefined {
  if (edits.some((edit) => edit.span.start < span.start || edit.span.end > span.end)) return undefined;
  const by = column - span.start;
  const own = edits.map(({ span: { start, end }, newText }) => ({
    span: { start: start + by, end: end + by },
    newText,
  }));
  const after = applyEdits(text, own);
  return fits(after) ? asMap(readAlone(after)?.root) : undefined;
}

/** Beside these errors all other lines are read as they stand; what another error does to them is not told by the item. */
function areElsewhere(errors: YamlDocument['errors'], { start, end }: Span): boolean {
  const isOfOneLine = ({ code, isLocal }: YamlError) =>
    isLocal === true || code === 'duplicate-key' || code === 'alias';
  return errors.every((error) => isOfOneLine(error) && (error.span.end < start || error.span.start > end));
}

/** What needs the complete parser may be more than that reads in all of the List: an alias, whose meaning is elsewhere. */
function readAlone(text: string): YamlDocument | undefined {
  const { document } = tryFast(text);
  return document?.errors.length === 0 ? document : undefined;
}

type Placed = Pick<ItemAlone, 'span' | 'column' | 'fits'>;

/** In brackets of a block, further lines need an indentation that an item alone does not. */
function flowPlace({ span }: YamlMap, { root }: YamlDocument): Placed {
  const isAllFlow = root?.kind !== 'scalar' && root?.flow === true;
  return { span, column: 0, fits: (text) => isAllFlow || !text.includes('\n') };
}

function blockPlace(text: string, { span }: YamlMap, next: YamlNode | undefined): Placed | undefined {
  const end = next ? lineStart(text, next.span.start) : text.length;
  const before = text.slice(lineStart(text, span.start), span.start);
  if (end < span.end || !/^ *- *$/.test(before)) return undefined;
  return {
    span: { start: span.start, end },
    column: columnOf(text, span.start),
    fits: (own) => !next || own.endsWith('\n'),
  };
}
