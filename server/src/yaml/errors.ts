// Our messages for the `yaml` package's errors, by error code.
import type { Span } from '../base/span.ts';
import type { YamlError } from './node.ts';
import { colonMessage, TAB_MESSAGE } from './repair.ts';
import type { Problem } from './repair.ts';

/** One broken place drags many errors behind it; past these a reader learns nothing. */
const MAX_ERRORS = 20;

/** In the order of their places, one a place. */
export function tidyErrors(errors: readonly YamlError[]): YamlError[] {
  const places = new Set<string>();
  return [...errors]
    .sort((a, b) => a.span.start - b.span.start)
    .filter(({ span, code }) => !places.has(`${code} ${span.start}`) && places.add(`${code} ${span.start}`))
    .slice(0, MAX_ERRORS);
}

export function describeErrors(problems: readonly Problem[], text: string): YamlError[] {
  return problems.flatMap((problem) => describe(problem, text));
}

function describe(problem: Problem, text: string): YamlError[] {
  const wording = WORDING[problem.code];
  if (!wording) return [];
  const span = clamp(problem.span.start, problem.span.end + (problem.code === 'BAD_DQ_ESCAPE' ? 1 : 0), text);
  const [code, message] = wording;
  return [
    {
      code,
      message: typeof message === 'string' ? message : message(text.slice(span.start, span.end), text, span),
      span,
    },
  ];
}

type Wording = readonly [YamlError['code'], string | ((found: string, text: string, span: Span) => string)];

// `TAG_RESOLVE_FAILED` is not here: a tag that we do not know is tolerated.
const WORDING: Partial<Record<string, Wording>> = {
  ALIAS_PROPS: ['alias', 'An alias cannot have a tag or an anchor.'],
  BAD_ALIAS: ['alias', 'An anchor or alias needs a name.'],
  BAD_COLLECTION_TYPE: ['syntax', 'The tag does not match the value after it.'],
  BAD_DIRECTIVE: ['syntax', 'This directive is not supported.'],
  BAD_DQ_ESCAPE: [
    'syntax',
    (found) => `${quote(found)} is not a valid escape sequence: write \\\\ for a backslash, or use single quotes.`,
  ],
  BAD_INDENT: ['indentation', "This line's indentation matches no line above."],
  BAD_PROP_ORDER: ['syntax', 'Put the tag or anchor after the indicator.'],
  BAD_SCALAR_START: ['syntax', (found) => `A value that starts with ${quote(found)} needs quotes.`],
  BLOCK_AS_IMPLICIT_KEY: ['syntax', 'A map or list cannot start here; put it on its own line, or quote the text.'],
  BLOCK_IN_FLOW: ['syntax', 'Inside brackets, write maps and lists in brackets too.'],
  IMPOSSIBLE: ['syntax', 'This is not valid YAML.'],
  KEY_OVER_1024_CHARS: ['syntax', 'A key must be shorter than 1,024 characters.'],
  MISSING_CHAR: ['syntax', missing],
  MULTILINE_IMPLICIT_KEY: ['syntax', 'A key must be on one line: is a ":" missing above?'],
  MULTIPLE_ANCHORS: ['syntax', 'A value can have one anchor only.'],
  MULTIPLE_TAGS: ['syntax', 'A value can have one tag only.'],
  RESOURCE_EXHAUSTION: ['syntax', 'This is nested too deeply.'],
  TAB_AS_INDENT: ['tab', TAB_MESSAGE],
  UNEXPECTED_TOKEN: [
    'syntax',
    (found) => (found.trim() ? `${quote(found.trim())} is not expected here.` : 'Something is missing here.'),
  ],
};

function missing(found: string, text: string, span: Span): string {
  if (found.startsWith('#')) return 'A comment needs a space before its "#".';
  const before = text.slice(0, span.start).trimEnd();
  if (before === '---' || before.endsWith('\n---')) return 'A map or list cannot start on the same line as "---".';
  if (/^[^\s"'[\]{},:][^\n"'[\]{}]*$/.test(found) && /^\s*(?:#|$|[\r\n])/.test(text.slice(span.end)))
    return colonMessage(found);
  return 'A closing quote, a bracket, a comma or a ":" is missing here.';
}

function quote(found: string): string {
  return `"${found.length > 40 ? `${found.slice(0, 40)}…` : found}"`;
}

function clamp(start: number, end: number, text: string): Span {
  const from = Math.max(0, Math.min(start, text.length));
  return { start: from, end: Math.max(from, Math.min(end, text.length)) };
}
