// The operations on a document, by field; `edit.ts` turns them into text edits.
import type { Span } from '../base/span.ts';
import { isList, isMap, type Plain, type PlainMap } from './plain.ts';
import type { FieldPath } from '../base/field-path.ts';

export type EditOperation =
  /** Sets a field, making the maps above it where they are missing. An index may be the list's length. */
  | { readonly op: 'set'; readonly path: FieldPath; readonly value: Plain }
  /** Adds an item at the end of a list, making the list where it is missing. */
  | { readonly op: 'append'; readonly path: FieldPath; readonly value: Plain }
  /** Removes a field or an item; a map or list that loses its last one stays, empty. */
  | { readonly op: 'remove'; readonly path: FieldPath }
  | { readonly op: 'rename-key'; readonly path: FieldPath; readonly key: string }
  /** Removes the document with its `---`. */
  | { readonly op: 'remove-document' }
  /** Adds a document behind this one. */
  | { readonly op: 'append-document'; readonly manifest: Plain }
  | { readonly op: 'replace-text'; readonly span: Span; readonly newText: string };

/** The operations that change the value of a document. */
export type FieldOperation = Extract<EditOperation, { readonly path: FieldPath }>;

/** What the document's value is after an operation; undefined if it cannot be done (a path through a scalar, a key taken). */
export function applyToPlain(plain: Plain | undefined, operation: FieldOperation): Plain | undefined {
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

function applyHere(plain: Plain | undefined, operation: FieldOperation): Plain | undefined {
  if (operation.op === 'set') return operation.value;
  if (operation.op !== 'append') return undefined;
  if (plain === undefined || plain === null) return [operation.value];
  return isList(plain) ? [...plain, operation.value] : undefined;
}

type Inside = (inner: Plain | undefined) => Plain | undefined;

function madeFor(step: string | number, inside: Inside): Plain | undefined {
  const made = inside(undefined);
  if (made === undefined || (typeof step === 'number' && step !== 0)) return undefined;
  return typeof step === 'number' ? [made] : withEntry({}, step, made);
}

function replaceAt(plain: Plain, step: string | number, inside: Inside): Plain | undefined {
  if (isList(plain)) {
    if (typeof step !== 'number' || step < 0 || step > plain.length) return undefined;
    const made = inside(plain[step]);
    return made === undefined ? undefined : plain.toSpliced(step, 1, made);
  }
  if (!isMap(plain)) return undefined;
  const made = inside(own(plain, String(step)));
  return made === undefined ? undefined : withEntry(plain, String(step), made);
}

function applyRemoval(plain: Plain, step: string | number, operation: FieldOperation): Plain | undefined {
  if (isList(plain)) {
    const is = typeof step === 'number' && step >= 0 && step < plain.length && operation.op === 'remove';
    return is ? plain.toSpliced(step, 1) : undefined;
  }
  const name = String(step);
  if (!isMap(plain) || own(plain, name) === undefined) return undefined;
  if (operation.op !== 'rename-key') return mapOf(Object.entries(plain).filter(([key]) => key !== name));
  if (own(plain, operation.key) !== undefined) return undefined;
  return mapOf(Object.entries(plain).map(([key, value]) => [key === name ? operation.key : key, value]));
}

function withEntry(plain: PlainMap, name: string, value: Plain): Plain {
  if (own(plain, name) === undefined) return mapOf([...Object.entries(plain), [name, value]]);
  return mapOf(Object.entries(plain).map(([key, old]) => [key, key === name ? value : old]));
}

/** As `toPlain` makes them: `Object.fromEntries` defines keys, so that `__proto__` is a key like any other. */
function mapOf(entries: readonly (readonly [string, Plain])[]): PlainMap {
  return Object.fromEntries(entries);
}

function own(plain: PlainMap, key: string): Plain | undefined {
  return Object.hasOwn(plain, key) ? plain[key] : undefined;
}
