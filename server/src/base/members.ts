// Small sets, of which there is one for each of many keys: one member is held bare, a few in a list, which is a third of a set's size.

/** In the order in which they came. What is in it is no list and no set. */
export type Members<T> = T | T[] | Set<T> | undefined;

/** A list of these is looked through as quickly as a set. */
const few = 8;

/** What to hold in place of `members` once `one` is among them. */
export function withMember<T>(members: Members<T>, one: T): Members<T> {
  if (members === undefined) return one;
  if (members instanceof Set) return members.add(one);
  if (!Array.isArray(members)) return members === one ? members : [members, one];
  if (members.includes(one)) return members;
  return members.length < few ? members.concat([one]) : new Set(members).add(one); // `push` would make room for 16 more
}

/** The same once it is not. */
export function withoutMember<T>(members: Members<T>, one: T): Members<T> {
  if (members instanceof Set) {
    members.delete(one);
    return members.size === 0 ? undefined : members;
  }
  if (!Array.isArray(members)) return members === one ? undefined : members;
  const at = members.indexOf(one);
  if (at >= 0) members.splice(at, 1);
  return members.length > 1 ? members : members[0];
}

export function hasMember<T>(members: Members<T>, one: T): boolean {
  if (members instanceof Set) return members.has(one);
  return Array.isArray(members) ? members.includes(one) : members === one;
}

export function membersOf<T>(members: Members<T>): Iterable<T> {
  if (members === undefined) return [];
  return members instanceof Set || Array.isArray(members) ? members : [members];
}

export function countMembers<T>(members: Members<T>): number {
  if (members === undefined) return 0;
  if (members instanceof Set) return members.size;
  return Array.isArray(members) ? members.length : 1;
}
