/** 0-based line and UTF-16 character, as in LSP. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Their lengths are added up in less time than it takes to keep where each starts. */
const fewLines = 256;
const longestLine = 0xffff;

/** Turns offsets of one text into lines and back. Line breaks are LF, CRLF and a lone CR, as LSP counts them. */
export class LineIndex {
  /**
   * Where each line starts; of few lines a text in its place, of which each letter's code is how long a line is, the last one left out. There
   * is one of them for each file that is read, and an array of numbers is mostly its own weight.
   */
  readonly #lines: string | Uint32Array;
  readonly #length: number;

  constructor(text: string) {
    const starts = text.includes('\r') ? startsOfAnyLines(text) : startsOfLines(text);
    this.#lines = lengthsOf(starts) ?? Uint32Array.from(starts);
    this.#length = text.length;
  }

  get lineCount(): number {
    return typeof this.#lines === 'string' ? this.#lines.length + 1 : this.#lines.length;
  }

  /** Offsets outside the text are clamped. */
  positionAt(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.#length));
    return typeof this.#lines === 'string' ? positionIn(this.#lines, at) : positionAmong(this.#lines, at);
  }

  /** Positions past a line's end are clamped to the start of the next line, positions past the text to its end. */
  offsetAt({ line, character }: Position): number {
    const start = this.#startOf(line);
    if (start === undefined) return line < 0 ? 0 : this.#length;
    const next = this.#startOf(line + 1) ?? this.#length;
    return Math.max(start, Math.min(start + character, next));
  }

  #startOf(line: number): number | undefined {
    if (typeof this.#lines !== 'string') return this.#lines[line];
    if (line < 0 || line > this.#lines.length) return undefined;
    let start = 0;
    for (let i = 0; i < line; i++) start += this.#lines.charCodeAt(i);
    return start;
  }
}

function positionIn(lengths: string, at: number): Position {
  let [line, start] = [0, 0];
  for (; line < lengths.length; line++) {
    const next = start + lengths.charCodeAt(line);
    if (next > at) break;
    start = next;
  }
  return { line, character: at - start };
}

function positionAmong(starts: Uint32Array, at: number): Position {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low, character: at - starts[low]! };
}

/** Undefined where there are many, or one is too long. */
function lengthsOf(starts: readonly number[]): string | undefined {
  if (starts.length > fewLines) return undefined;
  const lengths: number[] = [];
  for (let i = 1; i < starts.length; i++) {
    const length = starts[i]! - starts[i - 1]!;
    if (length > longestLine) return undefined;
    lengths.push(length);
  }
  return String.fromCharCode(...lengths);
}

/** Made at every edit of a file: a search for line feeds is many times faster than a look at each character. */
function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Line feeds, carriage returns, and both together. */
function startsOfAnyLines(text: string): number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}
