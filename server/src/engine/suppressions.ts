// Comments that ignore a rule for the node below them: `# istio-egress-ignore rule-id: reason`.
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
  for (const span of comments) {
    const match = form.exec(text.slice(span.start, span.end).replace(/\r$/, ''));
    if (!match) continue;
    const rules = (match[1] ?? '').split(/[\s,]+/).filter((id) => id !== '');
    found.push({ rules, reason: match[2] ?? '', span, covers: coveredBy(text, span) });
  }
  return found;
}

export function suppresses(suppression: Suppression, rule: string, at: Span): boolean {
  const { covers, rules } = suppression;
  return rules.includes(rule) && covers.start <= at.start && at.start <= covers.end;
}

function coveredBy(text: string, comment: Span): Span {
  const lineStart = text.lastIndexOf('\n', comment.start - 1) + 1;
  if (text.slice(lineStart, comment.start).trim() !== '') return { start: lineStart, end: comment.start };
  if (!hasContent(text.slice(0, lineStart))) return { start: 0, end: text.length };
  return nodeBelow(text, comment.end);
}

function hasContent(text: string): boolean {
  return text.split('\n').some((line) => isContent(line) && !line.startsWith('---'));
}

function isContent(line: string): boolean {
  const trimmed = line.trim();
  return trimmed !== '' && !trimmed.startsWith('#');
}

/** The first content line after `from`, and the lines that belong to it by their indentation. */
function nodeBelow(text: string, from: number): Span {
  let start = -1;
  let end = text.length;
  let first = '';
  for (let at = text.indexOf('\n', from) + 1; at > 0; at = text.indexOf('\n', at) + 1) {
    const stop = text.indexOf('\n', at);
    const line = text.slice(at, stop < 0 ? text.length : stop);
    if (isContent(line)) {
      if (start < 0) [start, first] = [at, line];
      else if (!belongsTo(first, line)) {
        end = at - 1;
        break;
      }
    }
    if (stop < 0) break;
  }
  return start < 0 ? { start: text.length, end: text.length } : { start, end };
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
