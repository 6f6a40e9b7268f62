// The life of a server: folders, buffers, settings, and what is published when something changes.
import type { Connection } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LineIndex } from '../base/line-index.ts';
import type { FixHost } from '../engine/apply-fix.ts';
import type { ClusterKnowledge } from '../engine/cluster-layer.ts';
import { count } from '../engine/count.ts';
import type { FolderReader } from '../engine/reader.ts';
import type { Rules, Workspace } from '../engine/workspace.ts';
import { describe } from '../model/resource.ts';
import { isClusterUri } from '../sources/cluster-files.ts';
import { ClusterSource } from './cluster-source.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { Folder } from './folder.ts';
import type { Guard } from './guard.ts';
import type { CheckWorkspaceResult, ClientSettings } from './protocol.ts';
import { Publisher } from './publisher.ts';
import { TextStore } from './text-store.ts';

export interface SessionOptions {
  readonly connection: Connection;
  readonly documents: { get(uri: string): TextDocument | undefined; all(): TextDocument[] };
  readonly rules: Rules;
  /** Markdown by rule id. */
  readonly pages: ReadonlyMap<string, string>;
  /** Start of a page's URI, behind which `<rule>.md` stands; empty where the client shows none. */
  readonly pageBase: string;
  readonly reader: FolderReader | undefined;
  readonly readText: (uri: string) => string | undefined;
  readonly guard: Guard;
  /** Whether the client fills in the places of what it completes. */
  readonly snippets: boolean;
  /** Lets waiting messages through. */
  readonly pause: () => Promise<void>;
}

/** Indexing gives the thread back after this long, so that typing meanwhile stays within a frame. */
const sliceMs = 2;

