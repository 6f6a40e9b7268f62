// Tells the client what is wrong in the files of folders. With a folder just read these are thousands: they are told a few at a time.
import type { Finding } from '../engine/finding.ts';
import { diagnosticsOf } from './diagnostics.ts';
import type { Folder } from './folder.ts';
import type { UpdateParts } from './update-parts.ts';

type Parts = Pick<UpdateParts, 'publisher' | 'renderings' | 'rules' | 'texts' | 'pageUri'> & {
  /** What does not meet the settings. */
  readonly unmet: (folder: Folder, uri: string) => readonly Finding[];
};

export class FolderPublisher {
  readonly #parts: Parts;
  /** Files whose findings may be others than the client has. */
  readonly #waiting = new WeakMap<Folder, Set<string>>();
  /** Of these the last edit is not published before the rules have run everywhere. */
  readonly #late = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  publish(folder: Folder, uri: string, findings: readonly Finding[] = folder.workspace.findings(uri)): void {
    const { renderings, publisher, texts, rules, pageUri, unmet } = this.#parts;
    this.#waiting.get(folder)?.delete(uri);
    this.#late.delete(uri);
    const diagnostics = diagnosticsOf(uri, {
      findings,
      unreadable: folder.unreadable(uri),
      rules,
      sources: renderings.sources,
      pageUri,
      rendered: renderings.shownIn(folder, uri),
      unmet: unmet(folder, uri),
      notes: renderings.notes(folder, uri),
    });
    publisher.publish(uri, texts.versionOf(uri), diagnostics);
  }

  /** Files to be published when their turn comes. */
  add(folder: Folder, uris: Iterable<string>): void {
    const waiting = this.#waiting.get(folder) ?? new Set();
    for (const uri of uris) waiting.add(uri);
    this.#waiting.set(folder, waiting);
  }

  /** A file a step, also those that are added meanwhile. What is left when the caller stops waits for the next time. */
  *publishing(folder: Folder, isNeeded: (uri: string) => boolean): Generator<void> {
    const waiting = this.#waiting.get(folder) ?? new Set();
    for (const uri of waiting) {
      waiting.delete(uri);
      if (isNeeded(uri)) this.publish(folder, uri);
      yield;
    }
  }

  late(uri: string): void {
    this.#late.add(uri);
  }

  isLate(uri: string): boolean {
    return this.#late.has(uri);
  }
}
