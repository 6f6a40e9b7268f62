// Tries likely repairs of broken or incomplete text. A repair counts only if it leaves fewer errors.
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

interface Broken {
  readonly problems: readonly Problem[];
  readonly quoted: readonly Span[];
  readonly repairs: readonly Repair[];
}

/** The next repair worth trying, in the order of the problems. */
export function proposeRepair(text: string, broken: Broken, rejected: ReadonlySet<string>): Repair | undefined {
  for (const problem of broken.problems) {
    const proposed = REPAIRS[problem.code]?.map((propose) => propose(text, problem.span, broken)) ?? [];
    const repair = proposed.find((one) => one && !rejected.has(one.id) && !overlapsAny(one, broken.repairs));
    if (repair) return repair;
  }
  return undefined;
}

type Propose = (text: string, at: Span, broken: Broken) => Repair | undefined;

const REPAIRS: Partial<Record<string, readonly Propose[]>> = {
  TAB_AS_INDENT: [replaceTabs],
  MULTILINE_IMPLICIT_KEY: [closeQuote, addComma, endHalfTypedKey],
  MISSING_CHAR: [closeQuote, spaceAfterColon],
  BLOCK_AS_IMPLICIT_KEY: [alignToLineAbove, quoteValue],
  BLOCK_IN_FLOW: [addComma],
};

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

function overlapsAny(repair: Repair, others: readonly Repair[]): boolean {
  return others.some((other) =>
    other.changes.some((a) => repair.changes.some((b) => a.span.start <= b.span.end && b.span.start <= a.span.end)),
  );
}

/** `reso` on a line of its own, above `ports:`: the parser reads the key `reso ports`. */
function endHalfTypedKey(text: string, { start, end }: Span): Repair | undefined {
  const line = text
    .slice(start, end)
    .match(/^[^\r\n]*/)![0]
    .trimEnd();
  if (line === '' || start + line.length >= end) return undefined;
  return (
    spaceAfterColon(text, { start, end: start + line.length }) ??
    missingColon(text, { start, end: start + line.length })
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

/** `image:nginx` is a plain word to YAML. */
function spaceAfterColon(text: string, { start, end }: Span): Repair | undefined {
  const word = text.slice(start, end).match(/^([A-Za-z][\w./-]*):(?!\/\/)\S[^\r\n]*$/);
  if (!word) return undefined;
  const colon = start + word[1]!.length + 1;
  return insert('space', colon, ' ', {
    code: 'syntax',
    message: `A space is missing after "${word[1]!}:".`,
    span: { start, end: colon },
  });
}

/** A string that was opened and not closed ends with its line. */
function closeQuote(text: string, at: Span, { quoted }: Broken): Repair | undefined {
  const open = quoted.findLast(({ start, end }) => start <= at.start && at.start <= end + 1);
  if (!open) return undefined;
  const content = text
    .slice(open.start)
    .match(/^[^\r\n]*/)![0]
    .trimEnd();
  const mark = content[0]!;
  const span = { start: open.start, end: open.start + content.length };
  return insert('quote', span.end, mark, {
    code: 'syntax',
    message: `The closing ${mark} of this string is missing.`,
    span,
  });
}

/** Lines indented deeper than the entry above them, whose value is already complete: they move left together. */
function alignToLineAbove(text: string, { start }: Span): Repair | undefined {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', start) + 1;
  if (next === 0) return undefined;
  const wanted = text.slice(lineStart).match(/^ *(?:- +)*/)![0].length;
  const found = indentationAt(text, next);
  if (found <= wanted || !/^[\w./"'-]+:(?:\s|$)/.test(text.slice(next + found))) return undefined;
  const changes = linesIndentedFrom(text, next, found).map((line) => ({
    span: { start: line + wanted, end: line + found },
    text: '',
  }));
  const span = { start: next, end: next + found };
  return {
    id: `align ${next}`,
    changes,
    errors: [
      {
        code: 'indentation',
        message: 'This line is indented too far: the line above already has a value.',
        span,
      },
    ],
  };
}

/** Starts of the lines from `first` on that are indented by at least `indentation`. */
function linesIndentedFrom(text: string, first: number, indentation: number): number[] {
  const lines: number[] = [];
  for (let line = first; line < text.length && indentationAt(text, line) >= indentation; ) {
    lines.push(line);
    const newline = text.indexOf('\n', line);
    line = newline < 0 ? text.length : newline + 1;
  }
  return lines;
}

function indentationAt(text: string, lineStart: number): number {
  let at = lineStart;
  while (text[at] === ' ') at++;
  return at - lineStart;
}

/** `message: failed: try again`. */
function quoteValue(text: string, { start }: Span): Repair | undefined {
  const value = text
    .slice(start)
    .match(/^[^\r\n]*/)![0]
    .replace(/\s+#.*$/, '')
    .trimEnd();
  const mark = value.includes("'") ? '"' : "'";
  if (!/^[^"'[\]{}&*!|>#-]/.test(value) || value.includes(mark) || (mark === '"' && value.includes('\\')))
    return undefined;
  const span = { start, end: start + value.length };
  const changes = [
    { span: { start, end: start }, text: mark },
    { span: { start: span.end, end: span.end }, text: mark },
  ];
  return {
    id: `wrap ${start}`,
    changes,
    errors: [{ code: 'syntax', message: 'A value that contains ": " needs quotes.', span }],
  };
}

/** `{"a": 1 "b": 2}`: two values in a row inside brackets. */
function addComma(text: string, { start, end }: Span): Repair | undefined {
  const first = text.slice(start, end).match(/^(?:"(?:[^"\\\r\n]|\\.)*"|[\w.+-]+)/);
  if (!first || !/^\s+["{[]/.test(text.slice(start + first[0].length))) return undefined;
  const comma = start + first[0].length;
  return insert('comma', comma, ',', {
    code: 'syntax',
    message: `A comma is missing after ${first[0]}.`,
    span: { start, end: comma },
  });
}

/** Tabs in indentation count as two spaces each; all lines that the parser complains of at once. */
function replaceTabs(text: string, { start }: Span, { problems }: Broken): Repair | undefined {
  const lines = new Set(
    problems
      .filter(({ code }) => code === 'TAB_AS_INDENT')
      .map(({ span }) => text.lastIndexOf('\n', span.start - 1) + 1),
  );
  const found = [...lines].flatMap((line) => tabsIn(text, line));
  if (found.length === 0) return undefined;
  const changes = found.flatMap(({ tabs }) => tabs.map((at) => ({ span: { start: at, end: at + 1 }, text: '  ' })));
  return {
    id: `tabs ${start}`,
    changes,
    errors: found.map(({ span }) => ({ code: 'tab', message: TAB_MESSAGE, span })),
  };
}

export const TAB_MESSAGE = 'YAML does not allow a tab in the indentation: use spaces.';

function tabsIn(text: string, line: number): { readonly tabs: readonly number[]; readonly span: Span }[] {
  let end = line;
  const tabs: number[] = [];
  for (; text[end] === ' ' || text[end] === '\t'; end++) if (text[end] === '\t') tabs.push(end);
  return tabs.length === 0 ? [] : [{ tabs, span: { start: line, end } }];
}

function insert(kind: string, at: number, text: string, error: YamlError): Repair {
  return { id: `${kind} ${at}`, changes: [{ span: { start: at, end: at }, text }], errors: [error] };
}
