// The cursor in a file of this project (expectations, settings): whether the word there is a key or a value, and where it belongs.
import type { Span } from '../../base/span.ts';
import { splitDocuments } from '../../yaml/chunks.ts';
import type { YamlNode } from '../../yaml/node.ts';
import { parseDocument } from '../../yaml/parse.ts';
import { at, nodeAt } from '../../yaml/read.ts';
import type { FieldPath } from '../../base/field-path.ts';

export interface Cursor {
  readonly at: 'key' | 'value';
  /** The keys above it; of a value its own last, also of an item in its list. Numbers of items are left out. */
  readonly path: readonly string[];
  /** Sibling keys that are already there. */
  readonly beside: readonly string[];
  /** Whether a key's colon is there already. */
  readonly hasColon: boolean;
  /** What an answer takes the place of, in the file. */
  readonly replace: Span;
}

/** Undefined where no case can be. `start`: at the margin, where only a new case fits. */
export function cursorAt(text: string, offset: number): Cursor | 'start' | undefined {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  if (/(^|\s)#/.test(line)) return undefined;
  if (/^\w*$/.test(line)) return 'start';
  const chunk = splitDocuments(text).findLast(({ start }) => start <= offset);
  if (!chunk) return undefined;
  const segment = segmentOf(chunk.text.slice(0, offset - chunk.start), line);
  const value = /^["']?[\w./-]+["']?:\s+["']?(.*)$/.exec(segment);
  const typed = value ? value[1]! : /[^\s"']*$/.exec(segment)![0];
  // No value that is offered has a space in it.
  if (/\s/.test(typed)) return undefined;
  if (!value && typed !== segment.replace(/^["']/, '')) return undefined;
  const rest = (value ? /^[^\s,}\]"']*/ : /^[\w./-]*/).exec(text.slice(offset))![0];
  const replace = { start: offset - typed.length, end: offset + rest.length };
  return value ? placed(chunk, replace, 'value') : (placed(chunk, replace, 'item') ?? placed(chunk, replace, 'key'));
}

/** What stands before the cursor of its own entry. */
function segmentOf(before: string, line: string): string {
  const open = Math.max(before.lastIndexOf('{'), before.lastIndexOf('['));
  const isFlow = open > Math.max(before.lastIndexOf('}'), before.lastIndexOf(']')) || depthOf(before) > 0;
  const start = isFlow
    ? Math.max(before.lastIndexOf('{'), before.lastIndexOf('['), before.lastIndexOf(',')) + 1
    : before.length - line.length + /^\s*(- +)*/.exec(line)![0].length;
  return before.slice(start).trimStart();
}

function depthOf(text: string): number {
  return text.split('{').length - text.split('}').length;
}

/** A placeholder replaces the word; no file has this name. */
const standIn = 'zzHere';

/** An item is a value that a key's list holds; items of the file itself are cases, which have keys. */
function placed(
  { start, text }: { readonly start: number; readonly text: string },
  replace: Span,
  is: Cursor['at'] | 'item',
): Cursor | undefined {
  const from = replace.start - start;
  const next = text.slice(replace.end - start);
  const hasColon = /^["']?:/.test(next);
  const colon = is === 'key' && !hasColon ? ': ' : '';
  const { root } = parseDocument(`${text.slice(0, from)}${standIn}${colon}${next}`);
  const place = nodeAt(root, from + 1);
  if (!root || !place || place.node.kind !== 'scalar' || place.node.value !== standIn || place.onKey !== (is === 'key'))
    return undefined;
  const above = at(root, place.path.slice(0, -1));
  const isItem = typeof place.path.at(-1) === 'number';
  if (
    is === 'item'
      ? !isItem || place.path.length < 2 || !place.path.some((step) => typeof step === 'string')
      : is === 'value' && isItem
  )
    return undefined;
  const found = is === 'key' ? 'key' : 'value';
  return {
    at: found,
    path: keysOf(place.path, found),
    beside: keysIn(above).filter((key) => key !== standIn),
    hasColon,
    replace,
  };
}

function keysOf(path: FieldPath, is: Cursor['at']): readonly string[] {
  const keys = path.filter((step) => typeof step === 'string');
  return is === 'key' ? keys.slice(0, -1) : keys;
}

function keysIn(node: YamlNode | undefined): readonly string[] {
  return node?.kind === 'map' ? node.entries.map(({ key }) => String(key.value)) : [];
}
