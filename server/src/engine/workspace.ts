// The files of one workspace and their findings, with the least work for each edit.
// Its mesh is a snapshot of one version: views from before an edit throw after it.
import { LineIndex } from '../base/line-index.ts';
import type { Span } from '../base/span.ts';
import { MeshIndex, type MeshIndexOptions } from '../mesh/index/index-builder.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { AnyResource, DocumentId, Resource } from '../model/resource.ts';
import type { FileFacts } from '../sources/file-facts.ts';
import { isHalfTypedMesh } from '../sources/mesh-settings.ts';
import { splitDocuments } from '../yaml/chunks.ts';
import { assemble, ignoredFindings, type IgnoredFinding, type Placed } from './assemble.ts';
import type { DocumentRecord } from './document.ts';
import { DocumentReader, type ReadAhead } from './document-reader.ts';
import type { Finding } from './finding.ts';
import { FoundMesh, readVersion } from './found-mesh.ts';
import { ParsedDocument } from './parsed-document.ts';
import { earlierText, PlacedFiles, type DocumentPlace, type PlacedDocument } from './placed-files.ts';
import { RuleRuns } from './rule-runs.ts';
import { levelOf, type EngineSettings } from './settings.ts';
import { unchanged } from './unchanged.ts';
import type { Work, WorkspaceOptions } from './workspace-options.ts';

export class Workspace {
  readonly #options: WorkspaceOptions;
  #settings: EngineSettings;
  readonly #files = new PlacedFiles();
  readonly #runs: RuleRuns;
  readonly #meshFound = new FoundMesh();
  #index: MeshIndex;
  #meshChanged = false;
  readonly #reader = new DocumentReader();
  #subjectsRun = 0;
  #changedFiles = new Set<string>();
  readonly parsed = new ParsedDocument();
  work: Work = { documentsRead: 0, subjectsRun: 0, meshRead: 0 };

