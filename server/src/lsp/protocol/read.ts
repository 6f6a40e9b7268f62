// Readers of input: each checks the shape of a value from the wire and gives it back typed, or throws with the place of the fault.
import { isRecord } from '../../base/is-record.ts';

/** `at` is the place of the value, such as `position.line`; the message names it. */
export interface Reader<T> {
  (value: unknown, at: string): T;
  /** The shape for users, such as `{ uri, hosts? }`; empty where the place says enough. */
  readonly shape?: string;
}

export interface OptionalReader<T> extends Reader<T | undefined> {
  readonly isOptional: true;
}

/** A reader for each field; the compiler holds it to the type, optional fields too. */
type FieldReaders<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K>
    ? OptionalReader<Exclude<T[K], undefined>>
    : Reader<T[K]>;
};

/** The input does not have the shape that its reader requires. */
export class MalformedInput extends Error {
  override readonly name = 'MalformedInput';

  constructor(at: string, wanted: string, value: unknown) {
    super(`${at === '' ? 'The parameters' : `\`${at}\``} must be ${wanted}, not ${kindOf(value)}.`);
  }
}

/** Undefined if the value does not have the shape: for input whose absence is as good. */
export function readIfValid<T>(read: Reader<T>, value: unknown): T | undefined {
  try {
    return read(value, '');
  } catch (error) {
    if (error instanceof MalformedInput) return undefined;
    throw error;
  }
}

export const text: Reader<string> = (value, at) => (typeof value === 'string' ? value : refuse(at, 'a string', value));

export const flag: Reader<boolean> = (value, at) =>
  typeof value === 'boolean' ? value : refuse(at, '`true` or `false`', value);

/** As LSP counts lines and characters. */
export const wholeNumber: Reader<number> = (value, at) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0
    ? value
    : refuse(at, 'a whole number, 0 or more', value);

/** Any object, whose content the caller judges. */
export const anyObject: Reader<object> = (value, at) => (isRecord(value) ? value : refuse(at, 'an object', value));

/** A value that the caller judges. */
export const anything: Reader<unknown> = (value) => value;

/** For requests without parameters: what a client sends all the same is ignored. */
export const nothing: Reader<undefined> = Object.assign(() => undefined, { shape: 'nothing' });

export function oneOf<T extends string>(...words: readonly T[]): Reader<T> {
  const wanted = `one of ${words.map((word) => `\`${word}\``).join(', ')}`;
  return (value, at) => words.find((word) => word === value) ?? refuse(at, wanted, value);
}

export function listOf<T>(read: Reader<T>): Reader<readonly T[]> {
  return (value, at) =>
    Array.isArray(value) ? value.map((item: unknown, i) => read(item, `${at}[${i}]`)) : refuse(at, 'a list', value);
}

/** Values by name, all of one shape. */
export function mapOf<T>(read: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (value, at) => {
    if (!isRecord(value)) return refuse(at, 'an object', value);
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, read(one, fieldAt(at, name))]));
  };
}

/** `null`, and absent, which clients mean the same by. */
export function nullable<T>(read: Reader<T>): Reader<T | null> {
  return Object.assign((value: unknown, at: string) => (isAbsent(value) ? null : read(value, at)), shapeOf(read));
}

/** A field that may be absent; `null` counts as absent. */
export function optional<T>(read: Reader<T>): OptionalReader<T> {
  const reader = (value: unknown, at: string) => (isAbsent(value) ? undefined : read(value, at));
  return Object.assign(reader, { isOptional: true as const }, shapeOf(read));
}

/** An object with these fields; others are ignored, so that newer clients can send more. */
export function object<T extends object>(fields: FieldReaders<T>): Reader<T> {
  const readers = Object.entries(fields) as readonly (readonly [string, Reader<unknown> | OptionalReader<unknown>])[];
  const names = readers.map(([name, read]) => ('isOptional' in read ? `${name}?` : name));
  const read = (value: unknown, at: string): T => {
    if (!isRecord(value)) return refuse(at, `an object ${shape}`, value);
    const found = readers.map(([name, readField]) => [name, readField(value[name], fieldAt(at, name))] as const);
    // Each field was read by the reader of its type, which the compiler cannot see through `Object.entries`.
    return Object.fromEntries(found.filter(([, one]) => one !== undefined)) as T;
  };
  const shape = `{ ${names.join(', ')} }`;
  return Object.assign(read, { shape });
}

function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function refuse(at: string, wanted: string, value: unknown): never {
  throw new MalformedInput(at, wanted, value);
}

function fieldAt(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}

function shapeOf({ shape }: Reader<unknown>): { readonly shape?: string } {
  return shape === undefined ? {} : { shape };
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'absent';
  if (value === null) return '`null`';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `\`${JSON.stringify(value).slice(0, 60)}\``;
}
