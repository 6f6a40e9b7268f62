// Documents that are not read at all, as reading them would take seconds and much memory, and no people wrote them.
import { isMarker } from './chunks.ts';
import type { YamlDocument } from './node.ts';

/** The API server's limit of a request. k8s.io/apiserver/pkg/server/config.go MaxRequestBodyBytes. */
const mostCharacters = 3 * 1024 * 1024;
/** What is smaller is read in no time, however it is written. */
const fewCharacters = 64 * 1024;
const deepest = 1000;
/** Lines, and what begins a value within one. The complete parser takes some 50 µs and 6 kB for each, the fast one less than a tenth. */
const mostValues = 1_000_000;
const mostValuesInFull = 150_000;

/** Why the document is not read. Lists are for clients to take apart, so they may be longer. */
export function tooMuch(text: string): YamlDocument | undefined {
  if (text.length <= fewCharacters) return undefined;
  if (holdsDocuments(text)) return unread('This file has too many documents: those from here on are not read.');
  if (text.length > mostCharacters && !isList(text))
    return unread('This document is larger than 3 MiB, more than the API server takes, so it is not read.');
  const { depth, values } = measure(text);
  if (depth > deepest || text.includes('- '.repeat(deepest)))
    return unread(`This document is nested more than ${deepest} levels deep, so it is not read.`);
  return values > mostValues
    ? unread(`This document has more than ${mostValues} lines and items, so it is not read.`)
    : undefined;
}

/** The same for what only the complete parser can read. */
export function tooMuchInFull(text: string): YamlDocument | undefined {
  if (text.length <= fewCharacters || measure(text).values <= mostValuesInFull) return undefined;
  return unread(
    `This document has more than ${mostValuesInFull} lines and items, and something that takes long to read (an anchor, a tag, a key that is there twice or an error), so it is not read. Split it, or write it plainly.`,
  );
}

function unread(message: string): YamlDocument {
  return {
    root: undefined,
    errors: [{ code: 'syntax', message, span: { start: 0, end: 1 } }],
    comments: [],
    isUnread: true,
  };
}

function isList(text: string): boolean {
  return /^ {0,4}["']?kind["']?:\s*["']?\w*List\b|"kind"\s*:\s*"\w*List"/m.test(text);
}

/** The last document of a file that has more than are taken apart holds the rest of them. */
function holdsDocuments(text: string): boolean {
  const first = text.startsWith('---') ? 1 : text.indexOf('\n---') + 1;
  for (let at = text.indexOf('\n---', first); at >= 0; at = text.indexOf('\n---', at + 1))
    if (isMarker(text, at + 1, '---')) return true;
  return false;
}

/** Brackets within texts count too: nobody writes a thousand that are not closed. */
function measure(text: string): { readonly depth: number; readonly values: number } {
  let [depth, deepestYet, values] = [0, 0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LF || code === COMMA || (code === DASH && text.charCodeAt(at + 1) === SPACE)) values++;
    else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      values++;
      deepestYet = Math.max(deepestYet, ++depth);
    } else if ((code === CLOSE_BRACKET || code === CLOSE_BRACE) && depth > 0) depth--;
  }
  return { depth: deepestYet, values };
}

const LF = 10;
const SPACE = 32;
const COMMA = 44;
const DASH = 45;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
