// Edits of whole documents and of their roots.
import type { TextEdit } from '../base/text-edit.ts';
import { isMarker } from './chunks.ts';
import { endOfBlock } from './edit-block.ts';
import type { Editing } from './edit-block.ts';
import type { Plain } from './plain.ts';
import { isFirstInLine, lineEnd, lineStart, nextLineStart } from './lines.ts';
import type { YamlDocument, YamlNode } from './node.ts';
import { endsInText, printDocument } from './print.ts';
import { DEFAULT_STYLE } from './style.ts';

/** Removes the document; comments above its `---` line stay. */
export function removeDocument(text: string): TextEdit[] {
  const marker = markerLine(text);
  const start = marker !== undefined && /^\s*#/m.test(text.slice(0, marker)) ? marker : 0;
  return [{ span: { start, end: text.length }, newText: '' }];
}

/** Offset of the document's `---` line, undefined if it has none. */
function markerLine(text: string): number | undefined {
  for (let at = 0; at < text.length; at = nextLineStart(text, at)) {
    if (isMarker(text, text.charCodeAt(at) === 0xfeff ? at + 1 : at, '---')) return at;
    if (!/^(?:\uFEFF)?(?:[ \t]*(?:#|\r?$)|%)/.test(text.slice(at, nextLineStart(text, at)).replace(/\n$/, '')))
      return undefined;
  }
  return undefined;
}

/** Adds a document behind this one; into an empty file without a `---`. */
export function appendDocument({ text, style }: Editing, tree: YamlDocument, manifest: Plain): TextEdit[] {
  const isEmpty = tree.root === undefined && text.trim() === '';
  const separator = isEmpty ? '' : `${text.endsWith('\n') ? '' : style.newline}---${style.newline}`;
  const end = text.length;
  const start = isEmpty ? text.indexOf('\uFEFF') + 1 : end;
  return [{ span: { start, end }, newText: separator + printDocument(manifest, style) }];
}

/** Gives a document without content its content, below its comments. */
export function addRoot({ text, style }: Editing, value: Plain): TextEdit[] {
  const gap = text === '' || text === '\uFEFF' || text.endsWith('\n') ? '' : style.newline;
  return [{ span: { start: text.length, end: text.length }, newText: gap + printDocument(value, style) }];
}

/** Writes the root again; without its brackets, unless it is JSON and stays a collection. */
export function replaceRoot({ text, style }: Editing, root: YamlNode, value: Plain): TextEdit[] {
  const start =
    isFirstInLine(text, root.span.start) && root.kind !== 'scalar' ? lineStart(text, root.span.start) : root.span.start;
  const from = text.charCodeAt(start) === 0xfeff ? start + 1 : start;
  const behindMarker = lineStart(text, from) !== from && markerLine(text) === lineStart(text, from);
  const end = endsInText(value) ? lineEnd(text, endOfBlock(text, root)) : endOfBlock(text, root);
  const printed = printDocument(
    value,
    style.json || root.kind === 'scalar' ? style : { ...style, json: DEFAULT_STYLE.json },
  );
  const newText = printed.slice(0, -style.newline.length);
  return [{ span: { start: from, end }, newText: behindMarker ? style.newline + newText : newText }];
}
