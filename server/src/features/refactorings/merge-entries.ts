// Two ServiceEntries of a namespace that differ in their hosts only become one.
import type { Draft } from '../../engine/draft.ts';
import { isEditable } from '../../engine/draft.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import type { Change } from '../../rules/rule.ts';
import { samePlain, type PlainMap } from '../../yaml/plain.ts';
import { attachInstead } from './attachments.ts';
import { commentsOf, findAgain, mapIn, plainOf, type Refactoring } from './refactoring.ts';

type Entry = Resource<'ServiceEntry'>;

/** The most others that are offered. */
const mostOffered = 5;

export const mergeEntries: Refactoring = {
  kind: 'refactor.rewrite',

  *offers(subject, { mesh, plainOf: written }) {
    if (subject.kind !== 'ServiceEntry') return;
    let offered = 0;
    for (const other of mesh.inNamespace('ServiceEntry', subject.namespace)) {
      if (offered >= mostOffered) return;
      if (!isAlike(subject, other, written)) continue;
      offered++;
      yield {
        title: `Merge ServiceEntry ${other.name} into this one`,
        perform: (draft) => merge(draft, subject, other),
      };
    }
  },
};

function isAlike(entry: Entry, other: Entry, written: (resource: AnyResource) => PlainMap | undefined): boolean {
  if (other.id === entry.id || other.name === entry.name || !isEditable(other.uri) || !looksAlike(entry, other))
    return false;
  const [a, b] = [written(entry), written(other)];
  return (
    a !== undefined &&
    b !== undefined &&
    samePlain(withoutHosts(a), withoutHosts(b)) &&
    samePlain(istioKeys(a), istioKeys(b))
  );
}

/** Before any text is parsed. */
function looksAlike({ spec: a }: Entry, { spec: b }: Entry): boolean {
  const ports = (spec: Entry['spec']) =>
    spec.ports.map(({ number, protocol }) => `${number?.value} ${protocol?.value}`).join();
  return (
    a.hosts.length > 0 && b.hosts.length > 0 && ports(a) === ports(b) && a.resolution?.value === b.resolution?.value
  );
}

function withoutHosts(plain: PlainMap): PlainMap {
  return { ...mapIn(plain, 'spec'), hosts: [] };
}

/** Labels and annotations that Istio reads. */
function istioKeys(plain: PlainMap): PlainMap {
  const metadata = mapIn(plain, 'metadata');
  const found = ['labels', 'annotations'].flatMap((list) =>
    Object.entries(mapIn(metadata, list))
      .filter(([key]) => /(?:^|\.)istio\.io\//.test(key))
      .map(([key, value]) => [`${list} ${key}`, value] as const),
  );
  return Object.fromEntries(found);
}

function merge(draft: Draft, entry: Entry, other: Entry): readonly string[] | undefined {
  const lost = lostOf(draft, entry, other);
  const have = entry.spec.hosts.map(({ value }) => value);
  const hosts = other.spec.hosts.map(({ value }) => value).filter((host) => !have.includes(host));
  const added = hosts.map((value): Change => ({ op: 'append', in: entry, path: ['spec', 'hosts'], value }));
  if (!draft.apply(added) || !attachInstead(draft, other, entry.name)) return undefined;
  const now = findAgain(draft, other);
  if (!now) return undefined;
  return draft.apply([{ op: 'remove-document', in: now }]) ? lost : undefined;
}

/** Labels and annotations that the other has alone, and its comments. */
function lostOf(draft: Draft, entry: Entry, other: Entry): readonly string[] {
  const [kept, gone] = [entry, other].map((one) => mapIn(plainOf(draft, one), 'metadata'));
  const keys = ['labels', 'annotations'].flatMap((list) =>
    Object.entries(mapIn(gone, list))
      .filter(([key, value]) => !samePlain(mapIn(kept, list)[key], value))
      .map(([key]) => `${list.slice(0, -1)} ${key} of ${describe(other)}`),
  );
  return [...keys, ...commentsOf(draft, other)];
}
