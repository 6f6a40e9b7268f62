// The files of a workspace, and the position of each document in its file.
import { IdTable } from '../base/id-table.ts';
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
  readonly #placed = new IdTable<PlacedDocument>();
  /** Of the documents of a file that is being read: answers are in their order before they are placed. */
  readonly #expected = new Map<DocumentId, number>();
  /** The next edit is most often one of the same file. */
  #last: { readonly file: FileRecord; readonly text: string } | undefined;

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

  /** What each document of the file was read from, by its place among them: of the file that was set last. */
  textsOf(uri: string): ((place: number) => string) | undefined {
    const last = this.#last;
    if (!last || this.#files.get(uri) !== last.file) return undefined;
    return (place) => {
      const { start, record } = last.file.documents[place]!;
      return last.text.slice(start, start + record.length);
    };
  }

  /** Gives the documents that stand on other lines now: places in them are shown elsewhere too. */
  set(file: FileRecord, text: string): readonly DocumentId[] {
    const before = this.#files.get(file.uri);
    const moved = before ? movedIn(before, file) : [];
    for (const placed of file.documents) this.#placed.set(placed.record.id, placed);
    this.#files.set(file.uri, file);
    this.#expected.clear();
    this.#last = { file, text };
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

/** Documents that stood on another line: an edit leaves those before it, and moves all behind it by as many lines. */
function movedIn(before: FileRecord, now: FileRecord): readonly PlacedDocument[] {
  const [old, all] = [before.documents, now.documents];
  let behind = 0;
  while (behind < all.length && old.at(-1 - behind)?.record === all.at(-1 - behind)!.record) behind++;
  const [was, is] = [old[old.length - behind], all[all.length - behind]];
  if (!was || !is) return [];
  return before.lines.positionAt(was.start).line === now.lines.positionAt(is.start).line ? [] : all.slice(-behind);
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
