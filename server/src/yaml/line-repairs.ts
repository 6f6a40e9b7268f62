// Likely repairs of a half-typed line, the most likely first: completed, then indented like its neighbors, then left out.
import type { Span } from '../base/span.ts';
import { lineEnd, lineStart, nextLineStart } from './lines.ts';
import { insert, leftOutMessage, missingColon, type Repair, TAB_MESSAGE } from './repair.ts';

interface Line {
  /** Of the line's first character with content, and behind its last one, without a comment. */
  readonly span: Span;
  readonly start: number;
  readonly content: string;
  readonly columns: number;
}

/** `lines`: offsets of the starts of the lines that may be wrong, the most likely first. */
export function* lineRepairs(text: string, lines: readonly number[]): Generator<Repair> {
  const found = lines.map((start) => lineAt(text, start));
  for (const repairs of [completed, leftOutFragment, indented, leftOut])
    for (const line of found) yield* repairs(text, line);
}

function lineAt(text: string, start: number): Line {
  const whole = text.slice(start, lineEnd(text, start));
  const columns = whole.length - whole.trimStart().length;
  const content = whole.trim().replace(/\s+#.*$/, '');
  return { start, columns, content, span: { start: start + columns, end: start + columns + content.length } };
}

/** What makes the line a whole one. */
function completed(text: string, line: Line): Repair[] {
  return [tabs(text, line), colon(text, line), space(line), closed(line), quoted(line)]
    .filter((repair) => repair !== undefined)
    .map(local);
}

function local(repair: Repair): Repair {
  return { ...repair, errors: repair.errors.map((error) => ({ ...error, isLocal: true })) };
}

/** All lines that are indented by tabs, as they were all typed alike; told once. */
function tabs(text: string, line: Line): Repair | undefined {
  if (!text.slice(line.start, line.span.start).includes('\t')) return undefined;
  const changes = [...text.slice(line.start).matchAll(/^[ \t]*\t[ \t]*/gm)].map(({ index, 0: indentation }) => ({
    span: { start: line.start + index, end: line.start + index + indentation.length },
    text: indentation.replaceAll('\t', '  '),
  }));
  const errors = [{ code: 'tab', message: TAB_MESSAGE, span: { start: line.start, end: line.span.start } }] as const;
  return { id: `tabs ${line.start}`, changes, errors };
}

/** A lone word becomes a key, unless it would take the lines below from the key above. */
function colon(text: string, line: Line): Repair | undefined {
  const word = line.content.match(/^((?:- +)*)([A-Za-z][\w./-]*)$/);
  if (!word || takesFromAbove(text, line)) return undefined;
  const span = { start: line.span.start + word[1]!.length, end: line.span.end };
  return missingColon(text, span);
}

/** True between `metadata:`, or `hosts:`, and the lines that belong to it. */
function takesFromAbove(text: string, line: Line): boolean {
  if (line.start === 0 || line.content.startsWith('- ')) return false;
  const above = lineAt(text, lineStart(text, line.start - 1));
  const below = lineBelow(text, line.start);
  if (!below || above.columns !== line.columns || !above.content.endsWith(':')) return false;
  return below.columns > line.columns || (below.columns === line.columns && /^-(?: |$)/.test(below.content));
}

function columnsBelow(text: string, start: number): number {
  return lineBelow(text, start)?.columns ?? -1;
}

function lineBelow(text: string, start: number): Line | undefined {
  for (let next = nextLineStart(text, start); next < text.length; next = nextLineStart(text, next)) {
    const line = lineAt(text, next);
    if (line.content !== '' && !line.content.startsWith('#')) return line;
  }
  return undefined;
}

/** `image:nginx` */
function space({ content, span }: Line): Repair | undefined {
  const word = content.match(/^(?:- +)*([A-Za-z][\w./-]*):(?!\/\/)\S/);
  if (!word) return undefined;
  const end = span.start + content.indexOf(':') + 1;
  return insert('space', end, ' ', {
    code: 'syntax',
    message: `A space is missing after "${word[1]!}:".`,
    span: { start: end - 1 - word[1]!.length, end },
  });
}

/** A string or brackets that are open at the line's end are closed there. */
function closed({ content, span }: Line): Repair | undefined {
  const { missing, from } = openAt(content);
  if (missing === '') return undefined;
  const isQuote = missing.startsWith('"') || missing.startsWith("'");
  const message = isQuote
    ? `The closing ${missing[0]!} of this string is missing.`
    : `The closing ${missing.replace(': ', '')} is missing.`;
  return insert('close', span.end, missing, {
    code: 'syntax',
    message,
    span: { start: span.start + from, end: span.end },
  });
}

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

/** The repair of a line that is nothing but a word; undefined for any other. */
export function wordAsKey(text: string, start: number): Repair | undefined {
  const line = lineAt(text, start);
  const isWord = /^ *[A-Za-z][\w./-]*$/.test(text.slice(start, lineEnd(text, start)));
  const repair = isWord ? colon(text, line) : undefined;
  return repair && local(repair);
}

/** True if a string or a bracket is open at the line's end. */
export function isOpen(text: string, start: number): boolean {
  return openAt(lineAt(text, start).content).missing !== '';
}

export function columnsAt(text: string, start: number): number {
  return lineAt(text, start).columns;
}

interface Opened {
  /** What closes it. */
  readonly mark: string;
  readonly from: number;
}

/** The marks that are missing at the line's end, and where the first of what they close begins. */
function openAt(content: string): { readonly missing: string; readonly from: number } {
  const open: Opened[] = [];
  for (let i = 0; i < content.length; i++) {
    const mark = content[i]!;
    const isStart = /(?:^|[\s[{,])$/.test(content.slice(0, i));
    if (isStart && (mark === '"' || mark === "'")) {
      const end = closingQuote(content, i);
      if (end < 0) return { missing: `${mark}${closers(open)}`, from: i };
      i = end;
    } else noteBracket(open, { mark, at: i, isStart });
  }
  const isKey = open.at(-1)?.mark === '}' && /[{,]\s*[\w./-]+$/.test(content);
  return { missing: `${isKey ? ': ' : ''}${closers(open)}`, from: open[0]?.from ?? 0 };
}

/** A bracket in the middle of a plain word is text. */
function noteBracket(open: Opened[], { mark, at, isStart }: { mark: string; at: number; isStart: boolean }): void {
  const closing = CLOSING[mark];
  if (closing && (isStart || open.length > 0)) open.push({ mark: closing, from: at });
  else if (mark === open.at(-1)?.mark) open.pop();
}

function closers(open: readonly Opened[]): string {
  return open
    .map(({ mark }) => mark)
    .toReversed()
    .join('');
}

function closingQuote(content: string, from: number): number {
  const mark = content[from]!;
  for (let i = from + 1; i < content.length; i++) {
    if (mark === '"' && content[i] === '\\') i++;
    else if (mark === "'" && content[i] === mark && content[i + 1] === mark) i++;
    else if (content[i] === mark) return i;
  }
  return -1;
}

/** `message: failed: try again`, `host: *.example.com` */
function quoted({ content, span }: Line): Repair | undefined {
  const value = content.match(/^((?:- +)*(?:[\w./-]+: +)?)((?:[*@`%][\w.]|[^"'[\]{}&*!|>#%@`-]).*)$/);
  if (!value || value[1] === '') return undefined;
  const text = value[2]!;
  const mark = text.includes("'") ? '"' : "'";
  if (text.includes(mark) || (mark === '"' && text.includes('\\'))) return undefined;
  const at = { start: span.start + value[1]!.length, end: span.end };
  const why = /^[*@`%]/.test(text) ? `A value that starts with "${text[0]!}"` : 'A value that contains ": "';
  return {
    id: `quotes ${at.start}`,
    changes: [
      { span: { start: at.start, end: at.start }, text: mark },
      { span: { start: at.end, end: at.end }, text: mark },
    ],
    errors: [{ code: 'syntax', message: `${why} needs quotes.`, span: at }],
  };
}

/** A line without a value, or between a key and the lines below it, is nothing yet: the text is read as if it were not there. But `key: |` has its text below. */
function leftOutFragment(text: string, line: Line): Repair[] {
  if (/: [|>][-+\d]*$/.test(line.content) && columnsBelow(text, line.start) > line.columns) return [];
  return isFragment(line.content) || takesFromAbove(text, line) ? leftOut(text, line).map(local) : [];
}

/** True for a line that gives no value: `key:`, `- `, `- key:`, `key`, `{`, `key: |`. */
export function isFragment(content: string): boolean {
  const value = content.match(/^(?:- +)*[\w./"'-]+:(?: +(.*))?$/) ?? content.match(/^(?:- +)+(.*)$/);
  return !value || !/\w/.test(value[1] ?? '');
}

function leftOut(text: string, { start, content, span }: Line): Repair[] {
  return [
    {
      id: `out ${start}`,
      changes: [{ span: { start, end: lineEnd(text, start) }, text: '' }],
      errors: [{ code: 'syntax', message: leftOutMessage(content), span }],
    },
  ];
}

/** A whole line at a column that does not fit: it moves, with the lines that are as deep, to that of the line above or below. */
function indented(text: string, line: Line): Repair[] {
  if (isFragment(line.content)) return [];
  const above = line.start === 0 ? -1 : lineAt(text, lineStart(text, line.start - 1)).columns;
  const wanted = [above, columnsBelow(text, line.start)].filter((columns) => columns >= 0 && columns !== line.columns);
  return [...new Set(wanted)].map((columns) => moved(text, line, columns));
}

function moved(text: string, line: Line, columns: number): Repair {
  const isTooDeep = columns < line.columns;
  const message = isTooDeep
    ? 'This line is indented too far: the line above already has a value.'
    : `This line is not indented enough: ${columns} spaces are expected.`;
  const indentation = { start: line.start, end: line.span.start };
  return {
    id: `indent ${line.start} ${columns}`,
    changes: linesFrom(text, line).map((start) =>
      isTooDeep
        ? { span: { start: start + columns, end: start + line.columns }, text: '' }
        : { span: { start, end: start }, text: ' '.repeat(columns - line.columns) },
    ),
    errors: [{ code: 'indentation', message, span: line.columns > 0 ? indentation : line.span }],
  };
}

/** Starts of the line and of those below it that are as deep. */
function linesFrom(text: string, { start, columns }: Line): number[] {
  const lines: number[] = [];
  for (let at = start; at < text.length && lineAt(text, at).columns >= columns; at = nextLineStart(text, at))
    lines.push(at);
  return lines;
}
