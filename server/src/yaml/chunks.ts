// Splits a file at its document markers, so that an edit re-reads one document and a broken one never hides the others.
import type { Chunk } from './node.ts';

/** Nobody writes as many: what follows is one more chunk, which is not read (`too-much.ts`). */
const mostDocuments = 100_000;

/**
 * The documents of a file, in order; their texts joined are the file. Comments and directives before the first `---`
 * belong to the first document, `...` ends one. There is always at least one chunk.
 */
export function splitDocuments(text: string): Chunk[] {
  const starts = [0];
  let state: 'prefix' | 'content' | 'ended' = 'prefix';
  let afterEnd = 0;
  for (let at = 0; at < text.length && starts.length <= mostDocuments; ) {
    const next = nextLine(text, at);
    const kind = lineKind(text, at);
    if (kind === 'start') {
      if (state !== 'prefix') starts.push(at);
      state = 'content';
    } else if (kind === 'end') {
      if (state !== 'prefix') state = 'ended';
      afterEnd = next;
    } else if (kind !== 'blank') {
      if (state === 'ended') starts.push(afterEnd);
      if (state !== 'content') state = kind === 'directive' ? 'prefix' : 'content';
    }
    at = next;
  }
  return starts.map((start, i) => ({ start, text: text.slice(start, starts[i + 1] ?? text.length) }));
}

function nextLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline < 0 ? text.length : newline + 1;
}

type LineKind = 'start' | 'end' | 'directive' | 'blank' | 'content';

function lineKind(text: string, lineStart: number): LineKind {
  const at = text.charCodeAt(lineStart) === BOM ? lineStart + 1 : lineStart;
  const code = text.charCodeAt(at);
  if (code === DASH && isMarker(text, at, '---')) return 'start';
  if (code === DOT && isMarker(text, at, '...')) return 'end';
  if (code === PERCENT) return 'directive';
  return isBlank(text, at) ? 'blank' : 'content';
}

/** True if `marker` stands at `at` and white space or the end follows. */
export function isMarker(text: string, at: number, marker: '---' | '...'): boolean {
  return text.startsWith(marker, at) && (at + 3 >= text.length || isWhite(text.charCodeAt(at + 3)));
}

function isBlank(text: string, at: number): boolean {
  let i = at;
  while (text.charCodeAt(i) === SPACE || text.charCodeAt(i) === TAB) i++;
  const code = text.charCodeAt(i);
  return i >= text.length || code === HASH || code === LF || code === CR;
}

function isWhite(code: number): boolean {
  return code === SPACE || code === TAB || code === LF || code === CR;
}

const BOM = 0xfeff;
const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const HASH = 35;
const PERCENT = 37;
const DASH = 45;
const DOT = 46;
