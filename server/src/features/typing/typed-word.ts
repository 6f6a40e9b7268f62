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

/** `offset` counts in `text`, one document. Undefined in a comment and behind a space inside a value. */
export function typedWord(text: string, offset: number): TypedWord | undefined {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const line = text.slice(lineStart, offset);
  if (/(^|\s)#/.test(line)) return undefined;
  const { segment, isFlow, isBareDash = false } = segmentOf(text.slice(0, offset), line);
  const value = /^(["']?[\w./-]+["']?:)(\s*)(["']?)(.*)$/.exec(segment);
  const isValue = value !== null && (value[2] !== '' || value[4] === '');
  const quoted = isValue ? value[3]! : (/^["']/.exec(segment)?.[0] ?? '');
  const typed = isValue ? value[4]! : segment.slice(quoted.length);
  if (/\s/.test(typed)) return undefined;
  const rest = (isValue ? /^[^\s,}\]"'#]*/ : /^[^\s,}\]"':]*/).exec(text.slice(offset))![0];
  const start = offset - typed.length;
  return {
    typed,
    span: { start, end: offset + rest.length },
    isValue,
    hasColon: /^["']?:/.test(text.slice(offset + rest.length)),
    isFlow,
    column: offset - segment.length - lineStart + (isBareDash ? 1 : 0),
    lacksSpace: isBareDash || (isValue && value[2] === '' && value[3] === ''),
    quote: quoted,
  };
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
