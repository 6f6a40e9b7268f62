// One ServiceEntry with several hosts becomes several, so that each host can have its own policies, labels and owner.
import { contains } from '../../base/span.ts';
import { applyEdits } from '../../base/text-edit.ts';
import type { Draft } from '../../engine/draft.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { editsForAll } from '../../yaml/edit.ts';
import { applyToPlain, type FieldOperation } from '../../yaml/edit-operation.ts';
import type { Plain } from '../../yaml/plain.ts';
import { attachAlso } from './attachments.ts';
import { findAgain, mapIn, plainOf, type Refactoring } from './refactoring.ts';

type Entry = Resource<'ServiceEntry'>;

/** With more, a file full of new documents is not what anyone wants. */
const mostHosts = 20;

export const splitEntry: Refactoring = {
  kind: 'refactor.extract',

  *offers(subject, { span }) {
    if (subject.kind !== 'ServiceEntry' || subject.spec.hosts.length < 2 || subject.uri.endsWith('.json')) return;
    const hosts = subject.spec.hosts.map(({ value }) => value);
    if (new Set(hosts).size < hosts.length) return;
    const own = subject.spec.hosts.find((host) => contains(host.span, span.start));
    if (own)
      yield {
        title: `Move host ${own.value} to a ServiceEntry of its own`,
        perform: (draft) => extract(draft, subject, [own.value]),
      };
    if (hosts.length <= mostHosts)
      yield {
        title: 'Split into one ServiceEntry for each host',
        perform: (draft) => extract(draft, subject, hosts.slice(1)),
      };
  },
};

function extract(draft: Draft, entry: Entry, hosts: readonly string[]): readonly string[] | undefined {
  const names: string[] = [];
  // Each copy comes right behind the entry.
  for (const host of hosts.toReversed()) {
    const now = findAgain(draft, entry);
    if (!now) return undefined;
    const name = freeName(draft.writtenMesh, now.namespace, host);
    if (!copyFor(draft, now, host, name) || !withoutHost(draft, findAgain(draft, entry), host)) return undefined;
    names.push(name);
  }
  return attachAlso(draft, entry, names.toReversed()) ? [] : undefined;
}

/** Named after the host. */
function freeName(mesh: Mesh, namespace: string, host: string): string {
  const name = host
    .toLowerCase()
    .replace(/^\*\.?/, 'any.')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}-${n}`;
    if (mesh.named('ServiceEntry', namespace, candidate).length === 0) return candidate;
  }
}

function withoutHost(draft: Draft, entry: Entry | undefined, host: string): boolean {
  const index = entry?.spec.hosts.findIndex(({ value }) => value === host) ?? -1;
  return (
    entry !== undefined && index >= 0 && draft.apply([{ op: 'remove', in: entry, path: ['spec', 'hosts', index] }])
  );
}

/** What a cluster writes into an object is its own. */
const ofTheObject = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields', 'selfLink'];
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** The marker that a document starts with, and what stands before it. */
const marker = /^\uFEFF?(?:[ \t]*(?:#.*)?\r?\n|%.*\r?\n)*---.*\n/;

/** Behind the entry's document: the same text with its comments, with this host alone and another name. */
function copyFor(draft: Draft, entry: Entry, host: string, name: string): boolean {
  const plain = plainOf(draft, entry);
  const text = draft.documentText(entry);
  if (!plain || text === undefined) return false;
  const metadata = mapIn(plain, 'metadata');
  const paths = [
    ...ofTheObject.filter((key) => Object.hasOwn(metadata, key)).map((key) => ['metadata', key]),
    ...(Object.hasOwn(mapIn(metadata, 'annotations'), lastApplied) ? [['metadata', 'annotations', lastApplied]] : []),
    ...(Object.hasOwn(plain, 'status') ? [['status']] : []),
  ];
  const others = entry.spec.hosts.flatMap(({ value }, i) => (value === host ? [] : [i])).toReversed();
  const operations: FieldOperation[] = [
    { op: 'set', path: ['metadata', 'name'], value: name },
    ...paths.map((path) => ({ op: 'remove', path }) as const),
    ...others.map((i) => ({ op: 'remove', path: ['spec', 'hosts', i] }) as const),
  ];
  if (entry.listIndex !== undefined) {
    const manifest = operations.reduce<Plain | undefined>((now, operation) => applyToPlain(now, operation), plain);
    return manifest !== undefined && draft.apply([{ op: 'append-document', after: entry, manifest }]);
  }
  const copy = applyEdits(text, editsForAll(text, operations)).replace(marker, '');
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const newText = `${text.endsWith('\n') ? '' : newline}---${newline}${copy}`;
  return draft.apply([{ op: 'replace-text', in: entry, span: { start: text.length, end: text.length }, newText }]);
}
