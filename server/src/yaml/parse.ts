import { tryFast } from './fast.ts';
import { parseFull } from './full.ts';
import { parseHalfTyped } from './half-typed.ts';
import { tooMuch, tooMuchInFull } from './too-much.ts';
import type { YamlDocument } from './node.ts';

/** Reads one document's text (a `Chunk`); never throws, and reads as much as it can beside the errors it reports. */
export function parseDocument(text: string): YamlDocument {
  const unread = tooMuch(text);
  if (unread) return unread;
  const { document, stoppedAt } = tryFast(text);
  return document ?? tooMuchInFull(text) ?? parseHalfTyped(text, stoppedAt) ?? parseFull(text);
}
