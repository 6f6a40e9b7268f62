// Edits inside brackets, on one line or (as in JSON) over many.
import type { TextEdit } from '../base/text-edit.ts';
import { behindColon, quotesOf } from './edit-block.ts';
import type { Editing } from './edit-block.ts';
import type { Plain } from './plain.ts';
import { columnOf, isFirstInLine, lineEnd } from './lines.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlSeq } from './node.ts';
import { printFlow, printKey } from './print.ts';
import type { Layout } from './print.ts';

type Edits = TextEdit[] | undefined;

export function addFlowEntry(editing: Editing, map: YamlMap, key: string, value: Plain): Edits {
  const last = map.entries.at(-1);
  const print = (layout: Layout): string => {
    const preferred = map.entries.every((entry) => entry.key.style === 'double') && last ? 'double' : undefined;
    return `${printKey(key, editing.style, preferred)}: ${printFlow(value, editing.style, layout, quotesOf(map.entries.map((entry) => entry.value)))}`;
  };
  return addPiece(editing, map, last && { start: last.key.span.start, end: last.value.span.end }, print);
}

export function addFlowItem(editing: Editing, seq: YamlSeq, value: Plain): Edits {
  return addPiece(editing, seq, seq.items.at(-1)?.span, (layout) =>
    printFlow(value, editing.style, layout, quotesOf(seq.items)),
  );
}

function addPiece(
  editing: Editing,
  collection: YamlNode,
  last: YamlNode['span'] | undefined,
  print: (layout: Layout) => string,
): Edits {
  const { text, style } = editing;
  if (!last) return addFirst(editing, collection, print);
  if (!isFirstInLine(text, last.start))
    return [{ span: { start: last.end, end: last.end }, newText: `, ${print(undefined)}` }];
  const column = columnOf(text, last.start);
  const piece = withNewline(print({ columns: style.indent, at: column }), style.newline);
  const rest = text.slice(last.end, lineEnd(text, last.end));
  // A comma that is there already, or a comment, stays on its line.
  const comma = /^\s*,/.test(rest) ? '' : ',';
  if (!/^\s*,?\s*(?:#.*)?$/.test(rest))
    return [{ span: { start: last.end, end: last.end }, newText: `, ${print(undefined)}` }];
  const at = lineEnd(text, last.end);
  return [
    ...(comma ? [{ span: { start: last.end, end: last.end }, newText: comma }] : []),
    { span: { start: at, end: at }, newText: style.newline + ' '.repeat(column) + piece + (comma ? '' : ',') },
  ];
}

/** Into empty brackets; a JSON document gets lines. */
function addFirst({ text, style }: Editing, { span }: YamlNode, print: (layout: Layout) => string): Edits {
  const inside = text.slice(span.start + 1, span.end - 1);
  if (inside.includes('#')) return undefined;
  const newText =
    style.json && text.includes('\n') && text.trimEnd().includes('\n')
      ? linesInside(text, span.start, style, print)
      : padded(print(undefined), text[span.start] === '{' && style.padded);
  return [{ span: { start: span.start + 1, end: span.end - 1 }, newText }];
}

function linesInside(text: string, start: number, style: Editing['style'], print: (layout: Layout) => string): string {
  const outer = text.slice(0, start).match(/(?:^|\n)([ \t]*)[^\n]*$/)?.[1]?.length ?? 0;
  const inner = outer + style.indent;
  return withNewline(
    `\n${' '.repeat(inner)}${print({ columns: style.indent, at: inner })}\n${' '.repeat(outer)}`,
    style.newline,
  );
}

function padded(content: string, isPadded: boolean): string {
  return isPadded ? ` ${content} ` : content;
}

function withNewline(content: string, newline: string): string {
  return content.replaceAll('\n', newline);
}

export function replaceFlowItem({ text, style }: Editing, old: YamlNode, value: Plain): Edits {
  return [{ span: old.span, newText: printReplacement(text, style, old, value) }];
}

export function replaceFlowEntry({ text, style }: Editing, entry: YamlEntry, value: Plain): Edits {
  const { span } = entry.value;
  const printed = printReplacement(text, style, entry.value, value);
  if (span.start < span.end) return [{ span, newText: printed }];
  const behind = behindColon(text, entry.key.span.end);
  if (behind === undefined)
    return [{ span: { start: entry.key.span.end, end: entry.key.span.end }, newText: `: ${printed}` }];
  return [{ span: { start: behind, end: behind }, newText: ` ${printed}` }];
}

function printReplacement(text: string, style: Editing['style'], old: YamlNode, value: Plain): string {
  const overLines = style.json && old.kind !== 'scalar' && text.slice(old.span.start, old.span.end).includes('\n');
  const at = text.slice(0, old.span.start).match(/(?:^|\n)([ \t]*)[^\n]*$/)?.[1]?.length ?? 0;
  const layout = overLines ? { columns: style.indent, at } : undefined;
  return withNewline(printFlow(value, style, layout, old.kind === 'scalar' ? old.style : undefined), style.newline);
}

/** The pieces between the brackets, in order. */
function piecesOf(collection: YamlMap | YamlSeq): { readonly start: number; readonly end: number }[] {
  if (collection.kind === 'seq') return collection.items.map((item) => item.span);
  return collection.entries
    .filter(({ merged }) => !merged)
    .map(({ key, value }) => ({ start: key.span.start, end: Math.max(key.span.end, value.span.end) }));
}

/** Removes one of several pieces with its comma; comments between pieces stay. */
export function removeFlowPiece({ text }: Editing, collection: YamlMap | YamlSeq, start: number): Edits {
  const pieces = piecesOf(collection);
  const index = pieces.findIndex((piece) => piece.start === start);
  const piece = pieces[index];
  if (!piece || pieces.length < 2) return undefined;
  const before = pieces[index - 1];
  const after = pieces[index + 1];
  if (before && !text.slice(before.end, piece.start).includes('#'))
    return [{ span: { start: before.end, end: piece.end }, newText: '' }];
  if (after && !text.slice(piece.end, after.start).includes('#'))
    return [{ span: { start: piece.start, end: after.start }, newText: '' }];
  return before ? removeApart(text, before.end, piece) : removeUpToComma(text, piece, after!.start);
}

/** A comment stands between this piece and the one before: the comma and the piece go, the comment stays. */
function removeApart(text: string, from: number, piece: { readonly start: number; readonly end: number }): Edits {
  const comma = commaIn(text, from, piece.start);
  if (comma === undefined) return undefined;
  return [
    { span: { start: comma, end: comma + 1 }, newText: '' },
    { span: piece, newText: '' },
  ];
}

function removeUpToComma(text: string, piece: { readonly start: number; readonly end: number }, until: number): Edits {
  const comma = commaIn(text, piece.end, until);
  return comma === undefined ? undefined : [{ span: { start: piece.start, end: comma + 1 }, newText: '' }];
}

/** The comma between two offsets, those in comments apart. */
function commaIn(text: string, from: number, until: number): number | undefined {
  const blanked = text.slice(from, until).replace(/#[^\n]*/g, (comment) => ' '.repeat(comment.length));
  const at = blanked.indexOf(',');
  return at < 0 ? undefined : from + at;
}
