import { readDocument, type DocumentContext, type DocumentReading } from '../../../server/src/model/read-document.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';

/** Reads one document as an engine would; ids count from 1. */
export function read(text: string, context: Partial<DocumentContext> = {}): DocumentReading {
  let id = 0;
  return readDocument(
    parseDocument(text),
    { uri: 'file:///a.yaml', document: 1, defaultNamespace: 'default', nextId: () => ++id, ...context },
    text,
  );
}
