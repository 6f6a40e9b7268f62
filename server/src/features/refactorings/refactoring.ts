// The contract of a refactoring: it is offered on one resource, and writes what it does into a draft of the workspace.
import type { Draft } from '../../engine/draft.ts';
import type { DocumentPlace } from '../../engine/placed-files.ts';
import type { Span } from '../../base/span.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type AnyResource } from '../../model/resource.ts';
import { parseDocument } from '../../yaml/parse.ts';
import { isMap, type Plain, type PlainMap } from '../../yaml/plain.ts';
import { at, toPlain } from '../../yaml/read.ts';

export type RefactoringKind = 'refactor.extract' | 'refactor.move' | 'refactor.rewrite';

/** Where the user asks for a refactoring. */
export interface Asked {
  /** What is written, as rules see it. */
  readonly mesh: Mesh;
  /** The selection, in the resource's document. */
  readonly span: Span;
  /** A resource of the files as it is written, without places. */
  readonly plainOf: (resource: AnyResource) => PlainMap | undefined;
}

/** One thing to do, as the light bulb shows it: cheap until it is done. */
export interface Offer {
  /** An imperative; unlike those of all other offers on the resource. */
  readonly title: string;
  /** Writes into the draft, which is fresh. The result lists what could not be carried over, one clause each; undefined if it cannot be done. */
  readonly perform: (draft: Draft) => readonly string[] | undefined;
}

export interface Refactoring {
  readonly kind: RefactoringKind;
  readonly offers: (subject: AnyResource, asked: Asked) => Iterable<Offer>;
}

/** A resource as the draft has it now: its text may be another one since it was found. */
export function findAgain<R extends AnyResource>(draft: Draft, { uri, kind, namespace, name }: R): R | undefined {
  return draft.writtenMesh.named(kind, namespace, name).find((one) => one.uri === uri) as R | undefined;
}

/** The manifest as it is written, without its places. */
export function plainOf(draft: Draft, resource: AnyResource): PlainMap | undefined {
  const text = draft.documentText(resource);
  const root = text === undefined ? undefined : parseDocument(text).root;
  const own = root && resource.listIndex !== undefined ? at(root, ['items', resource.listIndex]) : root;
  const plain = own && toPlain(own);
  return isMap(plain) ? plain : undefined;
}

/** A map below a map; empty where there is none. */
export function mapIn(plain: PlainMap | undefined, key: string): PlainMap {
  const found = plain && Object.hasOwn(plain, key) ? plain[key] : undefined;
  return isMap(found) ? found : {};
}

/** What is lost with a document that goes, where people have written into it. */
export function commentsOf(draft: Draft, resource: AnyResource): readonly string[] {
  const comments = resource.listIndex === undefined ? parseDocument(draft.documentText(resource) ?? '').comments : [];
  return comments.length > 0 ? [`the comments of ${describe(resource)}`] : [];
}

/** Another object in the place of this one, with the comments on what both have. The result is what is lost; undefined if it cannot be done. */
export function replaceWith(draft: Draft, resource: AnyResource, manifest: Plain): readonly string[] | undefined {
  const where = draft.documentAt(resource.document);
  const before = where && commentsAt(draft, where);
  const index = draft.documents(resource.uri).findIndex(({ record }) => record.id === resource.document);
  if (!before || !draft.apply([{ op: 'set', in: resource, path: [], value: manifest }])) return undefined;
  const now = draft.documents(resource.uri)[index];
  const left = now ? commentsAt(draft, { uri: resource.uri, start: now.start, length: now.record.length }) : [];
  return left.length < before.length
    ? [`comments of ${describe(resource)}: ${before.filter((one) => !left.includes(one)).join(' ')}`]
    : [];
}

function commentsAt(draft: Draft, { uri, start, length }: DocumentPlace): readonly string[] {
  const text = (draft.textOf(uri) ?? '').slice(start, start + length);
  return parseDocument(text).comments.map((span) => text.slice(span.start, span.end));
}
