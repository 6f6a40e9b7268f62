// Documents that are not read at all, as reading them would take seconds and much memory, and no API server would take them.
import type { YamlDocument } from './node.ts';

/** The API server's limit of a request. k8s.io/apiserver/pkg/server/config.go MaxRequestBodyBytes. */
const mostCharacters = 3 * 1024 * 1024;
/** What is smaller is read in no time, however deep it is. */
const fewCharacters = 64 * 1024;
const deepest = 1000;

/** Why the document is not read. Lists are for clients to take apart, so they may be longer. */
export function tooMuch(text: string): YamlDocument | undefined {
  if (text.length <= fewCharacters) return undefined;
  if (text.length > mostCharacters && !isList(text))
    return unread('This document is larger than 3 MiB, more than the API server takes, so it is not read.');
  return isDeep(text)
    ? unread(`This document is nested more than ${deepest} levels deep, so it is not read.`)
    : undefined;
}

function unread(message: string): YamlDocument {
  return { root: undefined, errors: [{ code: 'syntax', message, span: { start: 0, end: 1 } }], comments: [] };
}

function isList(text: string): boolean {
  return /^ {0,4}["']?kind["']?:\s*["']?\w*List\b|"kind"\s*:\s*"\w*List"/m.test(text);
}

/** Brackets within texts count too: nobody writes a thousand that are not closed. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) depth++;
    else if ((code === 0x5d || code === 0x7d) && depth > 0) depth--;
    if (depth > deepest) return true;
  }
  return text.includes('- '.repeat(deepest));
}
