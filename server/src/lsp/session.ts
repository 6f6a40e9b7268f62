// State of the server for one client: folders, buffers, settings, a cluster. Requests read it; the client's events change it.
import type { CancellationToken } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LineIndex } from '../base/line-index.ts';
import type { FixHost } from '../engine/apply-fix.ts';
import type { Finding } from '../engine/finding.ts';
import type { Sources } from '../engine/to-source.ts';
import { folderReader } from '../engine/folder-reader.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { Rules } from '../engine/workspace-options.ts';
import { describe } from '../model/resource.ts';
import { isClusterUri } from '../sources/cluster-files.ts';
import type { FileSystem } from '../sources/file-system.ts';
import type { Git } from '../sources/git.ts';
import type { Editor } from './editor.ts';
import { ClusterSource } from './cluster-source.ts';
import { Folder } from './folder.ts';
import { folderAt } from './folder-at.ts';
import { FolderUpdates } from './folder-updates.ts';
import { Folders } from './folders.ts';
import type { ClientSettings } from './protocol/settings.ts';
import type { CheckWorkspaceResult } from './protocol/workspace.ts';
import { Publisher, type DiagnosticsSink } from './publisher.ts';
import { PullReports } from './pull-reports.ts';
import type { SessionOptions } from './session-options.ts';
import { Renderings } from './renderings.ts';
import { sumsOf } from './sums.ts';
import { TextStore } from './text-store.ts';
import type { ClusterContent } from '../model/cluster-content.ts';

/** Long answers begin anew when nothing was typed for so long. */
const restMs = 100;

export class Session {
  readonly #options: SessionOptions;
  readonly #textOf = (uri: string): string | undefined => this.texts.textOf(uri);
  readonly texts: TextStore;
  readonly cluster = new ClusterSource();
  readonly #publisher: DiagnosticsSink;
  /** Where the client asks for diagnostics itself. */
  readonly reports: PullReports | undefined;
  readonly #renderings: Renderings;
  readonly #folders: Folders;
  readonly #opened = new Map<string, string>();
  readonly #updates: FolderUpdates;

