// The workspace with changes that are not made yet: each step of a refactoring sees what the steps before it have written.
import { applyEdits } from '../base/text-edit.ts';
import type { MeshIndex } from '../mesh/index/index-builder.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { AnyResource, DocumentId } from '../model/resource.ts';
import type { Change } from '../rules/rule.ts';
import { isClusterUri } from '../sources/cluster-files.ts';
import { isRenderedUri } from '../sources/rendered/rendered-files.ts';
import { splitDocuments } from '../yaml/chunks.ts';
import { lineEdits } from '../yaml/line-edits.ts';
import { fileChanges, type FileChange, type FixHost } from './apply-fix.ts';
import { readRecord, type DocumentRecord } from './document.ts';
import { readVersion } from './found-mesh.ts';
import type { DocumentPlace, PlacedDocument } from './placed-files.ts';
import { unchanged } from './unchanged.ts';
import type { Workspace } from './workspace.ts';

/** Files that users write. */
export function isEditable(uri: string): boolean {
  return !isClusterUri(uri) && !isRenderedUri(uri);
}

interface DraftFile {
  readonly text: string;
  readonly documents: readonly PlacedDocument[];
}

export class Draft implements FixHost {
  readonly #workspace: Workspace;
  readonly #host: FixHost;
  readonly #files = new Map<string, DraftFile>();
  readonly #index: MeshIndex;
  /** Below those of any workspace. */
  #nextId = -1;

  constructor(workspace: Workspace, host: FixHost) {
    this.#workspace = workspace;
    this.#host = host;
    this.#index = workspace.branch({}, (document) => this.documentAt(document)?.start ?? document);
  }

  /** What is in force: without what the API server refuses. */
  get mesh(): Mesh {
    return this.#index.inForce();
  }

  /** What is written, as rules see it. */
  get writtenMesh(): Mesh {
    return this.#index.view();
  }

  textOf = (uri: string): string | undefined => this.#files.get(uri)?.text ?? this.#host.textOf(uri);

  exists = (uri: string): boolean => this.#files.has(uri) || this.#host.exists(uri);

  documentAt = (document: DocumentId): DocumentPlace | undefined => {
    for (const [uri, { documents }] of this.#files) {
      const found = documents.find(({ record }) => record.id === document);
      if (found) return { uri, start: found.start, length: found.record.length };
    }
    const where = this.#workspace.documentAt(document);
    return where && this.#files.has(where.uri) ? undefined : where;
  };

  get uris(): Iterable<string> {
    return new Set([...this.#workspace.uris, ...this.#files.keys()]);
  }

  documents(uri: string): readonly PlacedDocument[] {
    return this.#files.get(uri)?.documents ?? this.#workspace.documents(uri);
  }

  /** The text of a resource's document. */
  documentText({ document }: Pick<AnyResource, 'document'>): string | undefined {
    const where = this.documentAt(document);
    return where && this.textOf(where.uri)?.slice(where.start, where.start + where.length);
  }

  /** False if a document that a change names is gone, or is not written by users: then nothing is changed. */
  apply(changes: readonly Change[]): boolean {
    const edited = fileChanges({ title: '', safety: 'unsafe', changes }, this);
    if (!edited?.every(({ uri }) => isEditable(uri))) return false;
    for (const { uri, created, edits } of edited)
      this.#write(uri, applyEdits(created ? '' : (this.textOf(uri) ?? ''), edits));
    return true;
  }

  /** The text of one file, whatever it was. */
  setText(uri: string, text: string): void {
    this.#write(uri, text);
  }

  /** What to do to the files as they are; those that come out as they were are left out. */
  changes(): readonly FileChange[] {
    return [...this.#files].flatMap(([uri, { text }]) => {
      const before = this.#host.textOf(uri);
      const edits = lineEdits(before ?? '', text);
      return edits.length === 0 ? [] : [{ uri, created: before === undefined, edits }];
    });
  }

  #write(uri: string, text: string): void {
    const facts = this.#workspace.facts(uri);
    const chunks = splitDocuments(text);
    const { kept, dropped } = unchanged(
      this.documents(uri).map(({ record }) => record),
      chunks,
      true,
    );
    const documents = chunks.map((chunk, i) => ({
      start: chunk.start,
      record:
        kept[i] ??
        readRecord(chunk.text, {
          uri,
          document: this.#nextId--,
          defaultNamespace: facts.defaultNamespace ?? this.#workspace.settings.defaultNamespace,
          overrideNamespace: facts.namespace,
          leftAlone: facts.leftAlone,
          nextId: () => this.#nextId--,
          istioVersion: readVersion(this.#workspace.settings),
        }),
    }));
    for (const record of dropped) this.#remove(record);
    this.#files.set(uri, { text, documents });
    documents.forEach(({ record }, i) => kept[i] || this.#add(record));
  }

  #add({ resources, recognition }: DocumentRecord): void {
    for (const resource of resources) this.#index.add(resource);
    for (const { kind, namespace } of recognition.suppliesUnknown) this.#index.addUnknown(kind, namespace);
  }

  #remove({ resources, recognition }: DocumentRecord): void {
    for (const resource of resources) this.#index.remove(resource);
    for (const { kind, namespace } of recognition.suppliesUnknown) this.#index.removeUnknown(kind, namespace);
  }
}
