// Reads folders for the command line and the server: files with what their places say of them, and what they say of settings.
import type { FileFacts } from './file-facts.ts';
import { findConfiguration, type FolderSettings } from './configuration.ts';
import type { FileSystem } from './file-system.ts';
import { findMeshSettings, mergeMeshSettings, type MeshSettingsFound } from './mesh-settings.ts';
import { folderOf, normalise } from './paths.ts';
import { belongsToWorkspace, factsWithoutScan, scanWorkspaceNow, type WorkspaceFiles } from './workspace.ts';

export interface ReadFile {
  readonly uri: string;
  readonly text: string;
  readonly facts: FileFacts;
}

export interface SkippedFile {
  readonly uri: string;
  /** A phrase for people. */
  readonly why: string;
}

export interface FolderReaderOptions {
  /**
   * Reads the folder before its configuration is first told, so that mesh settings in it count from the start; for a process that
   * reads once. Otherwise `configuration` knows what the last pass of `files` met: ask again after it.
   */
  readonly readAhead?: boolean;
}

interface Folder {
  readonly root: string;
  /** Mesh settings by path, as the last pass met them. */
  readonly mesh: Map<string, readonly MeshSettingsFound[]>;
  scan?: WorkspaceFiles;
  ahead?: readonly (ReadFile | SkippedFile)[] | undefined;
}

/** Folders and files by URI; every method answers for what is on the disk now. */
export class FolderReader {
  readonly #files: FileSystem;
  readonly #readAhead: boolean;
  readonly #folders = new Map<string, Folder>();

  constructor(files: FileSystem, { readAhead = false }: FolderReaderOptions = {}) {
    this.#files = files;
    this.#readAhead = readAhead;
  }

  /** Every file below a folder that may hold manifests (or the one file), and those that could not be read. */
  readonly files = (uri: string): Iterable<ReadFile | SkippedFile> => {
    const folder = this.#folder(uri);
    if (folder === undefined) return [];
    const ahead = folder.ahead;
    folder.ahead = undefined;
    return ahead ?? this.#pass(folder);
  };

  /** One file as it is now; undefined where it is gone, of no interest, or cannot be read. */
  readonly file = (folderUri: string, uri: string): ReadFile | undefined => {
    const folder = this.#folder(folderUri);
    const path = this.#files.pathOf(uri);
    if (folder === undefined || path === undefined || !belongsToWorkspace(folder.root, path)) return undefined;
    const read = this.#files.read(path);
    folder.mesh.delete(path);
    if (!read.ok) return undefined;
    const facts = folder.scan?.factsOf(path) ?? factsWithoutScan(this.#files, folder.root, path);
    this.#noteMesh(folder, path, read.text, facts);
    return { uri, text: read.text, facts };
  };

  /** What the folder's files say of settings; an `.istio-egress.yaml` wins over what is found in manifests and values. */
  readonly configuration = (uri: string): FolderSettings => {
    const folder = this.#folder(uri);
    if (folder === undefined) return findConfiguration(this.#files, uri);
    const settings = this.#settingsOf(folder);
    if (this.#readAhead && folder.scan === undefined) folder.ahead = [...this.#pass(folder)];
    const inPathOrder = [...folder.mesh].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, found]) => found);
    return { ...settings, mesh: { ...mergeMeshSettings(inPathOrder), ...settings.mesh } };
  };

  #folder(uri: string): Folder | undefined {
    const path = this.#files.pathOf(uri);
    if (path === undefined) return undefined;
    const root = normalise(path);
    const folder = this.#folders.get(root) ?? { root, mesh: new Map() };
    this.#folders.set(root, folder);
    return folder;
  }

  #settingsOf({ root }: Folder): FolderSettings {
    return findConfiguration(this.#files, this.#files.stat(root)?.kind === 'file' ? folderOf(root) : root);
  }

  *#pass(folder: Folder): Generator<ReadFile | SkippedFile> {
    const scan = scanWorkspaceNow(this.#files, [folder.root], { ignore: this.#settingsOf(folder).ignore });
    folder.scan = scan;
    folder.mesh.clear();
    for (const { path, reason } of scan.unreadable) yield { uri: this.#files.uriOf(path), why: reason };
    for (const path of scan.manifests) {
      const read = this.#files.read(path);
      const uri = this.#files.uriOf(path);
      if (!read.ok) {
        yield { uri, why: read.reason };
        continue;
      }
      const facts = scan.factsOf(path);
      this.#noteMesh(folder, path, read.text, facts);
      if (mayHoldManifests.test(read.text)) yield { uri, text: read.text, facts };
    }
  }

  #noteMesh(folder: Folder, path: string, text: string, facts: FileFacts): void {
    const found = facts.leftAlone === undefined ? findMeshSettings(text, this.#files.uriOf(path)) : [];
    if (found.length > 0) folder.mesh.set(path, found);
  }
}

/** Manifests and kustomizations have one of these words; few other files do. */
const mayHoldManifests = /kind|apiVersion|resources|bases/;
