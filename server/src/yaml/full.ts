// The complete lane: every YAML there is, over the `yaml` package. Slow, so `parse.ts` asks the fast lane first.
import { Composer, Lexer, Parser } from 'yaml';
import type { CST, Document, Node } from 'yaml';
import type { Span } from '../base/span.ts';
import { convert } from './convert.ts';
import { errorsOf } from './errors.ts';
import type { YamlDocument } from './node.ts';

/** Reads one document; text behind it that starts another is reported and not read. */
export function parseFull(text: string): YamlDocument {
  try {
    const comments: Span[] = [];
    const [document, extra] = new Composer(OPTIONS).compose(tokens(text, comments), true, text.length);
    if (!document) return { root: undefined, errors: [], comments };
    const { root, errors } = convert(document.contents as Node | null, text);
    return { root, errors: errorsOf(document as Document, extra as Document | undefined, text, errors), comments };
  } catch (error) {
    return { root: undefined, errors: [unreadable(error, text)], comments: [] };
  }
}

// Duplicate keys and merge keys are ours to judge; a `%YAML 1.1` line must not bring other scalars in.
const OPTIONS = { schema: 'core', merge: false, uniqueKeys: false, strict: true, version: '1.2', logLevel: 'silent' } as const;

/** The package's tokens; the spans of comments are noted on the way. */
function* tokens(text: string, comments: Span[]): Generator<CST.Token> {
  const parser = new Parser();
  let isScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme[0] === '#' && !isScalar) comments.push({ start: parser.offset, end: parser.offset + lexeme.length });
    isScalar = lexeme === SCALAR_FOLLOWS;
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}

const SCALAR_FOLLOWS = '\x1f';

/** Deep nesting overflows the package's own recursion; whatever else it throws, the other documents must be read. */
function unreadable(error: unknown, text: string): YamlDocument['errors'][number] {
  const message = error instanceof RangeError ? 'This document is nested too deeply to be read.' : 'This document cannot be read as YAML.';
  return { code: 'syntax', message, span: { start: 0, end: Math.min(text.length, 1) } };
}
