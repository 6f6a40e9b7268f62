// From a fix (steps by field) to text edits of files.
import { applyEdits, type TextEdit } from '../base/text-edit.ts';
import type { DocumentId } from '../model/resource.ts';
import type { Change, Fix } from '../rules/rule.ts';
import { splitDocuments } from '../yaml/chunks.ts';
import { editsFor, printDocument, styleOf } from '../yaml/edit.ts';
import { parseDocument } from '../yaml/parse.ts';

/** What a fix needs to know of the files. */
export interface FixHost {
  readonly textOf: (uri: string) => string | undefined;
  readonly documentAt: (document: DocumentId) => { readonly uri: string; readonly start: number; readonly length: number } | undefined;
  readonly exists: (uri: string) => boolean;
}

export interface FileChange {
  readonly uri: string;
  /** True for a file that the fix makes: its edits are on an empty text. */
  readonly created: boolean;
  readonly edits: readonly TextEdit[];
}

/** Undefined where a document that the fix names is gone or changed: the fix is out of date. */
export function fileChanges(fix: Fix, host: FixHost): readonly FileChange[] | undefined {
  const documents = new Map<DocumentId, string>();
  const appended = new Map<DocumentId, string>();
  const created: FileChange[] = [];
  for (const change of fix.changes) {
    if (change.op === 'create-file') {
      created.push(newFile(change, host, created));
      continue;
    }
    const id = change.op === 'append-document' ? change.after.document : change.in.document;
    const text = documents.get(id) ?? textOfDocument(id, host);
    if (text === undefined) return undefined;
    if (change.op === 'append-document') appended.set(id, (appended.get(id) ?? '') + separated(text, change));
    documents.set(id, change.op === 'append-document' ? text : changed(text, change));
  }
  return [...byFile(documents, appended, host), ...created];
}

/** The texts of the files that the fix touches, as they are after it. */
export function applyFix(fix: Fix, host: FixHost): ReadonlyMap<string, string> | undefined {
  const changes = fileChanges(fix, host);
  return changes && new Map(changes.map(({ uri, created, edits }) => [uri, applyEdits(created ? '' : host.textOf(uri) ?? '', edits)]));
}

function textOfDocument(id: DocumentId, host: FixHost): string | undefined {
  const where = host.documentAt(id);
  return where && host.textOf(where.uri)?.slice(where.start, where.start + where.length);
}

function changed(text: string, change: Exclude<Change, { op: 'create-file' | 'append-document' }>): string {
  if (change.op === 'replace-text') return applyEdits(text, [{ span: change.span, newText: change.newText }]);
  if (change.op === 'remove-document') return '';
  const prefix = change.in.listIndex === undefined ? [] : ['items', change.in.listIndex];
  return applyEdits(text, editsFor(text, parseDocument(text), { ...change, path: [...prefix, ...change.path] }));
}

/** The text of a document that follows `text`, its separator included. */
function separated(text: string, change: Extract<Change, { op: 'append-document' }>): string {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const printed = printDocument(change.manifest, styleOf(text, parseDocument(text)));
  return `---${lineBreak}${printed}`;
}

function byFile(documents: ReadonlyMap<DocumentId, string>, appended: ReadonlyMap<DocumentId, string>, host: FixHost): FileChange[] {
  const edits = new Map<string, TextEdit[]>();
  for (const [id, text] of documents) {
    const { uri, start, length } = host.documentAt(id)!;
    const before = textOfDocument(id, host)!;
    const list = edits.get(uri) ?? [];
    edits.set(uri, list);
    if (text !== before) list.push(text === '' ? { span: { start, end: start + length }, newText: '' } : difference(before, text, start));
    const behind = appended.get(id);
    if (behind !== undefined) list.push({ span: { start: start + length, end: start + length }, newText: onNewLine(text, behind) });
  }
  return [...edits].map(([uri, list]) => ({ uri, created: false, edits: list }));
}

function onNewLine(before: string, text: string): string {
  return before === '' || before.endsWith('\n') ? text : `\n${text.replace(/\r?\n$/, '')}`;
}

/** The one edit between two texts, as small as their common start and end allow. */
function difference(before: string, after: string, start: number): TextEdit {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return { span: { start: start + head, end: start + before.length - tail }, newText: after.slice(head, after.length - tail) };
}

function newFile(change: Extract<Change, { op: 'create-file' }>, host: FixHost, others: readonly FileChange[]): FileChange {
  const folder = change.beside.uri.slice(0, change.beside.uri.lastIndexOf('/') + 1);
  const taken = (uri: string) => host.exists(uri) || others.some((other) => other.uri === uri);
  const [, stem = change.fileName, ending = ''] = /^(.*?)(\.[^.]*)?$/.exec(change.fileName) ?? [];
  let uri = folder + change.fileName;
  for (let n = 2; taken(uri); n++) uri = `${folder}${stem}-${n}${ending}`;
  const near = splitDocuments(host.textOf(change.beside.uri) ?? '')[0]?.text ?? '';
  return { uri, created: true, edits: [{ span: { start: 0, end: 0 }, newText: printDocument(change.manifest, styleOf(near, parseDocument(near))) }] };
}