  constructor(options: SessionOptions) {
    const { documents, guard, refresher } = options;
    this.#options = options;
    this.texts = new TextStore(documents, (uri) => this.cluster.textOf(uri) ?? options.readText(uri));
    this.#renderings = new Renderings(options.rendered, this.#textOf);
    this.#folders = new Folders((uri, client) => this.#newFolder(uri, client));
    this.reports = options.editor.pullsDiagnostics ? new PullReports(() => refresher.diagnosticsSoon()) : undefined;
    this.#publisher =
      this.reports ?? new Publisher((params) => guard.background('publishing findings', options.send(params)));
    this.#updates = new FolderUpdates({
      ...options,
      folders: this.#folders,
      renderings: this.#renderings,
      publisher: this.#publisher,
      texts: this.texts,
      openDocuments: () => documents.all(),
      pageUri: this.pageUri,
      answersChanged: () => refresher.soon(),
    });
  }

  get rules(): Rules {
    return this.#options.rules;
  }

  get pages(): ReadonlyMap<string, string> {
    return this.#options.pages();
  }

  get editor(): Editor {
    return this.#options.editor;
  }

  /** The settings as the client last gave them. */
  get client(): ClientSettings {
    return this.#folders.client;
  }

  /** Texts, and where the sources of rendered ones are. */
  get sources(): Sources {
    return this.#renderings.sources;
  }

  /** While folders are being read, what is not there may only be still unread. */
  get isReading(): boolean {
    return this.#updates.isReading;
  }
  readonly whenRead = (): Promise<void> => this.#updates.whenRead();
  readonly pageUri = (rule: string): string | undefined =>
    this.#options.pageBase !== '' && this.pages.has(rule) ? `${this.#options.pageBase}${rule}.md` : undefined;

  /** What a request about a file needs; undefined for a file that no one knows. */
  placeOf(
    uri: string,
  ): { readonly workspace: Workspace; readonly lines: LineIndex; readonly host: FixHost } | undefined {
    const text = this.texts.textOf(uri);
    const { workspace } = this.#folders.of(uri);
    return text === undefined
      ? undefined
      : { workspace, lines: new LineIndex(text), host: this.texts.hostOf(workspace) };
  }

  /** The manifests that a question without a place in one is about: those of the file's folder, else of the first folder. */
  workspaceFor(uri: string | null): Workspace {
    if (uri !== null && isClusterUri(uri) && this.cluster.alone) return this.cluster.alone;
    return (this.#folders.forQuestion(uri) ?? this.#folders.of(uri ?? '')).workspace;
  }

  /** The text of an open document as it was opened. */
  readonly openedText = (uri: string): string | undefined => this.#opened.get(uri);

  /** Undefined where the user does not trust the workspace: a repository's own settings can name programs that git runs. */
  gitFor(uri: string | null): Git | undefined {
    const folder = this.#folders.forQuestion(uri);
    const path = folder && this.#options.pathOf(folder.uri);
    return path === undefined || !this.#renderings.trusted ? undefined : this.#options.git?.(path);
  }

  /** The folder as other files have it, over the same cluster. No rule runs there. */
  workspaceAt(uri: string | null, files: FileSystem): Workspace {
    const folder = this.#folders.forQuestion(uri)?.uri ?? '';
    return folderAt(folder, folderReader(files, this.#options.pathOf), this.#folders.client, this.cluster.known);
  }

  get folderUris(): readonly string[] {
    return this.#folders.named.map(({ uri }) => uri);
  }

  /** Folders by their URI; files of no folder under the empty one. */
  readonly workspaces = (): readonly Folder[] => this.#folders.all;
  readonly unmet = (where: string | Folder): readonly Finding[] => this.#updates.unmet(where);

  /** Reads the folders that the client has open. What it opened before that is answered only now. */
  async start(uris: readonly string[]): Promise<void> {
    try {
      await this.addFolders(uris);
    } finally {
      this.#updates.started();
    }
    await this.#updates.settled();
  }

  async addFolders(uris: readonly string[]): Promise<void> {
    const open = this.#options.documents.all().map(({ uri }) => uri);
    for (const folder of this.#folders.add(uris, open)) {
      await this.#updates.read(folder);
      this.#updates.renderInBackground(folder);
    }
  }

  removeFolders(uris: readonly string[]): void {
    for (const uri of uris)
      for (const file of this.#folders.remove(uri)?.workspace.uris ?? []) this.#publisher.clear(file);
    for (const document of this.#options.documents.all()) this.changed(document);
  }

  changed(document: TextDocument): void {
    if (!this.#opened.has(document.uri)) this.#opened.set(document.uri, document.getText());
    const folder = this.#folders.of(document.uri);
    folder.setBuffer(document.uri, document.getText());
    this.#updates.refreshSoon(folder, document.uri);
    this.#options.refresher.soonAfterTyping(this.#options.documents.all().length);
  }

  /** Questions about findings get those of the text as it is. */
  readonly catchUp = (): void => this.#updates.catchUp();
  readonly caughtUp = (uri: string): Promise<void> => this.#updates.caughtUp(uri);

  closed(uri: string): void {
    this.#opened.delete(uri);
    this.#folders.of(uri).readAgain(uri);
    this.#updates.refresh(this.#folders.of(uri));
    this.#options.refresher.soon();
  }

  /** Files that something else wrote, made or removed. `structural` where their change can give other files another meaning. */
  async changedOnDisk(uris: readonly string[], structural: (uri: string) => boolean): Promise<void> {
    const anew = new Set(uris.filter(structural).map((uri) => this.#folders.of(uri)));
    for (const uri of uris) if (!structural(uri) && !this.texts.isOpen(uri)) this.#folders.of(uri).readAgain(uri);
    for (const folder of anew) {
      folder.applySettings(this.#textOf);
      await this.#updates.read(folder);
    }
    for (const folder of new Set(uris.map((uri) => this.#folders.of(uri)))) {
      if (!anew.has(folder)) this.#updates.refresh(folder);
      this.#updates.renderInBackground(folder, anew.has(folder) ? undefined : uris);
    }
    this.#options.refresher.soon();
  }

  /** `byFolder`: what a client with settings for each folder says of those. */
  setClientSettings(client: ClientSettings, byFolder: ReadonlyMap<string, ClientSettings> = new Map()): void {
    this.#folders.setClientSettings(client, byFolder, this.#textOf);
    this.#updates.refreshAll();
    for (const folder of this.#folders.all)
      if (this.#renderings.isOld(folder)) this.#updates.renderInBackground(folder);
  }

  /** The user trusts the workspace: its charts and overlays may be rendered by the tools of this machine. */
  trust(): void {
    this.#renderings.trusted = true;
    for (const folder of this.#folders.named) this.#updates.renderInBackground(folder);
  }

  /** Files override what a cluster holds; undefined takes it out. */
  setCluster(cluster: ClusterContent | undefined): void {
    this.cluster.set(cluster);
    for (const folder of this.#folders.all) folder.setCluster(cluster, this.#textOf);
    this.#updates.refreshAll();
  }

  /** Stops after a folder when no one wants the answer any more. */
  async checkWorkspace(token: CancellationToken): Promise<CheckWorkspaceResult> {
    for (const folder of this.#folders.all) {
      if (token.isCancellationRequested) break;
      await this.#updates.read(folder);
      await this.#updates.render(folder);
    }
    await this.#updates.settled();
    return sumsOf(this.#folders.all, this.unmet);
  }

  /** The user, or the log, is told what an answer lacks that has no room for it, each text once. */
  readonly tell = (text: string): void => this.#options.guard.tell(text);
  readonly note = (text: string): void => this.#options.guard.note(text);

  /** Lets waiting messages through. */
  readonly pause = (): Promise<void> => this.#updates.pause();

  readonly rest = (): Promise<void> => new Promise((resume) => setTimeout(resume, restMs));

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
}
