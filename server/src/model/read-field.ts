// Typed access to a tree. A value of another type counts as absent: the schema check reports it, and no reader
// has to handle it. Nothing here throws.
import { flatText } from '../base/flat-text.ts';
import type { Span } from '../base/span.ts';
import { withoutRoom } from '../base/without-room.ts';
import type { YamlMap, YamlNode } from '../yaml/node.ts';
import { entryOf } from '../yaml/read.ts';
import { KeptField, type Field } from './field.ts';

/** What a reader is given: a node of unknown shape, or nothing at all. */
export type Maybe = YamlNode | undefined;

export function child(node: Maybe, key: string): Maybe {
  return entryOf(node, key)?.value;
}

export function childMap(node: Maybe, key: string): YamlMap | undefined {
  const value = child(node, key);
  return value?.kind === 'map' ? value : undefined;
}

/** Place of a key, also where its value is of the wrong type. */
export function keySpan(node: Maybe, key: string): Span | undefined {
  return entryOf(node, key)?.key.span;
}

export function textField(node: Maybe, key: string): Field<string> | undefined {
  const entry = entryOf(node, key);
  if (entry?.value.kind !== 'scalar' || typeof entry.value.value !== 'string') return undefined;
  return new KeptField(flatText(entry.value.value), entry.value.span, entry.key.span);
}

/** Whole numbers only: no field of the API that is read here takes a fraction. */
export function numberField(node: Maybe, key: string): Field<number> | undefined {
  const entry = entryOf(node, key);
  if (entry?.value.kind !== 'scalar' || !Number.isSafeInteger(entry.value.value)) return undefined;
  return new KeptField(entry.value.value as number, entry.value.span, entry.key.span);
}

export function booleanField(node: Maybe, key: string): Field<boolean> | undefined {
  const entry = entryOf(node, key);
  if (entry?.value.kind !== 'scalar' || typeof entry.value.value !== 'boolean') return undefined;
  return new KeptField(entry.value.value, entry.value.span, entry.key.span);
}

export function text(node: Maybe, key: string): string | undefined {
  return textField(node, key)?.value;
}

export function number(node: Maybe, key: string): number | undefined {
  return numberField(node, key)?.value;
}

/** A port that is given by number or by name. */
export function numberOrText(node: Maybe, key: string): number | string | undefined {
  return number(node, key) ?? text(node, key);
}

export function isTrue(node: Maybe, key: string): boolean {
  return booleanField(node, key)?.value === true;
}

const noItems: readonly never[] = [];

/** Items of a list; empty if the value is not a list. */
export function items(node: Maybe, key: string): readonly YamlNode[] {
  const value = child(node, key);
  return value?.kind === 'seq' ? value.items : noItems;
}

/** Text items of a list as fields; items of another type are left out. */
export function textList(node: Maybe, key: string): readonly Field<string>[] {
  const list = items(node, key);
  if (list.length === 0) return noItems;
  const fields: Field<string>[] = [];
  for (const item of list) {
    if (item.kind === 'scalar' && typeof item.value === 'string')
      fields.push(new KeptField(flatText(item.value), item.span, item.span));
  }
  return withoutRoom(fields);
}

/** As `textList`, but undefined if there is no list, for fields whose absence has a meaning of its own. */
export function optionalTextList(node: Maybe, key: string): readonly Field<string>[] | undefined {
  return child(node, key)?.kind === 'seq' ? textList(node, key) : undefined;
}

export function texts(node: Maybe, key: string): readonly string[] {
  const list = textList(node, key);
  return list.length === 0 ? noItems : list.map((field) => field.value);
}

/** Items of a list that are maps, with their index in the whole list, each turned by `read`. */
export function eachMap<T>(node: Maybe, key: string, read: (item: YamlMap, index: number) => T): readonly T[] {
  const list = items(node, key);
  if (list.length === 0) return noItems;
  const out: T[] = [];
  list.forEach((item, index) => {
    if (item.kind === 'map') out.push(read(item, index));
  });
  return withoutRoom(out);
}

const noFields: ReadonlyMap<string, never> = new Map<string, never>();

/** Entries with text values, each with its places: labels and annotations. */
export function textFields(node: Maybe): ReadonlyMap<string, Field<string>> {
  if (node?.kind !== 'map') return noFields;
  const fields = new Map<string, Field<string>>();
  for (const { key, value } of node.entries) {
    if (value.kind !== 'scalar' || typeof value.value !== 'string') continue;
    fields.set(flatText(String(key.value)), new KeptField(flatText(value.value), value.span, key.span));
  }
  return fields.size === 0 ? noFields : fields;
}

/** Entries with text values, without places: selectors. */
export function textMap(node: Maybe): ReadonlyMap<string, string> {
  const fields = textFields(node);
  return fields.size === 0 ? noFields : new Map([...fields].map(([key, field]) => [key, field.value]));
}

/** As `textMap` of a child, but undefined if the child is not a map: an absent selector is not an empty one. */
export function optionalTextMap(node: Maybe, key: string): ReadonlyMap<string, string> | undefined {
  const value = childMap(node, key);
  return value === undefined ? undefined : textMap(value);
}

/** Entries with whole numbers: port names of an endpoint. */
export function numberMap(node: Maybe, key: string): ReadonlyMap<string, number> {
  const value = childMap(node, key);
  if (value === undefined || value.entries.length === 0) return noFields;
  const numbers = new Map<string, number>();
  for (const entry of value.entries) {
    const name = String(entry.key.value);
    const port = number(value, name);
    if (port !== undefined) numbers.set(flatText(name), port);
  }
  return numbers;
}

/** Names of the keys of a map that are set to anything but null. */
export function setKeys(node: Maybe): readonly string[] {
  if (node?.kind !== 'map') return noItems;
  return node.entries.filter(({ value }) => !isNull(value)).map(({ key }) => flatText(String(key.value)));
}

export function isNull(node: Maybe): boolean {
  return node === undefined || (node.kind === 'scalar' && node.value === null);
}
