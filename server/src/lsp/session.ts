// The life of a server: folders, buffers, settings, and what is published when something changes.
import type { Connection } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LineIndex } from '../base/line-index.ts';
import type { FixHost } from '../engine/apply-fix.ts';
import type { ClusterKnowledge } from '../engine/cluster-layer.ts';
import type { Sources } from '../engine/to-source.ts';
import type { FolderReader } from '../engine/reader.ts';
import type { RenderedReader } from '../engine/rendered-reader.ts';
import type { Rules, Workspace } from '../engine/workspace.ts';
import { describe } from '../model/resource.ts';
import { isClusterUri } from '../sources/cluster-files.ts';
import { isRenderedUri } from '../sources/rendered/rendered-files.ts';
import { ClusterSource } from './cluster-source.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { Folder } from './folder.ts';
import { Folders } from './folders.ts';
import type { Guard } from './guard.ts';
import type { CheckWorkspaceResult, ClientSettings } from './protocol.ts';
import { Publisher } from './publisher.ts';
import { Renderings } from './renderings.ts';
import { sumsOf } from './sums.ts';
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
  /** The same reader where it can render charts and overlays. */
  readonly rendered: RenderedReader | undefined;
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
  readonly #textOf = (uri: string): string | undefined => this.texts.textOf(uri);
  readonly texts: TextStore;
  readonly cluster = new ClusterSource();
  readonly #publisher: Publisher;
  readonly #renderings: Renderings;
  readonly #folders: Folders;
  /** How many readings go on; the first lasts from the beginning until `start` is done. */
  #reading = 1;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.texts = new TextStore(options.documents, (uri) => this.cluster.textOf(uri) ?? options.readText(uri));
    this.#renderings = new Renderings(options.rendered, this.#textOf);
    this.#folders = new Folders((uri, client) => this.#newFolder(uri, client));
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
    return this.#folders.client;
  }

  /** Texts, and where the sources of rendered ones are. */
  get sources(): Sources {
    return this.#renderings.sources;
  }

  get snippets(): boolean {
    return this.#options.snippets;
  }

  /** While folders are being read, what is not there may only be still unread. */
  get isReading(): boolean {
    return this.#reading > 0;
  }

  readonly pageUri = (rule: string): string | undefined =>
    this.#options.pageBase !== '' && this.#options.pages.has(rule) ? `${this.#options.pageBase}${rule}.md` : undefined;

  /** What a request about a file needs; undefined for a file that nobody knows. */
  placeOf(
    uri: string,
  ): { readonly workspace: Workspace; readonly lines: LineIndex; readonly host: FixHost } | undefined {
    const text = this.texts.textOf(uri);
    const { workspace } = this.#folders.of(uri);
    const host: FixHost = {
      textOf: this.#textOf,
      exists: (one) => this.#textOf(one) !== undefined,
      documentAt: (document) => workspace.documentAt(document),
    };
    return text === undefined ? undefined : { workspace, lines: new LineIndex(text), host };
  }

  /** The manifests that a question without a place in one is about: those of the file's folder, else of the first folder. */
  workspaceFor(uri: string | null): Workspace {
    if (uri !== null && isClusterUri(uri) && this.cluster.alone) return this.cluster.alone;
    const own = uri === null ? undefined : this.#folders.ownerOf(uri);
    return (own ?? this.#folders.named[0] ?? this.#folders.of(uri ?? '')).workspace;
  }

  get folderUris(): readonly string[] {
    return this.#folders.named.map(({ uri }) => uri);
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
    const added = this.#folders.add(
      uris,
      this.#options.documents.all().map(({ uri }) => uri),
    );
    for (const folder of added) {
      await this.#readFolder(folder);
      void this.#render(folder);
    }
  }

  removeFolders(uris: readonly string[]): void {
    for (const uri of uris)
      for (const file of this.#folders.remove(uri)?.workspace.uris ?? []) this.#publisher.clear(file);
    for (const document of this.#options.documents.all()) this.changed(document);
  }

  changed(document: TextDocument): void {
    const folder = this.#folders.of(document.uri);
    folder.setBuffer(document.uri, document.getText());
    this.#refresh(folder, document.uri);
  }

  closed(uri: string): void {
    this.#folders.of(uri).readAgain(uri);
    this.#refresh(this.#folders.of(uri));
  }

  /** Files that something else wrote, made or removed. `structural` where their change can give other files another meaning. */
  async changedOnDisk(uris: readonly string[], structural: (uri: string) => boolean): Promise<void> {
    const touched = new Set<Folder>();
    const anew = new Set<Folder>();
    for (const uri of uris) {
      const folder = this.#folders.of(uri);
      if (structural(uri)) anew.add(folder);
      else if (!this.texts.isOpen(uri)) folder.readAgain(uri);
      touched.add(folder);
    }
    for (const folder of anew) {
      folder.applySettings(this.#textOf);
      await this.#readFolder(folder);
    }
    for (const folder of touched) {
      if (!anew.has(folder)) this.#refresh(folder);
      void this.#render(folder, anew.has(folder) ? undefined : uris);
    }
  }

  /** `byFolder`: what a client with settings for each folder says of those. */
  setClientSettings(client: ClientSettings, byFolder: ReadonlyMap<string, ClientSettings> = new Map()): void {
    this.#folders.setClientSettings(client, byFolder, this.#textOf);
    for (const folder of this.#folders.all) {
      this.#refresh(folder);
      if (this.#renderings.isOld(folder)) void this.#render(folder);
    }
  }

  /** The person trusts the workspace: its charts and overlays may be rendered by the tools of this machine. */
  trust(): void {
    this.#renderings.trusted = true;
    for (const folder of this.#folders.named) void this.#render(folder);
  }

  /** Folders by their URI; files of no folder under the empty one. */
  workspaces(): readonly { readonly uri: string; readonly workspace: Workspace }[] {
    return this.#folders.all;
  }

  /** What a cluster holds lies under the files from now on; undefined takes it out. */
  setCluster(cluster: ClusterKnowledge | undefined): void {
    this.cluster.set(cluster);
    for (const folder of this.#folders.all) folder.setCluster(cluster, this.#textOf);
    this.#refreshAll();
  }

  async checkWorkspace(): Promise<CheckWorkspaceResult> {
    for (const folder of this.#folders.all) {
      await this.#readFolder(folder);
      await this.#render(folder);
    }
    return sumsOf(this.#folders.all);
  }

  #newFolder(uri: string, client: ClientSettings): Folder {
    const { rules, guard, reader } = this.#options;
    const folder = new Folder({
      uri,
      rules,
      reader: uri === '' ? undefined : reader,
      client,
      onRuleError: (rule, subject, error) => guard.ruleFailed(rule, describe(subject), error),
    });
    if (this.cluster.known) folder.setCluster(this.cluster.known, this.#textOf);
    return folder;
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
        if (this.#folders.of(document.uri) === folder) folder.setBuffer(document.uri, document.getText());
    } finally {
      this.#reading--;
    }
    this.#refreshAll();
  }

  async #render(folder: Folder, changed?: readonly string[]): Promise<void> {
    if ((await this.#renderings.render(folder, changed)) && this.#folders.all.includes(folder))
      await this.#readFolder(folder);
  }

  #refreshAll(): void {
    for (const folder of this.#folders.all) this.#refresh(folder);
  }

  /** Nothing is said while folders are being read: what is missing then may only be still unread. */
  #refresh(folder: Folder, edited?: string): void {
    if (this.#reading > 0) return;
    folder.underlay(edited);
    const changed = folder.workspace.refresh();
    const rendered = this.#renderings.place(folder, changed, edited);
    for (const uri of new Set([...(edited === undefined ? folder.configUris : [edited]), ...rendered]))
      this.#publish(folder, uri);
    // A file that has moved to another folder since is that folder's to speak of.
    for (const uri of changed)
      if (
        uri !== edited &&
        !rendered.has(uri) &&
        !isRenderedUri(uri) &&
        (isClusterUri(uri) ? folder === this.#folders.all[0] : this.#folders.of(uri) === folder)
      )
        this.#publish(folder, uri);
  }

  #publish(folder: Folder, uri: string): void {
    const diagnostics = diagnosticsOf(uri, {
      workspace: folder.workspace,
      rules: this.rules,
      sources: this.sources,
      pageUri: this.pageUri,
      rendered: this.#renderings.shownIn(folder, uri),
      notes: this.#renderings.notes(folder, uri),
    });
    this.#publisher.publish(uri, this.texts.versionOf(uri), diagnostics);
  }
}
