// The text and tree of the document that was asked for last: thousands of findings of one document are fixed one after the other.
import type { DocumentId } from '../model/resource.ts';
import type { YamlDocument } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse.ts';

interface Parsed {
  readonly text: string;
  readonly tree: YamlDocument;
}

export class ParsedDocument {
  #document: DocumentId | undefined;
  #parsed: Parsed | undefined;

  /** A document's text is always the same: an edit gives it another id. */
  of(document: DocumentId, textOf: () => string | undefined): Parsed | undefined {
    if (this.#document === document) return this.#parsed;
    const text = textOf();
    this.#document = document;
    this.#parsed = text === undefined ? undefined : { text, tree: parseDocument(text) };
    return this.#parsed;
  }
}
