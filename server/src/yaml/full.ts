// The complete parser: all of YAML, with the `yaml` package. Slow, so `parse.ts` tries the fast parser first.
import { Composer, Lexer, Parser } from 'yaml';
import type { CST, Document, Node, Tags } from 'yaml';
import type { Span } from '../base/span.ts';
import { binaryTag } from './binary-tag.ts';
import { convert } from './convert.ts';
import { describeErrors, tidyErrors } from './errors.ts';
import { movedNode, mover } from './move.ts';
import type { YamlDocument, YamlError } from './node.ts';
import { lineRepairs } from './line-repairs.ts';
import { addComma, applyRepairs, overlapsAny, withoutMark } from './repair.ts';
import type { Problem, Repair } from './repair.ts';
import { parseWithSlips, suspectLines } from './slips.ts';

/** Each round is another parse; a user types in one place at a time. Long texts get fewer, so that a keystroke stays bearable. */
const ROUNDS = 8;
const READ_AGAIN = 200_000;
/** Text with more errors than this is not a half-typed line: repairs would cost minutes and make nothing readable. */
const MAX_REPAIRABLE_ERRORS = 1000;

/** Reads one document; text behind it that starts another is reported and not read. */
export function parseFull(text: string): YamlDocument {
  try {
    return readRepaired(text);
  } catch (error) {
    return { root: undefined, errors: [unreadable(error, text)], comments: [] };
  }
}

/** Reads broken text in its probable meaning, so that one incomplete line does not swallow the next. */
function readRepaired(text: string): YamlDocument {
  let best = read(text, withoutMark(text));
  if (best.problems.length > MAX_REPAIRABLE_ERRORS || best.problems.every(readsOn)) return documentOf(text, best);
  const comma = best.problems.map((problem) => commaFor(text, problem)).find((repair) => repair !== undefined);
  const slips = parseWithSlips(text, comma ? [comma] : []);
  if (slips && (best.problems.length > 1 || !losesLine(slips))) return slips;
  const rejected = new Set<string>();
  for (let rounds = roundsFor(text); rounds > 0 && best.problems.length > 0; rounds--) {
    const repair = nextRepair(text, best, rejected);
    if (!repair) break;
    const next = read(text, [...best.repairs, repair]);
    if (next.problems.length < best.problems.length) best = next;
    else rejected.add(repair.id);
  }
  return documentOf(text, best);
}

/** True if a line with a value was left out: of one error alone the parser may read more. */
function losesLine({ errors }: Pick<YamlDocument, 'errors'>): boolean {
  return errors.some(({ code, isLocal }) => code === 'syntax' && !isLocal);
}

/** Errors behind which the parser reads everything as it is meant. */
const HARMLESS: ReadonlySet<string> = new Set([
  'ALIAS_PROPS',
  'BAD_DIRECTIVE',
  'BAD_DQ_ESCAPE',
  'BAD_PROP_ORDER',
  'MULTIPLE_ANCHORS',
  'MULTIPLE_TAGS',
  'TAG_RESOLVE_FAILED',
]);

function readsOn({ code, found }: Reading['problems'][number]): boolean {
  return HARMLESS.has(code) || (code === 'MISSING_CHAR' && found.startsWith('#'));
}

/** The next repair worth trying, in the order of the problems. */
function nextRepair(text: string, { problems, repairs }: Reading, rejected: ReadonlySet<string>): Repair | undefined {
  for (const problem of problems.filter((one) => !readsOn(one))) {
    const comma = commaFor(text, problem);
    for (const repair of [...(comma ? [comma] : []), ...lineRepairs(text, suspectLines(text, problem.span.start))])
      if (!rejected.has(repair.id) && !overlapsAny(repair, repairs) && (problems.length > 1 || !losesLine(repair)))
        return repair;
  }
  return undefined;
}

function commaFor(text: string, { code, span }: Problem): Repair | undefined {
  return code === 'BLOCK_IN_FLOW' || code === 'MULTILINE_IMPLICIT_KEY' ? addComma(text, span) : undefined;
}

function roundsFor(text: string): number {
  return Math.max(1, Math.min(ROUNDS, Math.floor(READ_AGAIN / (text.length + 1))));
}

/** One reading of the text with some repairs made; places are those of the text as it stands. */
interface Reading {
  readonly repairs: readonly Repair[];
  readonly contents: Node | null;
  readonly repaired: string;
  readonly toOriginal: (offset: number) => number;
  readonly problems: readonly (Problem & { readonly found: string })[];
  readonly comments: readonly Span[];
  readonly second: number | undefined;
}

function read(text: string, repairs: readonly Repair[]): Reading {
  const { repaired, toOriginal } = applyRepairs(text, repairs);
  const comments: Span[] = [];
  const [document, next] = new Composer(OPTIONS).compose(
    tokens(repaired, comments),
    true,
    repaired.length,
  ) as Iterable<Document>;
  const move = mover(toOriginal);
  const problems = (document?.errors ?? []).map(({ code, pos }) => ({
    code,
    found: repaired.slice(pos[0], pos[1]),
    span: move({ start: pos[0], end: pos[1] }),
  }));
  const second = next?.range?.[0];
  return {
    repairs,
    repaired,
    toOriginal,
    problems,
    contents: document?.contents ?? null,
    comments: comments.map(move),
    second: second === undefined ? undefined : toOriginal(second),
  };
}

function documentOf(text: string, reading: Reading): YamlDocument {
  const { contents, repaired, repairs, toOriginal, problems, comments, second } = reading;
  const { root, errors } = convert(contents, repaired);
  const move = mover(toOriginal);
  const found: YamlError[] = errors.map((error) => ({ ...error, span: move(error.span) }));
  if (second !== undefined)
    found.push({
      code: 'syntax',
      message: 'A new document starts here and is not read as part of this one: write --- before it.',
      span: { start: second, end: Math.min(second + 1, text.length) },
    });
  return {
    root: root && repairs.length > 0 ? movedNode(root, move) : root,
    errors: tidyErrors([...repairs.flatMap((repair) => repair.errors), ...describeErrors(problems, text), ...found]),
    comments,
  };
}

// Duplicate keys and merge keys are ours to judge; a `%YAML 1.1` line must not bring other scalars in.
const OPTIONS = {
  schema: 'core',
  merge: false,
  uniqueKeys: false,
  strict: true,
  version: '1.2',
  logLevel: 'silent',
  customTags: (tags: Tags): Tags => [binaryTag, ...tags],
} as const;

/** The package's tokens; the spans of comments are noted on the way. */
function* tokens(text: string, comments: Span[]): Generator<CST.Token> {
  const parser = new Parser();
  let isScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    const span = { start: parser.offset, end: parser.offset + lexeme.length };
    if (!isScalar && lexeme[0] === '#') comments.push(span);
    isScalar = lexeme === SCALAR_FOLLOWS;
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}

const SCALAR_FOLLOWS = '\x1f';

/** Deep nesting overflows the package's own recursion; whatever else it throws, the other documents must be read. */
function unreadable(error: unknown, text: string): YamlError {
  const message =
    error instanceof RangeError ? 'This document is nested too deeply.' : 'This document is not valid YAML.';
  return { code: 'syntax', message, span: { start: 0, end: Math.min(text.length, 1) } };
}
