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
  /** Behind the last character that is no white space. */
  readonly end: number;
}

function textLines(r: Reader, headerEnd: number, parentColumn: number): TextLines | undefined {
  const { text } = r;
  const contents: string[] = [];
  let indent = -1;
  let leading = 0;
  let blankLines = 0;
  let lastEnd = headerEnd;
  for (let newline = text.indexOf('\n', headerEnd); newline >= 0 && newline + 1 < text.length; ) {
    const lineStart = newline + 1;
    let i = lineStart;
    while (text.charCodeAt(i) === SPACE) i++;
    const columns = i - lineStart;
    newline = text.indexOf('\n', i);
    const end = lineEndBefore(text, newline);
    if (i >= end) {
      // Spaces beyond the text's indentation would be text; at the very end of the file they are none of our business.
      if (columns > 0 && ((indent >= 0 && columns > indent) || newline < 0)) return undefined;
      if (indent < 0 && columns > leading) leading = columns;
      if (newline >= 0) blankLines++;
      continue;
    }
    if (indent < 0 && columns > parentColumn) indent = columns;
    if (columns < indent || indent < 0) {
      if (text.charCodeAt(i) === TAB || (columns > parentColumn && text.charCodeAt(i) !== HASH)) return undefined;
      break;
    }
    for (; blankLines > 0; blankLines--) contents.push('');
    contents.push(text.slice(lineStart + indent, end));
    lastEnd = end;
  }
  if (contents.length === 0 || leading > indent) return undefined;
  r.at = lastEnd;
  let end = lastEnd;
  while (text.charCodeAt(end - 1) === SPACE || text.charCodeAt(end - 1) === TAB) end--;
  if (text.charCodeAt(end - 1) === LF) return undefined;
  return { contents, blankLines, end };
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
