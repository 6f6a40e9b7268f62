// Block scalars in the fast parser.
import { DASH, endOfLine, HASH, LF, lineEndBefore, PLUS, scalar, SPACE, TAB, type Reader } from './fast-reader.ts';
import type { YamlScalar } from './node.ts';

const FOLDED = 62;

/** A block scalar; the reader stands at the end of its last line. Explicit indentation and odd white space are given up. */
export function blockScalar(r: Reader, parentColumn: number): YamlScalar | undefined {
  const { text, at: start } = r;
  const folds = text.charCodeAt(start) === FOLDED;
  let header = start + 1;
  const sign = text.charCodeAt(header);
  const strips = sign === DASH;
  const keeps = sign === PLUS;
  if (strips || keeps) header++;
  const headerEnd = endOfLine(r, header);
  if (headerEnd < 0) return undefined;
  const lines = textLines(r, headerEnd, parentColumn);
  if (!lines) return undefined;
  const { contents, blankLines, end } = lines;
  const content = folds ? folded(contents) : contents.join('\n');
  const breaks = strips ? 0 : 1;
  return scalar(content + '\n'.repeat(keeps ? blankLines + 1 : breaks), 'block', start, end);
}

interface TextLines {
  readonly contents: string[];
  /** Blank lines behind the last line with text. */
  readonly blankLines: number;
  /** The offset after the last character that is not white space. */
  readonly end: number;
}

/** What is known of the block so far. */
interface Block {
  readonly parentColumn: number;
  readonly contents: string[];
  /** Column of the text; -1 before its first line. */
  indent: number;
  /** The most spaces in a blank line before the text. */
  leading: number;
  blankLines: number;
  lastEnd: number;
}

function textLines(r: Reader, headerEnd: number, parentColumn: number): TextLines | undefined {
  const { text } = r;
  const block: Block = { parentColumn, contents: [], indent: -1, leading: 0, blankLines: 0, lastEnd: headerEnd };
  for (let newline = text.indexOf('\n', headerEnd); newline >= 0 && newline + 1 < text.length; ) {
    const lineStart = newline + 1;
    let i = lineStart;
    while (text.charCodeAt(i) === SPACE) i++;
    newline = text.indexOf('\n', i);
    const end = lineEndBefore(text, newline);
    const took = i >= end ? takeBlank(block, i - lineStart, newline) : takeLine(block, text, lineStart, i, end);
    if (took === 'unsure') return undefined;
    if (took === 'behind') break;
  }
  if (block.contents.length === 0 || block.leading > block.indent) return undefined;
  r.at = block.lastEnd;
  return lines(block, text);
}

/** A line of spaces. Those beyond the text's indentation would be text; at the very end of the file they are none of our business. */
function takeBlank(block: Block, columns: number, newline: number): 'taken' | 'unsure' {
  const { indent } = block;
  if (columns > 0 && ((indent >= 0 && columns > indent) || newline < 0)) return 'unsure';
  if (indent < 0 && columns > block.leading) block.leading = columns;
  if (newline >= 0) block.blankLines++;
  return 'taken';
}

/** A line with text from `start` to `end`; `behind` where it belongs to what follows the block. */
function takeLine(
  block: Block,
  text: string,
  lineStart: number,
  start: number,
  end: number,
): 'taken' | 'unsure' | 'behind' {
  const columns = start - lineStart;
  if (block.indent < 0 && columns > block.parentColumn) block.indent = columns;
  if (columns < block.indent || block.indent < 0) {
    const code = text.charCodeAt(start);
    return code === TAB || (columns > block.parentColumn && code !== HASH) ? 'unsure' : 'behind';
  }
  for (; block.blankLines > 0; block.blankLines--) block.contents.push('');
  block.contents.push(text.slice(lineStart + block.indent, end));
  block.lastEnd = end;
  return 'taken';
}

function lines({ contents, blankLines, lastEnd }: Block, text: string): TextLines | undefined {
  let end = lastEnd;
  while (text.charCodeAt(end - 1) === SPACE || text.charCodeAt(end - 1) === TAB) end--;
  return text.charCodeAt(end - 1) === LF ? undefined : { contents, blankLines, end };
}

/** Lines joined by spaces, except around empty and deeper indented ones. */
function folded(lines: readonly string[]): string {
  let value = '';
  let gap = '';
  let wasDeeper = false;
  let first = 0;
  while (lines[first] === '') {
    value += '\n';
    first++;
  }
  for (let i = first; i < lines.length; i++) {
    const line = lines[i]!;
    const code = line.charCodeAt(0);
    if (code === SPACE || code === TAB) {
      if (gap === ' ') gap = '\n';
      else if (!wasDeeper && gap === '\n') gap = '\n\n';
      value += gap + line;
      gap = '\n';
      wasDeeper = true;
    } else if (line === '') {
      if (gap === '\n') value += '\n';
      else gap = '\n';
    } else {
      value += gap + line;
      gap = ' ';
      wasDeeper = false;
    }
  }
  return value;
}
