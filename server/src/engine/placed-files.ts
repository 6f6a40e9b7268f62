// The files of a workspace, and the position of each document in its file.
import type { LineIndex } from '../base/line-index.ts';
import { hashText } from '../base/hash.ts';
import type { Span } from '../base/span.ts';
import type { DocumentId } from '../model/resource.ts';
import { sameFacts, type FileFacts } from '../sources/file-facts.ts';
import type { Placed } from './assemble.ts';
import type { DocumentRecord } from './document.ts';
import type { EarlierText } from './typed-over.ts';

export interface FileRecord {
  readonly uri: string;
  readonly documents: readonly PlacedDocument[];
  readonly lines: LineIndex;
  readonly facts: FileFacts;
}

export interface PlacedDocument {
  readonly record: DocumentRecord;
  readonly start: number;
}

export interface DocumentPlace {
  readonly uri: string;
  readonly start: number;
  readonly length: number;
}

export class PlacedFiles {
  readonly #files = new Map<string, FileRecord>();
  readonly #placed = new Map<DocumentId, PlacedDocument>();
  /** Of the documents of a file that is being read: answers are in their order before they are placed. */
  readonly #expected = new Map<DocumentId, number>();

  get uris(): Iterable<string> {
    return this.#files.keys();
  }

  get all(): Iterable<FileRecord> {
    return this.#files.values();
  }

  get(uri: string): FileRecord | undefined {
    return this.#files.get(uri);
  }

  /** The documents of a file that was read with the same facts. */
  recordsOf(uri: string, facts: FileFacts): readonly DocumentRecord[] {
    const file = this.#files.get(uri);
    return file && sameFacts(file.facts, facts) ? file.documents.map(({ record }) => record) : [];
  }

  /** Gives the documents that stand on other lines now: places in them are shown elsewhere too. */
  set(file: FileRecord): readonly DocumentId[] {
    const before = this.#files.get(file.uri);
    const moved = file.documents.filter((placed) => {
      const old = this.#placed.get(placed.record.id);
      return old && before && before.lines.positionAt(old.start).line !== file.lines.positionAt(placed.start).line;
    });
    for (const placed of file.documents) this.#placed.set(placed.record.id, placed);
    this.#files.set(file.uri, file);
    this.#expected.clear();
    return moved.map(({ record }) => record.id);
  }

  /** Whether the file was there. Its documents stay until they are forgotten. */
  delete(uri: string): boolean {
    return this.#files.delete(uri);
  }

  forget(document: DocumentId): void {
    this.#placed.delete(document);
  }

  /** Where a document will stand when its file is set. */
  expect(document: DocumentId, start: number): void {
    this.#expected.set(document, start);
  }

  startOf(document: DocumentId): number | undefined {
    return this.#expected.get(document) ?? this.#placed.get(document)?.start;
  }

  /** Undefined once the document's text has changed. */
  placeOf(document: DocumentId): DocumentPlace | undefined {
    const placed = this.#placed.get(document);
    return placed && { uri: placed.record.uri, start: placed.start, length: placed.record.length };
  }

  /** A span of a document as a place in its file. */
  place(document: DocumentId, at: Span): Placed | undefined {
    const where = this.placeOf(document);
    const file = where && this.#files.get(where.uri);
    if (!file) return undefined;
    const span = { start: where.start + at.start, end: where.start + at.end };
    return {
      uri: where.uri,
      span,
      range: { start: file.lines.positionAt(span.start), end: file.lines.positionAt(span.end) },
    };
  }
}

/** A document in the text that an editor showed; undefined if that is another text than the one that was read. */
export function earlierText(
  file: FileRecord | undefined,
  record: DocumentRecord | undefined,
  shown: string | undefined,
): EarlierText | undefined {
  const placed = file?.documents.find((one) => one.record === record);
  if (!placed || shown === undefined) return undefined;
  const { start, record: earlier } = placed;
  const text = shown.slice(start, start + earlier.length);
  return hashText(text) === earlier.hash ? { text, standIn: earlier.standIn } : undefined;
}
