// Keeps the findings in sync with the folders: reads a folder in steps, renders its charts and overlays, publishes changes.
import { assembleOwn } from '../engine/assemble.ts';
import type { Finding } from '../engine/finding.ts';
import type { Folder } from './folder.ts';
import { FirstOfAll } from './first-of-all.ts';
import { FolderPublisher } from './folder-publisher.ts';
import { speaksOf } from './folders.ts';
import { inSlices } from './in-slices.ts';
import { UnmetRequirements } from './unmet-requirements.ts';
import type { UpdateParts } from './update-parts.ts';
import { WaitingEdits } from './waiting-edits.ts';

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
  /** Of these an edit woke more rules than run at once, while others still run. */
  readonly #again = new Set<Folder>();
  readonly #publisher: FolderPublisher;
  readonly #edits: WaitingEdits<Folder>;
  readonly #unmet: UnmetRequirements;

  constructor(parts: UpdateParts) {
    this.#parts = parts;
    this.#edits = new WaitingEdits((first) => parts.guard.run(`checking ${first}`, () => this.catchUp()));
    this.#publisher = new FolderPublisher({ ...parts, unmet: (folder, uri) => this.#unmet.of(folder, uri) });
    this.#unmet = new UnmetRequirements({
      ...parts,
      pause: this.pause,
      sources: parts.renderings.sources,
      isStopped: (folder) => this.#isStopped(folder),
      publish: (folder, uris) => {
        this.#publisher.add(folder, uris);
        this.#publishWaiting(folder);
      },
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
    this.#edits.add(edited, folder);
  }

  /** Lets waiting messages through, and the findings of what they edit. */
  readonly pause = (): Promise<void> => this.#edits.pause(this.#parts.pause);

  /** Runs the rules for the edits since they last ran, for a question about findings. */
  catchUp(): void {
    for (const [uri, folder] of this.#edits.take())
      if (this.#parts.folders.of(uri) === folder) this.refresh(folder, uri);
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
      if (edited !== undefined && !own.isDone) this.#publisher.late(edited);
      this.#finishInBackground(folder);
      return;
    }
    this.#publishChanged(folder, edited);
  }

  /** Resolves when the findings of the file are published as it is. */
  async caughtUp(uri: string): Promise<void> {
    const folder = this.#parts.folders.of(uri);
    while (this.#publisher.isLate(uri) && this.#finishing.has(folder)) await this.#finishing.get(folder);
  }

  /** Resolves when all findings are those of the files as they are: also of those that someone else is reading. */
  async settled(): Promise<void> {
    await this.whenRead();
    while (this.#finishing.size > 0) await Promise.all(this.#finishing.values());
    await this.#unmet.settled();
    if (this.isReading || this.#finishing.size > 0) await this.settled();
  }

  #finishInBackground(folder: Folder): void {
    if (this.#finishing.has(folder)) {
      this.#again.add(folder);
      return;
    }
    const work = this.#finish(folder).finally(() => this.#finishing.delete(folder));
    this.#finishing.set(folder, work);
    this.#parts.guard.background(`checking ${folder.uri}`, work);
  }

  async #finish(folder: Folder): Promise<void> {
    const { answersChanged, guard } = this.#parts;
    const { pause } = this;
    const isStopped = (): boolean => this.#isStopped(folder);
    const doing = () => `checking ${folder.uri}`;
    await pause();
    do {
      this.#again.delete(folder);
      await inSlices(folder.workspace.refreshing(), { pause, isStopped, watched: guard.watch(), doing });
      if (isStopped()) return;
      this.#changed(folder);
      await inSlices(this.#publishing(folder), { pause, isStopped: () => isStopped() || this.#again.has(folder) });
      if (isStopped()) return;
    } while (this.#again.has(folder));
    answersChanged();
  }

  #publishEdited(folder: Folder, edited: string | undefined): void {
    if (edited === undefined || this.#isStopped(folder)) return;
    for (const uri of new Set([edited, ...this.#parts.renderings.place(folder, new Set(), edited)]))
      this.#publisher.publish(folder, uri);
  }

  /** A reading ends with a refresh of its own. */
  #isStopped(folder: Folder): boolean {
    return this.isReading || !this.#parts.folders.all.includes(folder);
  }

  /** The edited file at once, and others as long as they are few. */
  #publishChanged(folder: Folder, edited?: string): void {
    this.#changed(folder, edited);
    if (edited !== undefined) this.#publisher.publish(folder, edited);
    this.#publishWaiting(folder);
  }

  #publishWaiting(folder: Folder): void {
    const end = performance.now() + soonMs;
    for (const _ of this.#publishing(folder)) {
      if (performance.now() < end) continue;
      this.#finishInBackground(folder);
      return;
    }
  }

  /** The rules have run: notes whose findings may be others now. */
  #changed(folder: Folder, edited?: string): void {
    this.#unmet.changed(folder, edited);
    const changed = folder.workspace.takeChanged();
    const rendered = this.#parts.renderings.place(folder, changed, edited);
    const own = [...changed].filter((uri) => uri !== edited && speaksOf(this.#parts.folders, folder, uri));
    this.#publisher.add(folder, [...(edited === undefined ? folder.configUris : []), ...rendered, ...own]);
  }

  /** A file with an edit that is not checked yet is published with that. */
  #publishing(folder: Folder): Iterable<void> {
    return this.#publisher.publishing(folder, (uri) => !this.#edits.has(uri));
  }

  async #readInSlices(folder: Folder): Promise<void> {
    const { texts, guard } = this.#parts;
    const work = folder.read((uri) => texts.isOpen(uri));
    const doing = () => `reading ${folder.uri}${folder.reading && `, at ${folder.reading},`}`;
    await inSlices(work, {
      pause: this.pause,
      take: (step) => step && this.#found(folder),
      watched: guard.watch(),
      doing,
    });
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
      for (const uri of uris) this.#publisher.publish(folder, uri, folder.workspace.findings(uri, assembleOwn));
  }
}
