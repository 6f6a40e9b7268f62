// The folders of a session, and which of them a file belongs to.
import { isClusterUri } from '../sources/cluster-files.ts';
import { isRenderedUri } from '../sources/rendered/rendered-files.ts';
import type { Folder } from './folder.ts';
import type { ClientSettings } from './protocol/settings.ts';

/** As folders are named here. */
export function folderUri(uri: string): string {
  return uri.replace(/\/$/, '');
}

export class Folders {
  /** Innermost first: that one owns a file. */
  readonly #named: Folder[] = [];
  /** Files outside all folders: they are analyzed together. */
  #loose: Folder | undefined;
  readonly #make: (uri: string, client: ClientSettings) => Folder;
  #client: ClientSettings = {};
  #clientOf: ReadonlyMap<string, ClientSettings> = new Map();

  constructor(make: (uri: string, client: ClientSettings) => Folder) {
    this.#make = make;
  }

  get named(): readonly Folder[] {
    return this.#named;
  }

  get all(): readonly Folder[] {
    return this.#loose ? [...this.#named, this.#loose] : this.#named;
  }

  /** Settings that do not belong to a folder. */
  get client(): ClientSettings {
    return this.#client;
  }

  of(uri: string): Folder {
    return this.ownerOf(uri) ?? (this.#loose ??= this.#new(''));
  }

  ownerOf(uri: string): Folder | undefined {
    return this.#named.find((folder) => folder.contains(uri));
  }

  /** What a question is about: the file's folder, else the first one. */
  forQuestion(uri: string | null): Folder | undefined {
    return (uri === null ? undefined : this.ownerOf(uri)) ?? this.#named[0];
  }

  /** `open`: documents, which may have belonged to no folder until now. */
  add(uris: readonly string[], open: readonly string[]): readonly Folder[] {
    const added = uris.map((uri) => this.#new(folderUri(uri)));
    this.#named.push(...added);
    this.#named.sort((a, b) => b.uri.length - a.uri.length);
    for (const uri of open) if (this.ownerOf(uri)) this.#loose?.workspace.removeFile(uri);
    return added;
  }

  remove(uri: string): Folder | undefined {
    const at = this.#named.findIndex((folder) => folder.uri === folderUri(uri));
    return at < 0 ? undefined : this.#named.splice(at, 1)[0];
  }

  /** `byFolder`: what a client with settings for each folder says of those. */
  setClientSettings(
    client: ClientSettings,
    byFolder: ReadonlyMap<string, ClientSettings>,
    textOf: (uri: string) => string | undefined,
  ): void {
    this.#client = client;
    this.#clientOf = byFolder;
    for (const folder of this.all) folder.setClientSettings(byFolder.get(folder.uri) ?? client, textOf);
  }

  #new(uri: string): Folder {
    return this.#make(uri, this.#clientOf.get(uri) ?? this.#client);
  }
}

/** A file that has moved to another folder since is that folder's to speak of; the cluster's objects are the first folder's. */
export function speaksOf(folders: Folders, folder: Folder, uri: string): boolean {
  if (isRenderedUri(uri)) return false;
  return folder === (isClusterUri(uri) ? folders.all[0] : folders.of(uri));
}
