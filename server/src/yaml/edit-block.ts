// Edits of block maps and lists: whole lines are added or removed, the rest does not change.
import type { TextEdit } from '../base/text-edit.ts';
import type { Plain } from './plain.ts';
import { columnOf, isFirstInLine, lineEnd, lineStart, nextLineStart } from './lines.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlSeq } from './node.ts';
import { entryLines, indented, itemLines, printBehindDash, printBehindKey, printFlow } from './print.ts';
import type { Preferred, Printed } from './print.ts';
import { isAlias } from './style.ts';
import type { Style } from './style.ts';

/** The text that is edited; every helper returns `undefined` where the text is not what it knows to edit. */
export interface Editing {
  readonly text: string;
  readonly style: Style;
}

type Edits = TextEdit[] | undefined;

export function addEntry({ text, style }: Editing, map: YamlMap, key: string, value: Plain): Edits {
  const column = columnOf(text, map.span.start);
  const lines = entryLines(key, value, style, quotesOf(map.entries.map((entry) => entry.value)));
  return [insertLines({ text, style }, endOfBlock(text, map), indented(lines, column))];
}

export function addItem({ text, style }: Editing, seq: YamlSeq, value: Plain): Edits {
  const column = columnOf(text, seq.span.start);
  const lines = itemLines(value, style, quotesOf(seq.items));
  return [insertLines({ text, style }, endOfBlock(text, seq), indented(lines, column))];
}

/** Neighbours that are all strings in the same quotes set the example. */
export function quotesOf(nodes: readonly YamlNode[]): Preferred {
  const styles = new Set(
    nodes.flatMap((node) => (node.kind === 'scalar' && typeof node.value === 'string' ? [node.style] : [])),
  );
  const [only] = styles;
  return styles.size === 1 && (only === 'single' || only === 'double') ? only : undefined;
}

/** Replaces what stands behind `key:`. */
export function replaceEntry(editing: Editing, map: YamlMap, entry: YamlEntry, value: Plain): Edits {
  const { text, style } = editing;
  const behind = behindColon(text, entry.key.span.end);
  if (behind === undefined) return undefined;
  const column = columnOf(text, map.span.start);
  return replaceBehind(
    { ...editing, behind, column },
    entry.value,
    printed(value, entry.value, (inner, preferred) => printBehindKey(inner, style, preferred)),
  );
}

/** Replaces what stands behind `-`. */
export function replaceItem(editing: Editing, seq: YamlSeq, index: number, value: Plain): Edits {
  const { text, style } = editing;
  const dash = dashOf(text, seq, index);
  if (dash === undefined) return undefined;
  const column = columnOf(text, dash);
  return replaceBehind(
    { ...editing, behind: dash + 1, column },
    seq.items[index]!,
    printed(value, seq.items[index]!, (inner, preferred) => printBehindDash(inner, style, preferred)),
  );
}

/** A string keeps the quotes of the one it replaces, a flow collection its brackets. */
function printed(
  value: Plain,
  old: YamlNode,
  print: (value: Plain, preferred: Preferred) => Printed,
): (style: Style) => Printed {
  return (style) => {
    const sameKind =
      typeof value === 'object' && value !== null && (Array.isArray(value) ? old.kind === 'seq' : old.kind === 'map');
    if (sameKind && old.kind !== 'scalar' && old.flow && !isEmptyCollection(old))
      return { head: printFlow(value, style), tail: [], endsInText: false };
    return print(value, old.kind === 'scalar' ? old.style : undefined);
  };
}

function isEmptyCollection(node: YamlNode): boolean {
  return (node.kind === 'map' && node.entries.length === 0) || (node.kind === 'seq' && node.items.length === 0);
}

interface Behind extends Editing {
  /** Offset behind the colon or the dash. */
  readonly behind: number;
  /** Column of the key or the dash. */
  readonly column: number;
}

function replaceBehind(place: Behind, old: YamlNode, print: (style: Style) => Printed): Edits {
  const { head, tail, endsInText } = print(place.style);
  const lines = indented(tail, place.column);
  const headText = head && ` ${head}`;
  if (old.kind !== 'scalar' && !old.flow && !isAlias(place.text, old))
    return replaceBlock(place, old, { headText, lines, endsInText });
  if (old.kind === 'scalar' && old.style === 'block') return replaceText(place, old, headText, lines);
  if (!/^[ \t]*$/.test(place.text.slice(place.behind, old.span.start)))
    return replaceBehindProperties(old, head, lines);
  const edit = { span: { start: place.behind, end: old.span.end }, newText: headText };
  return lines.length === 0 ? [edit] : [edit, insertLines(place, old.span.end, lines)];
}

/** Behind an anchor, a tag or a comment only the value itself is replaced, by what fits on its line. */
function replaceBehindProperties(old: YamlNode, head: string, lines: readonly string[]): Edits {
  return head === '' || lines.length > 0 ? undefined : [{ span: old.span, newText: head }];
}

/** The old value is a block scalar: its header line may carry a comment. */
function replaceText(place: Behind, old: YamlNode, headText: string, lines: readonly string[]): Edits {
  const { text, behind } = place;
  const header = text.slice(old.span.start).match(/^[|>][-+\d]*/)![0].length;
  const endOfHeader = lineEnd(text, old.span.start);
  const edits: TextEdit[] = [{ span: { start: behind, end: old.span.start + header }, newText: headText }];
  const content = { start: endOfHeader, end: Math.max(endOfHeader, old.span.end) };
  const newText = lines.map((line) => place.style.newline + line).join('');
  return [...edits, { span: content, newText }];
}

