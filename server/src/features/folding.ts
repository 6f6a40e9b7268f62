// What can be folded, and how a selection grows: by document, object, map, list and value.
import { contains, shift, type Span } from '../base/span.ts';
import { drained, eachInSteps } from '../base/steps.ts';
import { splitDocuments } from '../yaml/chunks.ts';
import type { YamlNode } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse.ts';

/** Spans of more than one line; each begins on the line that stays visible. A run of comments is one. */
export function foldingSpans(text: string): readonly Folding[] {
  return drained(foldingSpansInSteps(text, (one) => one));
}

export interface Folding {
  readonly span: Span;
  readonly isComment: boolean;
}

/** What is made of each, with a step after each document and each portion of its parts. */
export function* foldingSpansInSteps<T>(text: string, make: (folding: Folding) => T): Generator<undefined, T[]> {
  const found: T[] = [];
  for (const chunk of splitDocuments(text)) {
    yield;
    yield* eachInSteps(foldingsIn(chunk.text), ({ span, isComment }) => {
      const lineEnd = chunk.text.indexOf('\n', span.start);
      if (lineEnd !== -1 && lineEnd < span.end) found.push(make({ span: shift(span, chunk.start), isComment }));
    });
  }
  return found;
}

function* foldingsIn(text: string): Generator<Folding> {
  const { root, comments } = parseDocument(text);
  if (root) {
    yield { span: { start: firstLine(text), end: root.span.end }, isComment: false };
    yield* below(root);
  }
  for (const span of runs(text, comments)) yield { span, isComment: true };
}

/** A document folds to its `---`, or to its first line of content where it has none. */
function firstLine(text: string): number {
  return text.startsWith('---') ? 0 : text.length - text.trimStart().length;
}

function* below(node: YamlNode): Generator<Folding> {
  if (node.kind === 'seq')
    for (const item of node.items) {
      if (item.kind !== 'scalar') yield { span: item.span, isComment: false };
      yield* below(item);
    }
  if (node.kind !== 'map') return;
  for (const { key, value, merged } of node.entries) {
    if (merged) continue;
    yield { span: { start: key.span.start, end: value.span.end }, isComment: false };
    yield* below(value);
  }
}

/** Comments on lines that follow each other, with nothing else on them. */
function runs(text: string, comments: readonly Span[]): readonly Span[] {
  const found: Span[] = [];
  for (const comment of comments) {
    const last = found.at(-1);
    if (last && /^\r?\n[ \t]*$/.test(text.slice(last.end, comment.start)))
      found[found.length - 1] = { start: last.start, end: comment.end };
    else found.push(comment);
  }
  return found;
}

/** From the narrowest around the offset to the whole document. */
export function selectionSpans(text: string, offset: number): readonly Span[] {
  const chunk = splitDocuments(text).findLast(({ start }) => start <= offset);
  if (!chunk) return [];
  const { root } = parseDocument(chunk.text);
  const around = [{ start: 0, end: chunk.text.length }, ...(root ? spansAround(root, offset - chunk.start) : [])];
  const grows = around.filter((span, i) => i === 0 || isNarrower(span, around[i - 1]!));
  return grows.map((span) => shift(span, chunk.start)).reverse();
}

function isNarrower(a: Span, b: Span): boolean {
  return a.start > b.start || a.end < b.end;
}

/** The widest first. */
function* spansAround(node: YamlNode, offset: number): Generator<Span> {
  if (!contains(node.span, offset)) return;
  yield node.span;
  if (node.kind === 'seq') for (const item of node.items) yield* spansAround(item, offset);
  if (node.kind !== 'map') return;
  for (const { key, value, merged } of node.entries) {
    const whole = { start: key.span.start, end: value.span.end };
    if (merged || !contains(whole, offset)) continue;
    yield whole;
    if (contains(key.span, offset)) yield key.span;
    else yield* spansAround(value, offset);
  }
}
