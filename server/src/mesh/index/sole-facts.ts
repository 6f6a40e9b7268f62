// Facts that one reader alone asked for, and that rest on few keys, are let go: the reader rests on these keys itself. An edit of one of them
// then wakes the reader at once, where the fact would have been checked first, so no key gets more than a few readers in this way.
import { countMembers, hasMember, withMember, withoutMember } from '../../base/members.ts';
import {
  keysIn,
  readersIn,
  setReaders,
  type Fact,
  type KnownKey,
  type KnownKeys,
  type Reader,
  type Readers,
} from './fact.ts';

/** Keys that a fact rests on; more of them take more room than the fact. */
const mostBehind = 8;
/** Subjects that are run again for a key. */
const mostSubjects = 3;
/** Facts that are checked for a key. */
const mostFacts = 32;

/**
 * What the reader rests on in place of `keys`, on which it is noted; with its facts, the same of what these rest on. Nothing may be in doubt.
 * Undefined where all stays as it is. What rests on thousands of keys is read by many: facts that were `seen` are not looked at again.
 */
export function withoutSoleFacts(
  known: KnownKeys,
  subject: number,
  keys: readonly KnownKey[],
  seen: Set<Fact>,
): readonly KnownKey[] | undefined {
  const now = expanded(known, 'subjects', subject, keys);
  for (const { fact } of now ?? keys) {
    if (!fact || seen.has(fact)) continue;
    seen.add(fact);
    const behind = expanded(known, 'readers', fact, keysIn(fact.behind));
    if (behind) fact.behind = behind.length === 1 ? behind[0]! : behind;
  }
  return now;
}

function expanded<R extends Readers>(
  known: KnownKeys,
  as: R,
  reader: Reader<R>,
  keys: readonly KnownKey[],
): readonly KnownKey[] | undefined {
  if (!keys.some((key) => soleFact(key, as, reader))) return undefined;
  const kept = new Set(keys);
  for (const key of kept) {
    const fact = soleFact(key, as, reader);
    if (!fact) continue;
    kept.delete(key);
    setReaders(key, as, undefined);
    for (const behind of keysIn(fact.behind)) {
      setReaders(behind, as, withMember<Reader<R>>(readersIn(behind, as), reader));
      setReaders(behind, 'readers', withoutMember<Fact>(behind.readers, fact));
      kept.delete(behind); // looked at again: the fact was one of its readers
      kept.add(behind);
    }
    known.delete(fact);
  }
  return [...kept];
}

/** The fact of a key that the reader alone rests on, if it can rest on what is behind it. */
function soleFact<R extends Readers>(key: KnownKey, as: R, reader: Reader<R>): Fact | undefined {
  const { fact, readers, subjects } = key;
  if (!fact || (as === 'subjects' ? readers : subjects) !== undefined) return undefined;
  if (countMembers(readersIn(key, as)) !== 1) return undefined;
  const behind = keysIn(fact.behind);
  if (behind.length > mostBehind) return undefined;
  return behind.every((one) => isReadByFew(one) || hasMember<Reader<R>>(readersIn(one, as), reader)) ? fact : undefined;
}

function isReadByFew({ readers, subjects }: KnownKey): boolean {
  return countMembers(subjects) < mostSubjects && countMembers(readers) <= mostFacts;
}