interface New {
  readonly headText: string;
  readonly lines: readonly string[];
  readonly endsInText: boolean;
}

/** The old value is a block map or list, on the lines below or (behind a dash) from this line on. */
function replaceBlock(place: Behind, old: YamlNode, { headText, lines, endsInText }: New): Edits {
  const { text, behind, style } = place;
  const end = endsInText || headText !== '' ? lineEnd(text, endOfBlock(text, old)) : endOfBlock(text, old);
  const onThisLine = lineStart(text, old.span.start) === lineStart(text, behind);
  if (onThisLine) {
    const newText = headText + lines.map((line) => style.newline + line).join('');
    return headText === '' ? undefined : [{ span: { start: behind, end }, newText }];
  }
  if (!isFirstInLine(text, old.span.start)) return undefined;
  // Between a block scalar's header and its text a comment line would be text.
  if (endsInText && headText !== '' && text.slice(behind, old.span.start).includes('#')) return undefined;
  const isLast = lines.length === 0 && end === text.length;
  const start = isLast
    ? text.slice(0, lineStart(text, old.span.start)).trimEnd().length
    : endOfLineAbove(text, old.span.start);
  const newText = lines.map((line) => style.newline + line).join('');
  return [
    ...(headText ? [{ span: { start: behind, end: behind }, newText: headText }] : []),
    { span: { start, end }, newText },
  ];
}

function endOfLineAbove(text: string, offset: number): number {
  const start = lineStart(text, offset);
  return start === 0 ? 0 : lineEnd(text, start - 1 - (text[start - 2] === '\r' ? 1 : 0));
}

/** Adds lines below the one around `offset`. */
function insertLines({ text, style }: Editing, offset: number, lines: readonly string[]): TextEdit {
  const at = lineEnd(text, offset);
  return { span: { start: at, end: at }, newText: lines.map((line) => style.newline + line).join('') };
}

function lastOf(node: YamlNode): YamlNode | undefined {
  if (node.kind === 'map') return node.entries.at(-1)?.value;
  return node.kind === 'seq' ? node.items.at(-1) : undefined;
}

/** Where a block ends; blank lines that `|+` keeps belong to it. */
export function endOfBlock(text: string, node: YamlNode): number {
  const last = lastOf(node);
  if (last && last.span.end === node.span.end) return endOfBlock(text, last);
  if (node.kind !== 'scalar' || node.style !== 'block' || !/^[|>]\d?\+/.test(text.slice(node.span.start)))
    return node.span.end;
  const blank = text.slice(nextLineStart(text, node.span.end)).match(/^(?:[ \t]*\r?\n)*/)![0];
  return blank === ''
    ? node.span.end
    : lineEnd(text, nextLineStart(text, node.span.end) + blank.trimEnd().length + blank.lastIndexOf('\n'));
}

export function removeEntry(editing: Editing, map: YamlMap, index: number): Edits {
  const entry = map.entries[index]!;
  const next = map.entries.slice(index + 1).find(({ merged }) => !merged);
  return removePiece(editing, entry.key.span.start, endOfBlock(editing.text, entry.value), next?.key.span.start);
}

export function removeItem(editing: Editing, seq: YamlSeq, index: number): Edits {
  const dash = dashOf(editing.text, seq, index);
  if (dash === undefined) return undefined;
  const next = index + 1 < seq.items.length ? dashOf(editing.text, seq, index + 1) : undefined;
  return removePiece(editing, dash, endOfBlock(editing.text, seq.items[index]!), next);
}

/** Removes the lines of a piece, or, where it shares its first line with a dash above it, up to the next piece. */
function removePiece({ text }: Editing, start: number, end: number, next: number | undefined): Edits {
  if (isFirstInLine(text, start)) return [removeLines(text, start, end)];
  if (next === undefined) return undefined;
  const between = text.slice(lineEnd(text, end), next);
  const comment = between.indexOf('#');
  return [{ span: { start, end: comment < 0 ? next : lineEnd(text, end) + comment }, newText: '' }];
}

function removeLines(text: string, start: number, end: number): TextEdit {
  const from = lineStart(text, start);
  const to = nextLineStart(text, end);
  if (to < text.length || text.endsWith('\n') || from === 0) return { span: { start: from, end: to }, newText: '' };
  // The last line of a text without a final line break: the break above goes, with blank lines that would end the text.
  return { span: { start: text.slice(0, from).trimEnd().length, end: to }, newText: '' };
}

/** Offset of an item's dash: the first thing behind the item above, comments apart. */
function dashOf(text: string, seq: YamlSeq, index: number): number | undefined {
  if (index === 0) return text[seq.span.start] === '-' ? seq.span.start : undefined;
  const column = columnOf(text, seq.span.start);
  const until = seq.items[index]!.span.start;
  let line = nextLineStart(text, endOfBlock(text, seq.items[index - 1]!));
  for (; line < until; line = nextLineStart(text, line)) {
    const at = line + column;
    if (text[at] === '-' && isFirstInLine(text, at)) return at;
  }
  return undefined;
}

/** Offset behind the colon that follows a key. */
export function behindColon(text: string, keyEnd: number): number | undefined {
  let at = keyEnd;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return text[at] === ':' ? at + 1 : undefined;
}
