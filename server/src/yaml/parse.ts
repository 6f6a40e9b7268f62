import { parseFast } from './fast.ts';
import { parseFull } from './full.ts';
import type { YamlDocument } from './node.ts';

/** Reads one document's text (a `Chunk`); never throws, and reads as much as it can beside the errors it reports. */
export function parseDocument(text: string): YamlDocument {
  return parseFast(text) ?? parseFull(text);
}
