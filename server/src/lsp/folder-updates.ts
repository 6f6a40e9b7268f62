// Keeps the findings in sync with the folders: reads a folder in steps, renders its charts and overlays, publishes changes.
import { assembleOwn } from '../engine/assemble.ts';
import type { Finding } from '../engine/finding.ts';
import { diagnosticsOf } from './diagnostics.ts';
import type { Folder } from './folder.ts';
import { FirstOfAll } from './first-of-all.ts';
import { speaksOf } from './folders.ts';
import { inSlices } from './in-slices.ts';
import { UnmetRequirements } from './unmet-requirements.ts';
import type { UpdateParts } from './update-parts.ts';

/** What an editor asks together with an edit is answered before the rules run. */
const afterTypingMs = 1;

/** Typing meanwhile stays within a frame; nearly all edits change less than this takes. */
const soonMs = 5;

export class FolderUpdates {
  readonly #parts: UpdateParts;
  /** How many readings go on; the first lasts from the beginning until `started`. */
  #reading = 1;
  readonly #whenRead: (() => void)[] = [];
  /** Folders of which it is known what places their files have, while these are read for the first time. */
  readonly #newlyFound = new Set<Folder>();
  /** Those that were read. */
  readonly #known = new WeakSet<Folder>();
  /** Folders whose rules still run in the background. */
  readonly #finishing = new Map<Folder, Promise<void>>();
  /** Files that were edited since the rules ran. */
  readonly #edited = new Map<string, Folder>();
  /** Of these the last edit is not published before the rules have run everywhere. */
  readonly #behind = new Set<string>();
  #waiting: ReturnType<typeof setTimeout> | undefined;
  readonly #unmet: UnmetRequirements;

