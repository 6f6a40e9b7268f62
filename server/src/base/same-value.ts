import { isRecord } from './is-record.ts';

/** Whether two plain values are equal in every part. What has an `id` is the same where the id is. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  return isObject(a) && isObject(b) && sameParts(a, b);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function sameParts(a: object, b: object): boolean {
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && sameItems(a, b);
  if (isCollection(a) || isCollection(b)) return isCollection(a) && isCollection(b) && sameItems([...a], [...b]);
  return 'id' in a && 'id' in b ? a.id === b.id : sameEntries(a, b);
}

function isCollection(value: object): value is ReadonlyMap<unknown, unknown> | ReadonlySet<unknown> {
  return value instanceof Map || value instanceof Set;
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
}

function sameEntries(a: object, b: object): boolean {
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  );
}
