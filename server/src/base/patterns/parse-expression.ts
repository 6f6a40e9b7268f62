// Reads RE2's syntax with Perl's extensions, as Go's regexp/syntax (parse.go) and RE2 (parse.cc) do. What one of them refuses is an error.
import { anything, anythingButNewline, perlClass, range } from './char-sets.ts';
import { charClassAt, unicodeClassAt } from './parse-char-class.ts';
import { escapedAt, ExpressionFault } from './parse-escape.ts';
import { flagsAt, groupNameAt, initialFlags, type Flags } from './parse-flags.ts';
import type { Assertion, ExpressionNode } from './expression.ts';
import { quantifierAt, repeatsTooOften } from './parse-repetition.ts';

export interface ExpressionError {
  /** As RE2 words it, with the part of the pattern behind it. */
  readonly reason: string;
  readonly part: string;
}

interface Group {
  /** Flags outside it. */
  readonly flags: Flags;
  readonly ways: ExpressionNode[][];
}

export type ParsedExpression =
  | { readonly node: ExpressionNode; readonly error?: undefined }
  | { readonly node?: undefined; readonly error: ExpressionError };

export function parseExpression(pattern: string): ParsedExpression {
  try {
    return { node: new Parser(pattern).parse() };
  } catch (fault) {
    if (fault instanceof ExpressionFault) return { error: { reason: fault.reason, part: fault.part } };
    throw fault;
  }
}

const deepest = 1000;

class Parser {
  readonly #text: string;
  readonly #groups: Group[] = [];
  readonly #names = new Set<string>();
  #at = 0;
  #flags = initialFlags;
  /** The quantifier just before, which no other may follow. */
  #lastQuantifier = '';

  constructor(text: string) {
    this.#text = text;
  }

  parse(): ExpressionNode {
    this.#open();
    while (this.#at < this.#text.length) {
      const quantifier = quantifierAt(this.#text, this.#at);
      if (quantifier) this.#repeat(quantifier);
      else {
        this.#lastQuantifier = '';
        this.#readOne();
      }
    }
    const whole = this.#close();
    if (this.#groups.length > 0) throw new ExpressionFault('missing closing )', this.#text);
    return whole;
  }

  #readOne(): void {
    const char = this.#text[this.#at];
    switch (char) {
      case '(':
        this.#at++;
        if (this.#text[this.#at] === '?') this.#readPerlGroup();
        else this.#open();
        return;
      case '|':
        this.#at++;
        this.#groups.at(-1)!.ways.push([]);
        return;
      case ')':
        this.#at++;
        this.#readEnd();
        return;
      case '[': {
        const { set, end } = charClassAt(this.#text, this.#at, this.#flags.ignoresCase);
        return this.#add({ kind: 'set', has: set }, end);
      }
      case '\\':
        return this.#readEscape();
      default:
        return this.#readPlain(char!);
    }
  }

  #readPlain(char: string): void {
    const { isMultiline, dotIsAny } = this.#flags;
    if (char === '^') return this.#assert(isMultiline ? 'line-start' : 'text-start', 1);
    if (char === '$') return this.#assert(isMultiline ? 'line-end' : 'text-end', 1);
    if (char === '.') return this.#add({ kind: 'set', has: dotIsAny ? anything : anythingButNewline }, this.#at + 1);
    const point = this.#text.codePointAt(this.#at)!;
    return this.#addPoint(point, this.#at + (point > 0xffff ? 2 : 1));
  }

  #readEnd(): void {
    if (this.#groups.length < 2) throw new ExpressionFault('unexpected )', this.#text);
    const { flags } = this.#groups.at(-1)!;
    const node = this.#close();
    this.#flags = flags;
    this.#add(node, this.#at);
  }

  #readPerlGroup(): void {
    const named = groupNameAt(this.#text, this.#at);
    if (named) {
      if (this.#names.has(named.name)) throw new ExpressionFault('duplicate capture group name', named.name);
      this.#names.add(named.name);
      this.#at = named.end;
      this.#open();
      return;
    }
    const { flags, opens, end } = flagsAt(this.#text, this.#at, this.#flags);
    this.#at = end;
    if (opens) this.#open();
    this.#flags = flags;
  }

  #readEscape(): void {
    const letter = this.#text[this.#at + 1] ?? '';
    const assertion = assertions[letter];
    if (assertion) return this.#assert(assertion, 2);
    if (letter === 'Q') return this.#readQuoted();
    if (letter === 'p' || letter === 'P') {
      const { set, end } = unicodeClassAt(this.#text, this.#at, this.#flags.ignoresCase);
      return this.#add({ kind: 'set', has: set }, end);
    }
    const perl = letter === '' ? undefined : perlClass(letter, this.#flags.ignoresCase);
    if (perl) return this.#add({ kind: 'set', has: perl }, this.#at + 2);
    const { point, end } = escapedAt(this.#text, this.#at);
    return this.#addPoint(point, end);
  }

  /** `\Q...\E`, or to the end of the pattern. */
  #readQuoted(): void {
    const from = this.#at + 2;
    const found = this.#text.indexOf('\\E', from);
    const to = found < 0 ? this.#text.length : found;
    for (const char of this.#text.slice(from, to)) this.#addPoint(char.codePointAt(0)!, this.#at);
    this.#at = found < 0 ? to : to + 2;
  }

  #repeat(quantifier: NonNullable<ReturnType<typeof quantifierAt>>): void {
    const { min, max, end } = quantifier;
    const text = this.#text.slice(this.#at, end);
    if (min > deepest || (max ?? 0) > deepest || (max !== undefined && min > max))
      throw new ExpressionFault('invalid repeat count', text);
    const parts = this.#groups.at(-1)!.ways.at(-1)!;
    const node = parts.pop();
    if (!node) throw new ExpressionFault('missing argument to repetition operator', text);
    if (this.#lastQuantifier !== '')
      throw new ExpressionFault('invalid nested repetition operator', this.#lastQuantifier + text);
    const repeated: ExpressionNode = { kind: 'repeat', node, min, max };
    if (quantifier.isCounted && (min >= 2 || (max ?? 0) >= 2) && repeatsTooOften(repeated, deepest))
      throw new ExpressionFault('invalid repeat count', text);
    parts.push(repeated);
    this.#at = end;
    this.#lastQuantifier = text;
  }

  #open(): void {
    if (this.#groups.length > deepest) throw new ExpressionFault('expression nests too deeply', '');
    this.#groups.push({ flags: this.#flags, ways: [[]] });
  }

  #close(): ExpressionNode {
    const ways = this.#groups.pop()!.ways.map((parts) => sequence(parts));
    return ways.length === 1 ? ways[0]! : { kind: 'choice', ways };
  }

  #assert(what: Assertion, length: number): void {
    this.#add({ kind: 'assertion', what }, this.#at + length);
  }

  #addPoint(point: number, end: number): void {
    this.#add({ kind: 'set', has: range(point, point, this.#flags.ignoresCase) }, end);
  }

  #add(node: ExpressionNode, end: number): void {
    this.#groups.at(-1)!.ways.at(-1)!.push(node);
    this.#at = end;
  }
}

const assertions: Readonly<Record<string, Assertion | undefined>> = {
  A: 'text-start',
  z: 'text-end',
  b: 'word-boundary',
  B: 'no-word-boundary',
};

function sequence(parts: readonly ExpressionNode[]): ExpressionNode {
  return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
}
