// Escapes of one character, and the fault that ends the reading of an expression.

/** Thrown inside the parser only. */
export class ExpressionFault extends Error {
  readonly reason: string;
  readonly part: string;

  constructor(reason: string, part: string) {
    super(reason);
    this.reason = reason;
    this.part = part;
  }
}

export interface ReadPoint {
  readonly point: number;
  readonly end: number;
}

const named: Readonly<Record<string, number | undefined>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** At a backslash. */
export function escapedAt(text: string, at: number): ReadPoint {
  const point = text.codePointAt(at + 1);
  if (point === undefined) throw new ExpressionFault('trailing backslash at end of expression', '');
  const char = String.fromCodePoint(point);
  const end = at + 1 + char.length;
  const control = named[char];
  if (control !== undefined) return { point: control, end };
  if (char === 'x') return hexAt(text, at);
  if (/[0-7]/.test(char)) return octalAt(text, at);
  if (point < 128 && !/[0-9A-Za-z]/.test(char)) return { point, end };
  throw new ExpressionFault('invalid escape sequence', text.slice(at, end));
}

/** `\x7F` or `\x{10FFFF}`. */
function hexAt(text: string, at: number): ReadPoint {
  const rest = text.slice(at, at + 64);
  const found = /^\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]+)\})/.exec(rest);
  const point = found ? Number.parseInt(found[1] ?? found[2]!, 16) : Infinity;
  if (!found || point > 0x10ffff) throw new ExpressionFault('invalid escape sequence', rest.slice(0, 10));
  return { point, end: at + found[0].length };
}

/** `\0`, `\01`, `\12`: one digit other than 0 would refer to a group, which RE2 has not. */
function octalAt(text: string, at: number): ReadPoint {
  const found = /^\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(text.slice(at, at + 4));
  if (!found) throw new ExpressionFault('invalid escape sequence', text.slice(at, at + 2));
  return { point: Number.parseInt(found[1]!, 8), end: at + found[0].length };
}
