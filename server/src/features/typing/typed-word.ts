// The word at the cursor: its position in the line, and whether it is a key, a value or an item.
import type { Span } from '../../base/span.ts';

export interface TypedWord {
  /** Before the cursor. */
  readonly typed: string;
  /** The whole word around the cursor, without quotes. */
  readonly span: Span;
  /** It stands behind `key:`. */
  readonly isValue: boolean;
  /** A colon stands behind it. */
  readonly hasColon: boolean;
  /** Between braces or brackets. */
  readonly isFlow: boolean;
  /** The column at which a key would stand: that of the word, or of the key before the value. */
  readonly column: number;
  /** No space between the colon or dash and the cursor yet. */
  readonly lacksSpace: boolean;
  readonly quote: string;
}

/** `offset` counts in `text`, one document. Undefined in a comment, on a line between documents, and before or behind other words of a value. */
export function typedWord(text: string, offset: number): TypedWord | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(lineStart, offset);
  if (isComment(line) || isBetweenDocuments(text.slice(lineStart))) return undefined;
  const { segment, isFlow, isBareDash = false } = segmentOf(text.slice(0, offset), line);
  const { isValue, quote, typed, touchesColon } = partsOf(segment);
  if (/\s/.test(typed)) return undefined;
  const rest = (isValue ? /^[^\s,}\]"'#]*/ : /^[^\s,}\]"':]*/).exec(text.slice(offset))![0];
  const end = offset + rest.length;
  if (isBeforeText(text, end, quote)) return undefined;
  return {
    typed,
    span: { start: offset - typed.length, end },
    isValue,
    hasColon: /^["']?:/.test(text.slice(end)),
    isFlow,
    column: offset - segment.length - lineStart + (isBareDash ? 1 : 0),
    lacksSpace: isBareDash || touchesColon,
    quote,
  };
}

function isComment(line: string): boolean {
  return /(^|\s)#/.test(line);
}

function isBetweenDocuments(line: string): boolean {
  return /^(?:---|\.\.\.)(?:\s|$)/.test(line);
}

/** A key with what stands behind its colon, or a word alone. */
function partsOf(segment: string): Pick<TypedWord, 'isValue' | 'quote' | 'typed'> & { readonly touchesColon: boolean } {
  const [, , space = '', quote = '', typed = ''] = /^(["']?[\w./-]+["']?:)(\s*)(["']?)(.*)$/.exec(segment) ?? [];
  const isValue = /^["']?[\w./-]+["']?:/.test(segment) && (space !== '' || typed === '');
  if (isValue) return { isValue, quote, typed, touchesColon: space === '' && quote === '' };
  const opening = /^["']/.exec(segment)?.[0] ?? '';
  return { isValue, quote: opening, typed: segment.slice(opening.length), touchesColon: false };
}

/** Other words follow on the line: what is inserted here would run into them. */
function isBeforeText(text: string, end: number, quote: string): boolean {
  const line = /^[^\r\n]*/.exec(text.slice(end))![0];
  const behind = quote !== '' && line.startsWith(quote) ? line.slice(1) : line;
  return !/^["']?:|^\s*(?:$|[,}\]]|#)/.test(behind);
}

interface Segment {
  readonly segment: string;
  readonly isFlow: boolean;
  /** A dash directly before the cursor. */
  readonly isBareDash?: boolean;
}

/** What stands before the cursor of its own entry. */
function segmentOf(before: string, line: string): Segment {
  const open = openBracket(before);
  if (open >= 0) {
    const start = Math.max(open, lastComma(before, open)) + 1;
    return { segment: before.slice(start).trimStart(), isFlow: true };
  }
  const segment = line.slice(/^\s*(- +)*/.exec(line)![0].length);
  return segment === '-' ? { segment: '', isFlow: false, isBareDash: true } : { segment, isFlow: false };
}

/** The innermost brace or bracket that is open at the end; those of the last lines are enough. Negative without one. */
function openBracket(before: string): number {
  let closed = 0;
  const from = Math.max(0, before.length - farthest);
  for (let i = before.length - 1; i >= from; i--) {
    const sign = before[i]!;
    if (sign === '}' || sign === ']') closed++;
    else if (sign === '{' || sign === '[') {
      if (closed === 0) return opensFlow(before, i) ? i : -1;
      closed--;
    } else if (sign === '\n' && /^\n[A-Za-z][\w-]*:/.test(before.slice(i, i + 80))) return -1;
  }
  return -1;
}

/** No flow value of a manifest is longer. */
const farthest = 4000;

/** A bracket inside a word is text. */
function opensFlow(text: string, at: number): boolean {
  return at === 0 || /[\s:,{[-]/.test(text[at - 1]!);
}

function lastComma(before: string, open: number): number {
  return before.lastIndexOf(',') > open ? before.lastIndexOf(',') : -1;
}
