// Which fields of an object a row of the table is about.
import type { FieldPath } from '../base/field-path.ts';
import type { YamlMap, YamlNode, YamlScalar } from '../yaml/node.ts';

/** Steps from the root of an object: a key, `[]` for each item of a list, `*` for each key of a map. */
export type FieldPattern = readonly string[];

export const eachItem = '[]';
export const eachKey = '*';

/** `spec.http[].route[].destination.host` as steps. */
export function fields(path: string): FieldPattern {
  return path.split('.').flatMap((step) => (step.endsWith('[]') ? [step.slice(0, -2), eachItem] : [step]));
}

export interface FoundField {
  readonly path: FieldPath;
  readonly node: YamlNode;
  /** The key over the value; undefined for an item of a list. */
  readonly key: YamlScalar | undefined;
}

/** All that is there, in the order of the text. What a merge key brings in lies elsewhere and is skipped. */
export function* fieldsLike(root: YamlNode, pattern: FieldPattern): Generator<FoundField> {
  yield* below({ path: [], node: root, key: undefined }, pattern);
}

function* below(here: FoundField, rest: FieldPattern): Generator<FoundField> {
  const [step, ...further] = rest;
  if (step === undefined) {
    yield here;
    return;
  }
  const { node, path } = here;
  if (node.kind === 'seq' && step === eachItem)
    for (const [i, item] of node.items.entries())
      yield* below({ path: [...path, i], node: item, key: undefined }, further);
  else if (node.kind === 'map' && step !== eachItem) yield* belowKeys(node, path, step, further);
}

function* belowKeys(node: YamlMap, path: FieldPath, step: string, further: FieldPattern): Generator<FoundField> {
  for (const { key, value, merged } of node.entries) {
    const name = String(key.value);
    if (!merged && (step === eachKey || step === name))
      yield* below({ path: [...path, name], node: value, key }, further);
  }
}

export function matchesPattern(pattern: FieldPattern, path: FieldPath): boolean {
  return pattern.length === path.length && pattern.every((step, i) => stepMatches(step, path[i]!));
}

function stepMatches(pattern: string, step: string | number): boolean {
  if (pattern === eachItem) return typeof step === 'number';
  return typeof step === 'string' && (pattern === eachKey || pattern === step);
}
