// Comments that ignore a rule for the node below them: `# istio-egress-ignore rule-id: reason`.
import { addToGroup } from '../base/group-by.ts';
import type { Span } from '../base/span.ts';

export interface Suppression {
  readonly rules: readonly string[];
  /** Empty if the comment gives none. */
  readonly reason: string;
  /** The comment. */
  readonly span: Span;
  /** What it covers: the node on the next line with all below it, the line that it ends, or the whole document. */
  readonly covers: Span;
}

const form = /^#\s*istio-egress-ignore\b[ \t]*([^:]*?)[ \t]*(?::[ \t]*(.*?))?[ \t]*$/;

/** Reads the suppressions of one document; `comments` as the parser found them, spans in the same text. */
export function readSuppressions(text: string, comments: readonly Span[]): Suppression[] {
  const found: Suppression[] = [];
  let covering: Covering | undefined;
  for (const span of comments) {
    const match = form.exec(text.slice(span.start, span.end).replace(/\r$/, ''));
    if (!match) continue;
    const rules = (match[1] ?? '').split(/[\s,]+/).filter((id) => id !== '');
    covering ??= coveringIn(text);
    found.push({ rules, reason: match[2] ?? '', span, covers: covering(span) });
  }
  return found;
}

export function suppresses(suppression: Suppression, rule: string, at: Span): boolean {
  const { covers, rules } = suppression;
  return rules.includes(rule) && covers.start <= at.start && at.start <= covers.end;
}

/** Of many comments few name the rule of a finding. */
export function suppressionsByRule(all: readonly Suppression[]): ReadonlyMap<string, readonly Suppression[]> {
  const found = new Map<string, [Suppression, ...Suppression[]]>();
  for (const suppression of all) for (const rule of new Set(suppression.rules)) addToGroup(found, rule, suppression);
  return found;
}

/** What a comment covers. */
type Covering = (comment: Span) => Span;

/** Lines are read once for all comments: a text of comments alone would else be read once for each. */
function coveringIn(text: string): Covering {
  const lines = contentLines(text);
  const firstContent = lines.find(({ line }) => !line.startsWith('---'))?.start ?? text.length;
  const below = new Map<number, Span>();
  return (comment) => {
    const lineStart = text.lastIndexOf('\n', comment.start - 1) + 1;
    if (text.slice(lineStart, comment.start).trim() !== '') return { start: lineStart, end: comment.start };
    if (firstContent >= lineStart) return { start: 0, end: text.length };
    const first = firstFrom(lines, comment.end);
    const node = below.get(first) ?? nodeAt(lines, first, text.length);
    below.set(first, node);
    return node;
  };
}

interface ContentLine {
  readonly start: number;
  readonly line: string;
}

function contentLines(text: string): readonly ContentLine[] {
  const found: ContentLine[] = [];
  for (let start = 0; start < text.length; ) {
    const stop = text.indexOf('\n', start);
    const line = text.slice(start, stop < 0 ? text.length : stop);
    if (isContent(line)) found.push({ start, line });
    start = stop < 0 ? text.length : stop + 1;
  }
  return found;
}

function isContent(line: string): boolean {
  const trimmed = line.trim();
  return trimmed !== '' && !trimmed.startsWith('#');
}

/** The index of the first line that starts behind `offset`. */
function firstFrom(lines: readonly ContentLine[], offset: number): number {
  let [from, to] = [0, lines.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (lines[middle]!.start <= offset) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** A line with content, and the lines that belong to it by their indentation. */
function nodeAt(lines: readonly ContentLine[], index: number, length: number): Span {
  const first = lines[index];
  if (!first) return { start: length, end: length };
  for (let i = index + 1; i < lines.length; i++)
    if (!belongsTo(first.line, lines[i]!.line)) return { start: first.start, end: lines[i]!.start - 1 };
  return { start: first.start, end: length };
}

/** Deeper lines belong to a node, and so do the dashes of a list written level with its key. */
function belongsTo(first: string, line: string): boolean {
  const base = indentOf(first);
  const indent = indentOf(line);
  if (indent !== base) return indent > base;
  return !first.trimStart().startsWith('-') && line.trimStart().startsWith('- ');
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
