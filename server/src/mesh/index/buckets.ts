import { compareText } from '../../base/compare.ts';
import { inOnePiece } from '../../base/flat-text.ts';
import { countMembers, membersOf, withMember, withoutMember, type Members } from '../../base/members.ts';
import type { DocumentId, Resource } from '../../model/resource.ts';

type Compare = (a: Resource, b: Resource) => number;

export type PositionOf = (document: DocumentId) => number;

export function inFileOrder(positionOf: PositionOf): Compare {
  return (a, b) =>
    compareText(a.uri, b.uri) ||
    positionOf(a.document) - positionOf(b.document) ||
    (a.listIndex ?? -1) - (b.listIndex ?? -1) ||
    a.at.whole.start - b.at.whole.start ||
    a.id - b.id;
}

/**
 * Resources by key. Adding and removing cost the same however many share a key; what is asked for is sorted then, once
 * per change. A key with one member holds it bare, as most keys have one.
 */
export class Buckets {
  /** `undefined` hides what `#base` has. */
  readonly #byKey = new Map<string, Resource | Bucket | undefined>();
  readonly #compare: Compare;
  readonly #base: Buckets | undefined;

  /** `base`: what is there from the beginning, and is not changed. It must stay as it is. */
  constructor(compare: Compare, base?: Buckets) {
    this.#compare = compare;
    this.#base = base;
  }

  add(key: string, resource: Resource): void {
    const present = this.#ownOf(inOnePiece(key));
    if (present === undefined) this.#byKey.set(key, resource);
    else if (present instanceof Bucket) present.add(resource);
    else if (present !== resource) this.#byKey.set(key, new Bucket([present, resource]));
  }

  remove(key: string, resource: Resource): void {
    const present = this.#ownOf(key);
    if (present === resource) this.#empty(key);
    if (!(present instanceof Bucket)) return;
    present.delete(resource);
    if (present.size === 1) this.#byKey.set(key, present.any());
  }

  /** The members in the index's order; the array is the caller's to read, not to keep across edits. */
  get(key: string): readonly Resource[] {
    const present = this.#byKey.get(key);
    if (present !== undefined) return present instanceof Bucket ? present.sorted(this.#compare) : [present];
    return this.#base && !this.#byKey.has(key) ? this.#base.get(key) : [];
  }

  has(key: string): boolean {
    return this.#find(key) !== undefined;
  }

  size(key: string): number {
    const present = this.#find(key);
    if (present === undefined) return 0;
    return present instanceof Bucket ? present.size : 1;
  }

  /** Whether `resource` is the only member, or would be. */
  isAlone(key: string, resource: Resource): boolean {
    const present = this.#find(key);
    return present === undefined || present === resource;
  }

  #find(key: string): Resource | Bucket | undefined {
    const own = this.#byKey.get(key);
    return own !== undefined || !this.#base || this.#byKey.has(key) ? own : this.#base.#find(key);
  }

  /** To be changed. */
  #ownOf(key: string): Resource | Bucket | undefined {
    if (!this.#base || this.#byKey.has(key)) return this.#byKey.get(key);
    const members = this.#base.get(key);
    const own = members.length > 1 ? new Bucket(members, true) : members[0];
    this.#byKey.set(key, own);
    return own;
  }

  #empty(key: string): void {
    if (this.#base) this.#byKey.set(key, undefined);
    else this.#byKey.delete(key);
  }
}

/** With more changes than this since the last sorting, everything is sorted again. */
const mostInserted = 100;

/** Since the last sorting. */
interface Changes {
  readonly added: Set<Resource>;
  readonly removed: Set<Resource>;
}

/** Two members or more. */
class Bucket {
  #members: Members<Resource>;
  #sorted: readonly Resource[] | undefined;
  #changes: Changes | undefined;

  constructor(members: readonly Resource[], areSorted = false) {
    for (const member of members) this.#members = withMember(this.#members, member);
    if (areSorted) this.#sorted = members;
  }

  get size(): number {
    return countMembers(this.#members);
  }

  add(resource: Resource): void {
    this.#members = withMember(this.#members, resource);
    this.#note(resource, 'added', 'removed');
  }

  delete(resource: Resource): void {
    this.#members = withoutMember(this.#members, resource);
    this.#note(resource, 'removed', 'added');
  }

  any(): Resource {
    for (const member of membersOf(this.#members)) return member;
    throw new Error('an empty bucket');
  }

  sorted(compare: Compare): readonly Resource[] {
    if (!this.#sorted) this.#sorted = [...membersOf(this.#members)].sort(compare);
    else if (this.#changes) this.#sorted = adjusted(this.#sorted, this.#changes, compare);
    this.#changes = undefined;
    return this.#sorted;
  }

  #note(resource: Resource, change: keyof Changes, opposite: keyof Changes): void {
    if (!this.#sorted) return;
    this.#changes ??= { added: new Set(), removed: new Set() };
    if (!this.#changes[opposite].delete(resource)) this.#changes[change].add(resource);
    if (this.#changes[change].size > mostInserted) this.#sorted = undefined;
  }
}

/** A few changes in a long list. Edits move members, and leave the order of those that stay. */
function adjusted(sorted: readonly Resource[], { added, removed }: Changes, compare: Compare): readonly Resource[] {
  if (added.size === 0 && removed.size === 0) return sorted;
  const list = sorted.filter((one) => !removed.has(one));
  for (const resource of added) list.splice(placeIn(list, resource, compare), 0, resource);
  return list;
}

function placeIn(list: readonly Resource[], resource: Resource, compare: Compare): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (compare(list[middle]!, resource) <= 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** The list itself, if it has no more. */
export function firstOf<T>(list: readonly T[], most = Infinity): readonly T[] {
  return list.length <= most ? list : list.slice(0, most);
}
