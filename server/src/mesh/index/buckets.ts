import { compareText } from '../../base/compare.ts';
import { flatText } from '../../base/flat-text.ts';
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
    const present = this.#ownOf(key);
    if (present === undefined) this.#byKey.set(flatText(key), resource);
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

/** Two members or more. */
class Bucket {
  readonly #members: Set<Resource>;
  #sorted: readonly Resource[] | undefined;
  /** Since the last sorting. */
  readonly #added = new Set<Resource>();
  readonly #removed = new Set<Resource>();

  constructor(members: readonly Resource[], areSorted = false) {
    this.#members = new Set(members);
    if (areSorted) this.#sorted = members;
  }

  get size(): number {
    return this.#members.size;
  }

  add(resource: Resource): void {
    this.#members.add(resource);
    this.#note(resource, this.#added, this.#removed);
  }

  delete(resource: Resource): void {
    this.#members.delete(resource);
    this.#note(resource, this.#removed, this.#added);
  }

  any(): Resource {
    for (const member of this.#members) return member;
    throw new Error('an empty bucket');
  }

  sorted(compare: Compare): readonly Resource[] {
    if (!this.#sorted) this.#sorted = [...this.#members].sort(compare);
    else if (this.#added.size > 0 || this.#removed.size > 0) this.#sorted = this.#adjusted(this.#sorted, compare);
    this.#added.clear();
    this.#removed.clear();
    return this.#sorted;
  }

  #note(resource: Resource, changes: Set<Resource>, opposite: Set<Resource>): void {
    if (!this.#sorted) return;
    if (!opposite.delete(resource)) changes.add(resource);
    if (changes.size > mostInserted) this.#sorted = undefined;
  }

  /** A few changes in a long list. Edits move members, and leave the order of those that stay. */
  #adjusted(sorted: readonly Resource[], compare: Compare): readonly Resource[] {
    const list = sorted.filter((one) => !this.#removed.has(one));
    for (const resource of this.#added) list.splice(placeIn(list, resource, compare), 0, resource);
    return list;
  }
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