  constructor(options: WorkspaceOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#index = this.#newIndex();
    this.#runs = new RuleRuns({
      ...options,
      index: () => this.#index,
      isOff: (rule, { uri }) => levelOf(this.#settings, rule, this.facts(uri)) === 'off',
    });
  }

  get settings(): EngineSettings {
    return this.#settings;
  }

  /** Unrecorded view of the mesh as it is now, without what the API server refuses. */
  get mesh(): Mesh {
    return this.#index.inForce();
  }

  /** The same as rules see it: what is refused counts as it is written. */
  get writtenMesh(): Mesh {
    return this.#index.view();
  }

  /** An index that begins with this one's resources, for changes that are not made; only until the next edit. */
  branch(options: Partial<MeshIndexOptions>, positionOf: (document: DocumentId) => number): MeshIndex {
    return new MeshIndex({ ...this.#settings, mesh: this.#index.settings, ...options }, positionOf, this.#index);
  }

  get uris(): Iterable<string> {
    return this.#files.uris;
  }

  /** Reads the documents whose text changed; the rest of the file stands. `typedOver` is the text that an editor showed before an edit. */
  setFile(uri: string, text: string, facts: FileFacts = {}, typedOver?: string): void {
    this.#reader.outdate(uri);
    this.#set(uri, text, facts, typedOver);
  }

  /** The same a document at a step; all of it takes effect at the end, unless the file is set or removed between two steps. */
  *settingFile(uri: string, text: string, facts: FileFacts = {}): Generator<undefined> {
    const known = this.#files.recordsOf(uri, facts);
    const ahead = yield* this.#reader.readAhead(uri, text, facts, this.#settings, known);
    if (ahead) this.#set(uri, text, facts, undefined, ahead.settings === this.#settings ? ahead : undefined);
  }

  #set(uri: string, text: string, facts: FileFacts, typedOver?: string, ahead?: ReadAhead): void {
    const old = this.#files.get(uri);
    const keep = this.#files.recordsOf(uri, facts);
    const chunks = ahead?.chunks ?? splitDocuments(text);
    const { kept, dropped } = unchanged(keep, chunks, typedOver !== undefined, this.#files.textsOf(uri));
    for (const record of keep.length > 0 ? dropped : (old?.documents ?? []).map((placed) => placed.record))
      this.#drop(record);
    const isOneEdited = dropped.length === 1 && kept.filter((record) => !record).length === 1;
    const earlier = isOneEdited ? earlierText(old, dropped[0], typedOver) : undefined;
    kept.forEach((record, i) => record && this.#files.expect(record.id, chunks[i]!.start));
    const read = (i: number) =>
      ahead?.records.get(i) ?? this.#reader.read(uri, chunks[i]!.text, facts, this.#settings, earlier);
    const documents = chunks.map(({ start }, i) => ({ record: kept[i] ?? this.#enter(read(i), start), start }));
    for (const document of this.#files.set({ uri, facts, lines: new LineIndex(text), documents }, text))
      this.#changed(this.#runs.relatingTo(document));
    this.#changedFiles.add(uri);
    if (typedOver === undefined || !isHalfTypedMesh(text))
      this.#meshChanged = this.#meshFound.read(uri, text, facts) || this.#meshChanged;
  }

  removeFile(uri: string): void {
    this.#reader.outdate(uri);
    for (const { record } of this.#files.get(uri)?.documents ?? []) this.#drop(record);
    this.#meshChanged = this.#meshFound.set(uri, []) || this.#meshChanged;
    if (this.#files.delete(uri)) this.#changedFiles.add(uri);
  }

  /** Other settings: only a version or default namespace makes documents read again, only mesh settings make rules run again. */
  setSettings(settings: EngineSettings, textOf: (uri: string) => string | undefined): void {
    const before = this.#settings;
    this.#settings = settings;
    for (const uri of this.#files.uris) this.#changedFiles.add(uri);
    this.#meshChanged = true;
    if (readVersion(before) === readVersion(settings) && before.defaultNamespace === settings.defaultNamespace) return;
    const files = [...this.#files.all]; // a copy: each is removed and set again
    for (const { uri, facts } of files) {
      const text = textOf(uri);
      this.removeFile(uri);
      if (text !== undefined) this.setFile(uri, text, facts);
    }
  }

  /** Runs what the edits since the last call woke, and gives the URIs whose findings may be others now. */
  refresh(): ReadonlySet<string> {
    for (const _ of this.refreshing()) continue;
    return this.takeChanged();
  }

  /**
   * The same a subject or a fact at a step, for callers that must not be away for long. Edits between two steps are welcome: what they wake is
   * run too. Those of the file `first` come before all others, then `firstDone` is told. Findings that wait for their turn are those from before.
   */
  *refreshing(first?: string, firstDone = () => {}): Generator<void> {
    this.settle();
    for (const subject of this.#runs.waiting(first, firstDone)) {
      if (this.#meshChanged) this.settle();
      else if (subject) {
        this.#subjectsRun++;
        this.#changedFiles.add(subject.uri);
        this.#changed(yield* this.#runs.run(subject));
      }
      yield;
    }
  }

  /** The URIs whose findings may be others than when this was last asked. */
  takeChanged(): ReadonlySet<string> {
    this.work = { documentsRead: this.#reader.takeCount(), subjectsRun: this.#subjectsRun, meshRead: this.#index.read };
    [this.#subjectsRun, this.#index.read] = [0, 0];
    const changed = this.#changedFiles;
    this.#changedFiles = new Set();
    return changed;
  }

  findings(uri: string, make: typeof assemble = assemble): readonly Finding[] {
    return this.#assembled(uri, make);
  }

  /** What comments and severities hide of a file's findings. */
  ignored(uri: string): readonly IgnoredFinding[] {
    return this.#assembled(uri, ignoredFindings);
  }

  #assembled<T>(uri: string, make: (...given: Parameters<typeof assemble>) => readonly T[]): readonly T[] {
    const file = this.#files.get(uri);
    return (file?.documents ?? []).flatMap(({ record }) =>
      make(record, this.#runs.foundIn(record.id), {
        rules: this.#options,
        levelOf: (rule) => levelOf(this.#settings, rule, file?.facts ?? {}),
        place: (document, at) => this.#files.place(document, at),
      }),
    );
  }

  /** The position of a document; undefined once its text has changed. */
  documentAt(document: DocumentId): DocumentPlace | undefined {
    return this.#files.placeOf(document);
  }

  /** A span of a document as a place in its file; undefined once the document's text has changed. */
  placed(document: DocumentId, at: Span): Placed | undefined {
    return this.#files.place(document, at);
  }

  documents(uri: string): readonly PlacedDocument[] {
    return this.#files.get(uri)?.documents ?? [];
  }

  resource(id: number): AnyResource | undefined {
    return this.#runs.subject(id);
  }

  /** The keys that the subject's rules read when they last ran. */
  keysReadBy(resource: Pick<Resource, 'id'>): readonly string[] {
    return this.#runs.keysReadBy(resource);
  }

  facts(uri: string): FileFacts {
    return this.#files.get(uri)?.facts ?? {};
  }

  #enter(record: DocumentRecord, start: number): DocumentRecord {
    this.#files.expect(record.id, start);
    for (const resource of record.resources) {
      this.#index.add(resource);
      this.#runs.add(resource);
    }
    for (const unknown of record.recognition.suppliesUnknown)
      this.#runs.wake(this.#index.addUnknown(unknown.kind, unknown.namespace));
    return record;
  }

  #drop(record: DocumentRecord): void {
    this.#files.forget(record.id);
    for (const resource of record.resources) {
      this.#changed(this.#runs.drop(resource));
      this.#index.remove(resource);
    }
    for (const unknown of record.recognition.suppliesUnknown)
      this.#runs.wake(this.#index.removeUnknown(unknown.kind, unknown.namespace));
  }

  /** Order of answers within a file is the file's. */
  #newIndex(): MeshIndex {
    const mesh = this.#meshFound.under(this.#settings);
    return new MeshIndex({ ...this.#settings, mesh }, (document) => this.#files.startOf(document) ?? document);
  }

  /**
   * Changes of mesh settings take effect, which is all that views of the mesh wait for. They touch every answer: the documents stand, the
   * index is built and all subjects run again, when rules run next.
   */
  settle(): void {
    if (!this.#meshChanged) return;
    this.#meshChanged = false;
    this.#index = this.#newIndex();
    for (const subject of this.#runs.subjects) this.#index.add(subject);
    this.#runs.waitAll();
    for (const { record } of [...this.#files.all].flatMap(({ documents }) => documents))
      for (const { kind, namespace } of record.recognition.suppliesUnknown) this.#index.addUnknown(kind, namespace);
  }

  #changed(documents: readonly DocumentId[]): void {
    for (const place of documents.map((document) => this.#files.placeOf(document)))
      if (place) this.#changedFiles.add(place.uri);
  }
}
