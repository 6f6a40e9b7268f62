// Classes of characters: ranges, Perl's, POSIX's and Unicode's.
import { sameInAnyCase } from './case-folding.ts';
import type { CharSet } from './expression.ts';

export function range(low: number, high: number, ignoresCase: boolean): CharSet {
  const within: CharSet = (point) => point >= low && point <= high;
  return ignoresCase ? inAnyCase(within) : within;
}

export function complement(set: CharSet): CharSet {
  return (point) => !set(point);
}

function inAnyCase(set: CharSet): CharSet {
  return (point) => sameInAnyCase(point).some(set);
}

const mostRemembered = 2000;

/** Asks once for each character: a class is run for every character of every text. */
export function remembered(set: CharSet): CharSet {
  const answers = new Map<number, boolean>();
  return (point) => {
    let answer = answers.get(point);
    if (answer === undefined) {
      if (answers.size >= mostRemembered) answers.clear();
      answer = set(point);
      answers.set(point, answer);
    }
    return answer;
  };
}

export const anything: CharSet = () => true;
export const anythingButNewline: CharSet = (point) => point !== 10;

/** Undefined for another letter. */
export function perlClass(letter: string, ignoresCase: boolean): CharSet | undefined {
  const ranges = perl[letter.toLowerCase()];
  if (!ranges) return undefined;
  const set = ofRanges(ranges, ignoresCase);
  return letter === letter.toLowerCase() ? set : complement(set);
}

/** `alpha` or `^alpha`; undefined for an unknown name. */
export function posixClass(name: string, ignoresCase: boolean): CharSet | undefined {
  const isNegated = name.startsWith('^');
  const ranges = posix[isNegated ? name.slice(1) : name];
  if (!ranges) return undefined;
  const set = ofRanges(ranges, ignoresCase);
  return isNegated ? complement(set) : set;
}

/** `Greek` or `Lu`; undefined for what is not a category or script. */
export function unicodeClass(name: string, ignoresCase: boolean): CharSet | undefined {
  if (name === 'Any') return anything;
  const property = propertyOf(name);
  if (!property) return undefined;
  const set: CharSet = (point) => property.test(String.fromCodePoint(point));
  return remembered(ignoresCase ? inAnyCase(set) : set);
}

/** The expression runs on one character at a time, and its name is a word. */
function propertyOf(name: string): RegExp | undefined {
  if (!isCategory(name) && !isScript(name)) return undefined;
  try {
    return new RegExp(`^\\p{${isCategory(name) ? name : `Script=${name}`}}$`, 'u');
  } catch {
    return undefined;
  }
}

function isCategory(name: string): boolean {
  return /^(C[cfos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)$/.test(name);
}

/** JavaScript knows short names of scripts too, of four letters. RE2 does not. */
function isScript(name: string): boolean {
  return /^[A-Z][A-Za-z_]*$/.test(name) && (name.length !== 4 || shortScripts.has(name));
}

const shortScripts: ReadonlySet<string> = new Set([
  'Ahom',
  'Cham',
  'Kawi',
  'Lisu',
  'Miao',
  'Modi',
  'Newa',
  'Thai',
  'Toto',
]);

type Ranges = readonly (readonly [string, string])[];

function ofRanges(ranges: Ranges, ignoresCase: boolean): CharSet {
  const sets = ranges.map(([low, high]) => range(low.charCodeAt(0), high.charCodeAt(0), ignoresCase));
  return (point) => sets.some((set) => set(point));
}

const digit: Ranges = [['0', '9']];
const lower: Ranges = [['a', 'z']];
const upper: Ranges = [['A', 'Z']];
const word: Ranges = [...digit, ...lower, ...upper, ['_', '_']];

// As objects without a prototype: names come from files.
const perl: Readonly<Record<string, Ranges | undefined>> = Object.assign(Object.create(null), {
  d: digit,
  s: [
    ['\t', '\n'],
    ['\f', '\r'],
    [' ', ' '],
  ],
  w: word,
});

const posix: Readonly<Record<string, Ranges | undefined>> = Object.assign(Object.create(null), {
  alnum: [...digit, ...lower, ...upper],
  alpha: [...lower, ...upper],
  ascii: [['\0', '\x7f']],
  blank: [
    ['\t', '\t'],
    [' ', ' '],
  ],
  cntrl: [
    ['\0', '\x1f'],
    ['\x7f', '\x7f'],
  ],
  digit,
  graph: [['!', '~']],
  lower,
  print: [[' ', '~']],
  punct: [
    ['!', '/'],
    [':', '@'],
    ['[', '`'],
    ['{', '~'],
  ],
  space: [
    ['\t', '\r'],
    [' ', ' '],
  ],
  upper,
  word,
  xdigit: [...digit, ['A', 'F'], ['a', 'f']],
});
