// Repairs of broken or incomplete text: what they change, and the way back from the repaired text. A repair is used only if it leaves fewer errors.
import type { Span } from '../base/span.ts';
import type { YamlError } from './node.ts';

/** What the parser complains of, by its own code. */
export interface Problem {
  readonly code: string;
  readonly span: Span;
}

/** A change to the text as it is read (the file stays as it is), and what to tell the user. */
export interface Repair {
  readonly id: string;
  readonly changes: readonly { readonly span: Span; readonly text: string }[];
  readonly errors: readonly YamlError[];
}

/** The package counts a byte order mark as indentation. */
export function withoutMark(text: string): Repair[] {
  return text.charCodeAt(0) === 0xfeff
    ? [{ id: 'mark', changes: [{ span: { start: 0, end: 1 }, text: '' }], errors: [] }]
    : [];
}

/** The text as repaired, and the way back from its offsets. */
export function applyRepairs(
  text: string,
  repairs: readonly Repair[],
): { repaired: string; toOriginal: (offset: number) => number } {
  if (repairs.length === 0) return { repaired: text, toOriginal: (offset) => offset };
  const changes = repairs.flatMap((repair) => repair.changes).sort((a, b) => a.span.start - b.span.start);
  let repaired = '';
  let at = 0;
  const steps: { readonly from: number; readonly to: number; readonly original: Span }[] = [];
  for (const { span, text: inserted } of changes) {
    repaired += text.slice(at, span.start);
    steps.push({ from: repaired.length, to: repaired.length + inserted.length, original: span });
    repaired += inserted;
    at = span.end;
  }
  return { repaired: repaired + text.slice(at), toOriginal: (offset) => originalOf(steps, offset) };
}

function originalOf(
  steps: readonly { readonly from: number; readonly to: number; readonly original: Span }[],
  offset: number,
): number {
  let by = 0;
  for (const { from, to, original } of steps) {
    // Before an insertion what ends there ends; where text was taken out what follows starts behind it.
    if (offset < from || (offset === from && to > from)) break;
    if (offset < to) return original.start;
    by = original.end - to;
  }
  return offset + by;
}

export function overlapsAny(repair: Repair, others: readonly Repair[]): boolean {
  return others.some((other) =>
    other.changes.some((a) => repair.changes.some((b) => a.span.start <= b.span.end && b.span.start <= a.span.end)),
  );
}

/** Makes the word a key. */
export function missingColon(text: string, span: Span): Repair {
  return insert('colon', span.end, ':', {
    code: 'syntax',
    message: colonMessage(text.slice(span.start, span.end)),
    span,
  });
}

export function colonMessage(word: string): string {
  return `A ":" is missing after "${word}".`;
}

/** `{"a": 1 "b": 2}`: two values in a row inside brackets. */
export function addComma(text: string, { start, end }: Span): Repair | undefined {
  const first = text.slice(start, end).match(/^(?:"(?:[^"\\\r\n]|\\.)*"|[\w.+-]+)/);
  if (!first || !/^\s+["{[]/.test(text.slice(start + first[0].length))) return undefined;
  const comma = start + first[0].length;
  return insert('comma', comma, ',', {
    code: 'syntax',
    message: `A comma is missing after ${first[0]}.`,
    span: { start, end: comma },
    isLocal: true,
  });
}

export const TAB_MESSAGE = 'YAML does not allow a tab in the indentation: use spaces.';

export function insert(kind: string, at: number, text: string, error: YamlError): Repair {
  return { id: `${kind} ${at}`, changes: [{ span: { start: at, end: at }, text }], errors: [error] };
}

export function leftOutMessage(content: string): string {
  return `${shownLine(content)} does not fit here: complete or remove this line.`;
}

/** In quotes, shortened. */
export function shownLine(content: string): string {
  const shown = content.length > 40 ? `${content.slice(0, 40)}…` : content;
  return JSON.stringify(shown).replaceAll('\\"', '"');
}
