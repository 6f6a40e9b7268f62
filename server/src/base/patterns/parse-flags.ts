// What begins with `(?`: flags and named groups.
import { ExpressionFault } from './parse-escape.ts';

export interface Flags {
  readonly ignoresCase: boolean;
  readonly isMultiline: boolean;
  readonly dotIsAny: boolean;
}

export const initialFlags: Flags = { ignoresCase: false, isMultiline: false, dotIsAny: false };

/** At `?` of `(?P<name>` or `(?<name>`. */
export function groupNameAt(text: string, at: number): { readonly name: string; readonly end: number } | undefined {
  const open = ['?P<', '?<'].find((start) => text.startsWith(start, at));
  if (open === undefined) return undefined;
  const from = at + open.length;
  const close = text.indexOf('>', from);
  const name = close < 0 ? '' : text.slice(from, close);
  if (!/^\w+$/.test(name))
    throw new ExpressionFault('invalid named capture', text.slice(at - 1, close < 0 ? undefined : close + 1));
  return { name, end: close + 1 };
}

export interface ReadFlags {
  readonly flags: Flags;
  /** With `:`, so that a group begins. */
  readonly opens: boolean;
  readonly end: number;
}

/** At `?` of `(?i)`, `(?i:`, `(?s-i)`. */
export function flagsAt(text: string, at: number, outside: Flags): ReadFlags {
  // `U` swaps greedy and lazy, which makes no difference to whether the whole text matches.
  const found = /^\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(text.slice(at, at + 64));
  if (!found) throw new ExpressionFault('invalid or unsupported Perl syntax', text.slice(at - 1, at + 2));
  const [whole, on = '', off = '', last] = found;
  const flags = applied(applied(outside, on, true), off, false);
  return { flags, opens: last === ':', end: at + whole.length };
}

function applied(flags: Flags, letters: string, value: boolean): Flags {
  return {
    ignoresCase: letters.includes('i') ? value : flags.ignoresCase,
    isMultiline: letters.includes('m') ? value : flags.isMultiline,
    dotIsAny: letters.includes('s') ? value : flags.dotIsAny,
  };
}
