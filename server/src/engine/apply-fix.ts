// Turns a fix (steps by field) into text edits of files.
import { shift } from '../base/span.ts';
import { applyEdits, type TextEdit } from '../base/text-edit.ts';
import type { DocumentId } from '../model/resource.ts';
import type { Change, Fix } from '../rules/rule.ts';
import { splitDocuments } from '../yaml/chunks.ts';
import type { EditOperation } from '../yaml/edit-operation.ts';
import { editsForAll } from '../yaml/edit.ts';
import type { YamlDocument } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse.ts';
import { printDocument } from '../yaml/print.ts';
import { styleOf } from '../yaml/style.ts';

/** What a fix needs to know of the files. */
export interface FixHost {
  readonly textOf: (uri: string) => string | undefined;
  readonly documentAt: (
    document: DocumentId,
  ) => { readonly uri: string; readonly start: number; readonly length: number } | undefined;
  readonly exists: (uri: string) => boolean;
  /** The tree of the document's text, if it is at hand: thousands of findings of one document may be fixed one after the other. */
  readonly treeOf?: (document: DocumentId, text: string) => YamlDocument | undefined;
}

export interface FileChange {
  readonly uri: string;
  /** True for a file that the fix makes: its edits are on an empty text. */
  readonly created: boolean;
  readonly edits: readonly TextEdit[];
}

type CreateFile = Extract<Change, { op: 'create-file' }>;

/** Undefined if a document that the fix names is gone or changed: the fix is out of date. */
export function fileChanges(fix: Fix, host: FixHost): readonly FileChange[] | undefined {
  const operations = new Map<DocumentId, EditOperation[]>();
  const created: FileChange[] = [];
  for (const change of fix.changes) {
    if (change.op === 'create-file') created.push(newFile(change, host, created));
    else {
      const { document } = change.op === 'append-document' ? change.after : change.in;
      operations.set(document, [...(operations.get(document) ?? []), operationOf(change)]);
    }
  }
  const edits = new Map<string, TextEdit[]>();
  for (const [document, list] of operations) {
    const where = host.documentAt(document);
    const text = where && host.textOf(where.uri)?.slice(where.start, where.start + where.length);
    if (!where || text === undefined) return undefined;
    const placed = editsForAll(text, list, host.treeOf?.(document, text)).map(({ span, newText }) => ({
      span: shift(span, where.start),
      newText,
    }));
    edits.set(where.uri, [...(edits.get(where.uri) ?? []), ...placed]);
  }
  return [...[...edits].map(([uri, list]) => ({ uri, created: false, edits: list })), ...created];
}

/** The texts of the files that the fix touches, as they are after it; undefined if it is out of date. */
export function applyFix(fix: Fix, host: FixHost): ReadonlyMap<string, string> | undefined {
  const changes = fileChanges(fix, host);
  return (
    changes &&
    new Map(changes.map(({ uri, created, edits }) => [uri, applyEdits(created ? '' : (host.textOf(uri) ?? ''), edits)]))
  );
}

/** A change's path starts at its resource, which in a List is an item; the other items stay when it is removed. */
function operationOf(change: Exclude<Change, CreateFile>): EditOperation {
  if (change.op === 'remove-document' && change.in.listIndex !== undefined)
    return { op: 'remove', path: ['items', change.in.listIndex] };
  if (!('path' in change) || change.in.listIndex === undefined) return change;
  return { ...change, path: ['items', change.in.listIndex, ...change.path] };
}

function newFile({ beside, fileName, manifest }: CreateFile, host: FixHost, others: readonly FileChange[]): FileChange {
  const folder = beside.uri.slice(0, beside.uri.lastIndexOf('/') + 1);
  const isTaken = (uri: string) => host.exists(uri) || others.some((other) => other.uri === uri);
  // Names come from manifests: in a URI, a `#` or `?` would end the path, and a slash would begin another folder.
  const safeName = fileName.replaceAll(/[^\w.-]/g, '_');
  const [, stem = safeName, ending = ''] = /^(.*?)(\.[^.]*)?$/.exec(safeName) ?? [];
  let uri = folder + safeName;
  for (let n = 2; isTaken(uri); n++) uri = `${folder}${stem}-${n}${ending}`;
  const near = splitDocuments(host.textOf(beside.uri) ?? '')[0]?.text ?? '';
  return {
    uri,
    created: true,
    edits: [{ span: { start: 0, end: 0 }, newText: printDocument(manifest, styleOf(near, parseDocument(near))) }],
  };
}
