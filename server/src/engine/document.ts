// One parsed document: its resources, its own findings, and its suppression comments.
import { flatText, inOnePiece } from '../base/flat-text.ts';
import { hashText } from '../base/hash.ts';
import type { Span } from '../base/span.ts';
import { withoutRoom } from '../base/without-room.ts';
import type { AnyResource, DocumentId } from '../model/resource.ts';
import type { Recognition } from '../model/read-document.ts';
import type { Severity } from '../rules/rule.ts';
import { isClusterUri } from '../sources/cluster-files.ts';
import { fieldOf, hasBeenApplied, isRefusal } from '../schema/refusal.ts';
import type { SchemaFinding } from '../schema/validate.ts';
import { readUnparsed, type CheckedObject, type ReadOptions } from './checked-document.ts';
import { firstOfEachRule } from './most-findings.ts';
import { readSuppressions, type Suppression } from './suppressions.ts';
import { readTyped, type EarlierText, type StandIn } from './typed-over.ts';

/** A finding of a document by itself; `at` counts from the start of the document. */
interface LocalFinding {
  readonly rule: string;
  readonly at: Span;
  readonly message: string;
  readonly data: unknown;
  /** Where it depends on the case; otherwise the rule's own. */
  readonly severity: Severity | undefined;
  readonly resource: AnyResource | undefined;
}

/** The stored part of a document that is not open in an editor: facts, not the tree. */
export interface DocumentRecord {
  readonly id: DocumentId;
  readonly uri: string;
  readonly hash: number;
  readonly length: number;
  readonly resources: readonly AnyResource[];
  readonly recognition: Recognition;
  readonly local: readonly LocalFinding[];
  readonly suppressions: readonly Suppression[];
  /** Lines of an earlier version that are read in place of half-typed ones. */
  readonly standIn: StandIn | undefined;
}

/** `earlier` is the text before an edit in an editor. */
export function readRecord(text: string, options: ReadOptions, earlier?: EarlierText): DocumentRecord {
  const skipped = earlier ? undefined : readUnparsed(text, options);
  const { read: whole, standIn } = skipped ? { read: skipped, standIn: undefined } : readTyped(text, options, earlier);
  const { tree, recognition, syntax, roots: read } = whole;
  const roots = read.map((one) => checked(one, syntax, options));
  const local = ownFindings(syntax, roots);
  return {
    id: options.document,
    uri: options.uri,
    hash: hashText(text),
    length: text.length,
    resources: withoutRoom(roots.flatMap(({ resource }) => resource ?? [])),
    recognition,
    local: withoutRoom(local),
    suppressions: withoutRoom(
      recognition.state === 'manifest' || local.length > 0 ? readSuppressions(text, tree.comments) : [],
    ),
    standIn,
  };
}

const nothing: readonly LocalFinding[] = [];

function ownFindings(syntax: readonly SchemaFinding[], roots: readonly CheckedRoot[]): readonly LocalFinding[] {
  if (syntax.length === 0 && roots.every(({ found }) => found.length === 0)) return nothing;
  return firstOfEachRule([
    ...syntax.map((finding) => kept(finding, roots[0]?.resource)),
    ...roots.flatMap(({ resource, found }) => found.map((finding) => kept(finding, resource))),
  ]);
}

/** Each property by name: what is spread into an object is kept beside it. */
function kept({ rule, at, message, data, severity }: SchemaFinding, resource: AnyResource | undefined): LocalFinding {
  const own = 'path' in data ? { ...data, path: withoutRoom(data.path) } : data;
  return { rule, at, message: inOnePiece(message), data: own, severity, resource };
}

interface CheckedRoot {
  readonly resource: AnyResource | undefined;
  readonly found: readonly SchemaFinding[];
}

/** What a cluster holds was not refused, whatever a later release makes of it. */
function checked(
  { root, resource, found }: CheckedObject,
  syntax: readonly SchemaFinding[],
  options: ReadOptions,
): CheckedRoot {
  const refusal = found.find(isRefusal) ?? syntax.find(isRefusal);
  if (!resource || !refusal || isClusterUri(options.uri)) return { resource, found };
  const field = fieldOf(refusal);
  const message = refusal.message.replace(/\.$/, '');
  const reason = message.includes(field) ? message : `${field}: ${message}`;
  const refused = { reason: flatText(reason), at: refusal.at, hasEarlierVersion: hasBeenApplied(root) };
  return { resource: { ...resource, refused }, found };
}
