// The operations on a document, by field; `edit.ts` turns them into text edits.
import type { Span } from '../base/span.ts';
import type { PlainValue } from './read.ts';

/** A value to write. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** Path of a field from the document's root. */
export type Path = readonly (string | number)[];

export type EditOperation =
  /** Sets a field, making the maps above it where they are missing. An index may be the list's length. */
  | { readonly op: 'set'; readonly path: Path; readonly value: Plain }
  /** Adds an item at the end of a list, making the list where it is missing. */
  | { readonly op: 'append'; readonly path: Path; readonly value: Plain }
  /** Removes a field or an item; a map or list that loses its last one stays, empty. */
  | { readonly op: 'remove'; readonly path: Path }
  | { readonly op: 'rename-key'; readonly path: Path; readonly key: string }
  /** Removes the document with its `---`. */
  | { readonly op: 'remove-document' }
  /** Adds a document behind this one. */
  | { readonly op: 'append-document'; readonly manifest: Plain }
  | { readonly op: 'replace-text'; readonly span: Span; readonly newText: string };

/** The operations that change the value of a document. */
export type FieldOperation = Extract<EditOperation, { readonly path: Path }>;

/** What the document's value is after an operation; undefined if it cannot be done (a path through a scalar, a key taken). */
export function applyToPlain(plain: PlainValue | undefined, operation: FieldOperation): PlainValue | undefined {
  const { path } = operation;
  const [step, ...rest] = path;
  if (step === undefined) return applyHere(plain, operation);
  if (plain === undefined || plain === null)
    return isRemoval(operation)
      ? undefined
      : madeFor(step, (inner) => applyToPlain(inner, { ...operation, path: rest }));
  if (rest.length === 0 && isRemoval(operation)) return applyRemoval(plain, step, operation);
  return replaceAt(plain, step, (inner) => applyToPlain(inner, { ...operation, path: rest }));
}

function isRemoval(
  operation: FieldOperation,
): operation is Extract<FieldOperation, { readonly op: 'remove' | 'rename-key' }> {
  return operation.op === 'remove' || operation.op === 'rename-key';
}

function applyHere(plain: PlainValue | undefined, operation: FieldOperation): PlainValue | undefined {
  if (operation.op === 'set') return copy(operation.value);
  if (operation.op !== 'append') return undefined;
  if (plain === undefined || plain === null) return [copy(operation.value)];
  return Array.isArray(plain) ? [...plain, copy(operation.value)] : undefined;
}

type Inside = (inner: PlainValue | undefined) => PlainValue | undefined;

function madeFor(step: string | number, inside: Inside): PlainValue | undefined {
  const made = inside(undefined);
  if (made === undefined || (typeof step === 'number' && step !== 0)) return undefined;
  return typeof step === 'number' ? [made] : withEntry({}, step, made);
}

function replaceAt(plain: PlainValue, step: string | number, inside: Inside): PlainValue | undefined {
  if (Array.isArray(plain)) {
    if (typeof step !== 'number' || step < 0 || step > plain.length) return undefined;
    const made = inside(plain[step]);
    return made === undefined ? undefined : plain.toSpliced(step, 1, made);
  }
  if (!isMap(plain)) return undefined;
  const made = inside(own(plain, String(step)));
  return made === undefined ? undefined : withEntry(plain, String(step), made);
}

function applyRemoval(plain: PlainValue, step: string | number, operation: FieldOperation): PlainValue | undefined {
  if (Array.isArray(plain)) {
    const is = typeof step === 'number' && step >= 0 && step < plain.length && operation.op === 'remove';
    return is ? plain.toSpliced(step, 1) : undefined;
  }
  const name = String(step);
  if (!isMap(plain) || own(plain, name) === undefined) return undefined;
  if (operation.op !== 'rename-key') return mapOf(Object.entries(plain).filter(([key]) => key !== name));
  if (own(plain, operation.key) !== undefined) return undefined;
  return mapOf(Object.entries(plain).map(([key, value]) => [key === name ? operation.key : key, value]));
}

function withEntry(plain: { [key: string]: PlainValue }, name: string, value: PlainValue): PlainValue {
  if (own(plain, name) === undefined) return mapOf([...Object.entries(plain), [name, value]]);
  return mapOf(Object.entries(plain).map(([key, old]) => [key, key === name ? value : old]));
}

/** As `toPlain` makes them: `Object.fromEntries` defines keys, so that `__proto__` is a key like any other. */
function mapOf(entries: readonly (readonly [string, PlainValue])[]): { [key: string]: PlainValue } {
  return Object.fromEntries(entries);
}

function own(plain: { [key: string]: PlainValue }, key: string): PlainValue | undefined {
  return Object.hasOwn(plain, key) ? plain[key] : undefined;
}

function isMap(plain: PlainValue): plain is { [key: string]: PlainValue } {
  return typeof plain === 'object' && plain !== null && !Array.isArray(plain);
}

function copy(value: Plain): PlainValue {
  return structuredCloneOf(value);
}

function structuredCloneOf(value: Plain): PlainValue {
  if (isList(value)) return value.map(structuredCloneOf);
  if (typeof value !== 'object' || value === null) return value;
  return mapOf(Object.entries(value).map(([key, inner]) => [key, structuredCloneOf(inner)]));
}

export function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

/** True if two values say the same; the order of keys says nothing. */
export function samePlain(a: Plain | undefined, b: Plain | undefined): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isList(a) || isList(b))
    return isList(a) && isList(b) && a.length === b.length && a.every((item, i) => samePlain(item, b[i]));
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && samePlain(a[key], b[key]))
  );
}