export class Session {
  readonly #options: SessionOptions;
  readonly texts: TextStore;
  readonly cluster = new ClusterSource();
  readonly #publisher: Publisher;
  readonly #folders: Folder[] = [];
  /** Files of no folder: each is looked at with the others of its kind. */
  #loose: Folder | undefined;
  #client: ClientSettings = {};
  /** How many readings go on; the first lasts from the beginning until `start` is done. */
  #reading = 1;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.texts = new TextStore(options.documents, (uri) => this.cluster.textOf(uri) ?? options.readText(uri));
    this.#publisher = new Publisher((params) => void options.connection.sendDiagnostics(params));
  }

  get rules(): Rules {
    return this.#options.rules;
  }

  get pages(): ReadonlyMap<string, string> {
    return this.#options.pages;
  }

  /** The settings as the client last gave them. */
  get client(): ClientSettings {
    return this.#client;
  }

  get snippets(): boolean {
    return this.#options.snippets;
  }

  /** While folders are being read, what is not there may only be still unread. */
  get isReading(): boolean {
    return this.#reading > 0;
  }

  readonly pageUri = (rule: string): string | undefined =>
    (this.#options.pageBase !== '' && this.#options.pages.has(rule) ? `${this.#options.pageBase}${rule}.md` : undefined);

  /** What a request about a file needs; undefined for a file that nobody knows. */
  placeOf(uri: string): { readonly workspace: Workspace; readonly lines: LineIndex; readonly host: FixHost } | undefined {
    const text = this.texts.textOf(uri);
    const { workspace } = this.#folderOf(uri);
    return text === undefined ? undefined : { workspace, lines: new LineIndex(text), host: this.#fixHost(workspace) };
  }

  /** The manifests that a question without a place in one is about: those of the file's folder, else of the first folder. */
  workspaceFor(uri: string | null): Workspace {
    if (uri !== null && isClusterUri(uri) && this.cluster.alone) return this.cluster.alone;
    const own = uri === null ? undefined : this.#folders.find((folder) => folder.contains(uri));
    return (own ?? this.#folders[0] ?? this.#folderOf(uri ?? '')).workspace;
  }

  /** Reads the folders that the client has open. What it opened before that is answered only now. */
  async start(uris: readonly string[]): Promise<void> {
    try {
      await this.addFolders(uris);
    } finally {
      this.#reading--;
    }
    this.#refreshAll();
  }

  async addFolders(uris: readonly string[]): Promise<void> {
    const added = uris.map((uri) => this.#newFolder(uri.replace(/\/$/, ''), this.#options.reader));
    this.#folders.push(...added);
    // The innermost folder owns a file.
    this.#folders.sort((a, b) => b.uri.length - a.uri.length);
    for (const { uri } of this.#options.documents.all()) if (this.#loose && this.#folderOf(uri) !== this.#loose) this.#loose.workspace.removeFile(uri);
    for (const folder of added) await this.#readFolder(folder);
  }

  removeFolders(uris: readonly string[]): void {
    for (const uri of uris) {
      const at = this.#folders.findIndex((folder) => folder.uri === uri.replace(/\/$/, ''));
      if (at < 0) continue;
      const [folder] = this.#folders.splice(at, 1);
      for (const file of folder!.workspace.uris) this.#publisher.clear(file);
    }
    for (const document of this.#options.documents.all()) this.changed(document);
  }

  changed(document: TextDocument): void {
    const folder = this.#folderOf(document.uri);
    folder.setBuffer(document.uri, document.getText());
    this.#refresh(folder, document.uri);
  }

  closed(uri: string): void {
    const folder = this.#folderOf(uri);
    folder.readAgain(uri);
    this.#refresh(folder);
  }

  /** Files that something else wrote, made or removed. `structural` where their change can give other files another meaning. */
  async changedOnDisk(uris: readonly string[], structural: (uri: string) => boolean): Promise<void> {
    const touched = new Set<Folder>();
    const anew = new Set<Folder>();
    for (const uri of uris) {
      const folder = this.#folderOf(uri);
      if (structural(uri)) anew.add(folder);
      else if (!this.texts.isOpen(uri)) folder.readAgain(uri);
      touched.add(folder);
    }
    for (const folder of anew) {
      folder.applySettings((uri) => this.texts.textOf(uri));
      await this.#readFolder(folder);
    }
    for (const folder of touched) if (!anew.has(folder)) this.#refresh(folder);
  }

  setClientSettings(client: ClientSettings): void {
    this.#client = client;
    for (const folder of this.#allFolders()) {
      folder.setClientSettings(client, (uri) => this.texts.textOf(uri));
      this.#refresh(folder);
    }
  }

  /** Folders by their URI; files of no folder under the empty one. */
  workspaces(): readonly { readonly uri: string; readonly workspace: Workspace }[] {
    return this.#allFolders();
  }

  /** What a cluster holds lies under the files from now on; undefined takes it out. */
  setCluster(cluster: ClusterKnowledge | undefined): void {
    this.cluster.set(cluster);
    for (const folder of this.#allFolders()) folder.setCluster(cluster, (uri) => this.texts.textOf(uri));
    this.#refreshAll();
  }

  async checkWorkspace(): Promise<CheckWorkspaceResult> {
    for (const folder of this.#allFolders()) await this.#readFolder(folder);
    const workspaces = this.#allFolders().map(({ workspace }) => workspace);
    const uris = workspaces.flatMap((workspace) => [...workspace.uris].map((uri) => ({ workspace, uri })));
    return {
      files: uris.length,
      resources: uris.reduce((sum, { workspace, uri }) => sum + workspace.documents(uri).reduce((n, { record }) => n + record.resources.length, 0), 0),
      findings: count(uris.flatMap(({ workspace, uri }) => workspace.findings(uri))),
      skipped: this.#allFolders().flatMap(({ skipped }) => skipped),
    };
  }

  #newFolder(uri: string, reader: FolderReader | undefined): Folder {
    const { rules, guard } = this.#options;
    const folder = new Folder({ uri, rules, reader, client: this.#client, onRuleError: (rule, subject, error) => guard.ruleFailed(rule, describe(subject), error) });
    if (this.cluster.known) folder.setCluster(this.cluster.known, (one) => this.texts.textOf(one));
    return folder;
  }

  #folderOf(uri: string): Folder {
    return this.#folders.find((folder) => folder.contains(uri)) ?? (this.#loose ??= this.#newFolder('', undefined));
  }

  #allFolders(): readonly Folder[] {
    return this.#loose ? [...this.#folders, this.#loose] : this.#folders;
  }

  async #readFolder(folder: Folder): Promise<void> {
    this.#reading++;
    try {
      let sliceEnd = performance.now() + sliceMs;
      for (const _ of folder.read((uri) => this.texts.isOpen(uri))) {
        if (performance.now() < sliceEnd) continue;
        await this.#options.pause();
        sliceEnd = performance.now() + sliceMs;
      }
      for (const document of this.#options.documents.all())
        if (this.#folderOf(document.uri) === folder) folder.setBuffer(document.uri, document.getText());
    } finally {
      this.#reading--;
    }
    this.#refreshAll();
  }

  #refreshAll(): void {
    for (const folder of this.#allFolders()) this.#refresh(folder);
  }

  /** Nothing is said while folders are being read: what is missing then may only be still unread. */
  #refresh(folder: Folder, edited?: string): void {
    if (this.#reading > 0) return;
    folder.underlay(edited);
    const changed = folder.workspace.refresh();
    for (const uri of edited === undefined ? folder.configUris : [edited]) this.#publish(folder, uri);
    // A file that has moved to another folder since is that folder's to speak of.
    for (const uri of changed) if (uri !== edited && (isClusterUri(uri) ? folder === this.#allFolders()[0] : this.#folderOf(uri) === folder)) this.#publish(folder, uri);
  }

  #publish(folder: Folder, uri: string): void {
    const diagnostics = diagnosticsOf(uri, { workspace: folder.workspace, rules: this.rules, textOf: (one) => this.texts.textOf(one), pageUri: this.pageUri });
    this.#publisher.publish(uri, this.texts.versionOf(uri), diagnostics);
  }

  #fixHost(workspace: Workspace): FixHost {
    return {
      textOf: (uri) => this.texts.textOf(uri),
      exists: (uri) => this.texts.textOf(uri) !== undefined,
      documentAt: (document) => workspace.documentAt(document),
    };
  }
}
