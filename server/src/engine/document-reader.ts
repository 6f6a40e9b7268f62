// Reads documents of files: gives each its number, and counts them as a measure of work.
import { copied } from '../base/flat-text.ts';
import type { FileFacts } from '../sources/file-facts.ts';
import { splitDocuments } from '../yaml/chunks.ts';
import type { Chunk } from '../yaml/node.ts';
import { readRecord, type DocumentRecord } from './document.ts';
import { readVersion } from './found-mesh.ts';
import type { EngineSettings } from './settings.ts';
import type { EarlierText } from './typed-over.ts';
import { unchanged } from './unchanged.ts';

/** Documents of a file that were read before the file is set, by their places among them. */
export interface ReadAhead {
  readonly settings: EngineSettings;
  /** Of the whole file. */
  readonly chunks: readonly Chunk[];
  readonly records: ReadonlyMap<number, DocumentRecord>;
}

interface Reading {
  readonly uri: string;
  isOutdated: boolean;
}

export class DocumentReader {
  /** Since the last `takeCount`. */
  #count = 0;
  #nextDocument = 1;
  #nextResource = 1;
  readonly #readings = new Set<Reading>();

  takeCount(): number {
    const count = this.#count;
    this.#count = 0;
    return count;
  }

  read(uri: string, text: string, facts: FileFacts, settings: EngineSettings, earlier?: EarlierText): DocumentRecord {
    this.#count++;
    const options = {
      uri,
      document: this.#nextDocument++,
      defaultNamespace: facts.defaultNamespace ?? settings.defaultNamespace,
      overrideNamespace: facts.namespace,
      leftAlone: facts.leftAlone,
      nextId: () => this.#nextResource++,
      istioVersion: readVersion(settings),
    };
    return readRecord(copied(text), options, earlier);
  }

  /** The documents that are not among those `known`, one at a step. Undefined if it was told to be outdated between two steps. */
  *readAhead(
    uri: string,
    text: string,
    facts: FileFacts,
    settings: EngineSettings,
    known: readonly DocumentRecord[],
  ): Generator<undefined, ReadAhead | undefined> {
    this.outdate(uri);
    const reading: Reading = { uri, isOutdated: false };
    this.#readings.add(reading);
    try {
      const records = new Map<number, DocumentRecord>();
      const chunks = splitDocuments(text);
      const { kept } = unchanged(known, chunks, false);
      for (const [i, chunk] of chunks.entries()) {
        if (kept[i]) continue;
        records.set(i, this.read(uri, chunk.text, facts, settings));
        yield;
        if (reading.isOutdated) return undefined;
      }
      return { settings, chunks, records };
    } finally {
      this.#readings.delete(reading);
    }
  }

  /** The file is something else now: what is being read ahead of it is of no use. */
  outdate(uri: string): void {
    for (const reading of this.#readings) if (reading.uri === uri) reading.isOutdated = true;
  }
}