  constructor(parts: UpdateParts) {
    this.#parts = parts;
    this.#unmet = new UnmetRequirements({
      ...parts,
      sources: parts.renderings.sources,
      isStopped: (folder) => this.#isStopped(folder),
      publish: (folder, uris) => this.#publishAll(folder, uris),
    });
  }

  /** What does not meet the settings: in a file, or in all of a folder. */
  unmet(where: string | Folder): readonly Finding[] {
    return typeof where === 'string' ? this.#unmet.of(this.#parts.folders.of(where), where) : this.#unmet.all(where);
  }

  /** While folders are being read, what is not there may only be still unread. */
  get isReading(): boolean {
    return this.#reading > 0;
  }

  /** The folders that were open at the start are read. */
  started(): void {
    this.#endReading();
    this.refreshAll();
  }

  async read(folder: Folder): Promise<void> {
    this.#reading++;
    try {
      await this.#readInSlices(folder);
      for (const document of this.#parts.openDocuments())
        if (this.#parts.folders.of(document.uri) === folder) folder.setBuffer(document.uri, document.getText());
    } finally {
      this.#known.add(folder);
      this.#newlyFound.delete(folder);
      this.#endReading();
    }
    this.refreshAll();
  }

  /** Resolves when no folder is being read. */
  whenRead(): Promise<void> {
    return this.isReading ? new Promise((resolve) => this.#whenRead.push(resolve)) : Promise.resolve();
  }

  #endReading(): void {
    this.#reading--;
    if (this.isReading) return;
    for (const resolve of this.#whenRead.splice(0)) resolve();
  }

  /** `changed` are files that are others now; without them everything is rendered again. */
  async render(folder: Folder, changed?: readonly string[]): Promise<void> {
    const { renderings, folders } = this.#parts;
    if ((await renderings.render(folder, changed)) && folders.all.includes(folder)) await this.read(folder);
  }

  /** As `render`, for callers that do not wait. */
  renderInBackground(folder: Folder, changed?: readonly string[]): void {
    this.#parts.guard.background(`rendering ${folder.uri}`, this.render(folder, changed));
  }

  refreshAll(): void {
    for (const folder of this.#parts.folders.all) this.refresh(folder);
    if (!this.isReading) this.#parts.answersChanged();
  }

  /** After an edit; several in a row are one. */
  refreshSoon(folder: Folder, edited: string): void {
    this.#edited.set(edited, folder);
    this.#waiting ??= setTimeout(
      () => this.#parts.guard.run(`checking ${edited}`, () => this.catchUp()),
      afterTypingMs,
    );
  }

  /** Runs the rules for the edits since they last ran, for a question about findings. */
  catchUp(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    const edited = [...this.#edited];
    this.#edited.clear();
    for (const [uri, folder] of edited) if (this.#parts.folders.of(uri) === folder) this.refresh(folder, uri);
  }

  /**
   * While folders are being read, only what open files say by themselves is told: what is missing then may only be still unread. What an edit changes far away may take
   * long: the edited file is published at once, the other files when the rules have run there.
   */
  refresh(folder: Folder, edited?: string): void {
    if (this.isReading && edited !== undefined) this.#publishOwn(folder, [edited]);
    if (this.isReading) return;
    folder.underlay(edited);
    const end = performance.now() + soonMs;
    const own = new FirstOfAll(() => this.#publishEdited(folder, edited));
    for (const _ of folder.workspace.refreshing(edited, () => own.done())) {
      if (performance.now() < end) continue;
      own.late();
      if (edited !== undefined && !own.isDone) this.#behind.add(edited);
      this.#finishInBackground(folder);
      return;
    }
    this.#publishChanged(folder, edited);
  }

  /** Resolves when the findings of the file are published as it is. */
  async caughtUp(uri: string): Promise<void> {
    const folder = this.#parts.folders.of(uri);
    while (this.#behind.has(uri) && this.#finishing.has(folder)) await this.#finishing.get(folder);
  }

  /** Resolves when all findings are those of the files as they are. */
  async settled(): Promise<void> {
    while (this.#finishing.size > 0) await Promise.all(this.#finishing.values());
    await this.#unmet.settled();
    if (this.#finishing.size > 0) await this.settled();
  }

  #finishInBackground(folder: Folder): void {
    if (this.#finishing.has(folder)) return;
    const work = this.#finish(folder).finally(() => this.#finishing.delete(folder));
    this.#finishing.set(folder, work);
    this.#parts.guard.background(`checking ${folder.uri}`, work);
  }

  async #finish(folder: Folder): Promise<void> {
    const { pause, answersChanged, guard } = this.#parts;
    const isStopped = (): boolean => this.#isStopped(folder);
    const doing = () => `checking ${folder.uri}`;
    await pause();
    await inSlices(folder.workspace.refreshing(), { pause, isStopped, watched: guard.watch(), doing });
    if (isStopped()) return;
    this.#publishChanged(folder);
    answersChanged();
  }

  #publishEdited(folder: Folder, edited: string | undefined): void {
    if (edited === undefined || this.#isStopped(folder)) return;
    this.#publishAll(folder, [edited, ...this.#parts.renderings.place(folder, new Set(), edited)]);
  }

  /** A reading ends with a refresh of its own. */
  #isStopped(folder: Folder): boolean {
    return this.isReading || !this.#parts.folders.all.includes(folder);
  }

  #publishChanged(folder: Folder, edited?: string): void {
    this.#unmet.changed(folder, edited);
    const changed = folder.workspace.takeChanged();
    const rendered = this.#parts.renderings.place(folder, changed, edited);
    this.#publishAll(folder, [
      ...(edited === undefined ? folder.configUris : [edited]),
      ...rendered,
      ...[...changed].filter((uri) => speaksOf(this.#parts.folders, folder, uri)),
    ]);
  }

  #publishAll(folder: Folder, uris: readonly string[]): void {
    for (const uri of new Set(uris)) this.#publish(folder, uri);
  }

  async #readInSlices(folder: Folder): Promise<void> {
    const { texts, pause, guard } = this.#parts;
    const work = folder.read((uri) => texts.isOpen(uri));
    const doing = () => `reading ${folder.uri}${folder.reading && `, at ${folder.reading},`}`;
    await inSlices(work, { pause, take: (step) => step && this.#found(folder), watched: guard.watch(), doing });
  }

  /** Open files first: each is read with what its place says of it, and told what is wrong in it alone. */
  #found(folder: Folder): void {
    if (this.#known.has(folder)) return;
    this.#newlyFound.add(folder);
    const open = this.#parts.openDocuments().filter(({ uri }) => this.#parts.folders.of(uri) === folder);
    for (const document of open) folder.setBuffer(document.uri, document.getText());
    this.#publishOwn(
      folder,
      open.map(({ uri }) => uri),
    );
  }

  #publishOwn(folder: Folder, uris: readonly string[]): void {
    if (this.#newlyFound.has(folder))
      for (const uri of uris) this.#publish(folder, uri, folder.workspace.findings(uri, assembleOwn));
  }

  #publish(folder: Folder, uri: string, findings: readonly Finding[] = folder.workspace.findings(uri)): void {
    const { renderings, publisher, texts, rules, pageUri } = this.#parts;
    this.#behind.delete(uri);
    const diagnostics = diagnosticsOf(uri, {
      findings,
      unreadable: folder.unreadable(uri),
      rules,
      sources: renderings.sources,
      pageUri,
      rendered: renderings.shownIn(folder, uri),
      unmet: this.#unmet.of(folder, uri),
      notes: renderings.notes(folder, uri),
    });
    publisher.publish(uri, texts.versionOf(uri), diagnostics);
  }
}
