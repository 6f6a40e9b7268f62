// Which of many label selectors select some labels, and which of many labels a selector selects: a namespace can have thousands of both.
import { addToGroup } from '../base/group-by.ts';
import type { Field } from '../model/field.ts';
import { selects } from './label-selector.ts';

type Labels = ReadonlyMap<string, string>;
/** Those of manifests are fields. */
type Written = ReadonlyMap<string, string | Field<string>>;

/** Those that select the labels, in their order. */
export type Selecting<T> = (labels: Labels) => readonly T[];

interface Placed<T> {
  readonly item: T;
  readonly order: number;
  readonly selector: Labels;
}

/** Items without a selector select nothing. Each is kept under one label of its selector, and compared only with labels that have it. */
export function bySelector<T>(items: readonly T[], selectorOf: (item: T) => Labels | undefined): Selecting<T> {
  const byLabel = new Map<string, [Placed<T>, ...Placed<T>[]]>();
  for (const [order, item] of items.entries()) {
    const selector = selectorOf(item);
    if (selector) addToGroup(byLabel, labelKey([...selector][0]), { item, order, selector });
  }
  return (labels) =>
    [undefined, ...labels]
      .flatMap((label) => byLabel.get(labelKey(label)) ?? [])
      .filter(({ selector }) => selects(selector, labels))
      .sort((a, b) => a.order - b.order)
      .map(({ item }) => item);
}

/** The other way round: items by each of their labels, for `selectedOf`. */
export function byLabel<T>(items: readonly T[], labelsOf: (item: T) => Written): ByLabel<T> {
  const found = new Map<string, [T, ...T[]]>();
  for (const item of items)
    for (const [key, value] of labelsOf(item))
      addToGroup(found, labelKey([key, typeof value === 'object' ? value.value : value]), item);
  return found;
}

export type ByLabel<T> = ReadonlyMap<string, readonly T[]>;

/** Those that the selector, which is not empty, selects, in their order. Compared are only those that have the rarest of its labels. */
export function selectedOf<T>(items: ByLabel<T>, selector: Labels, labelsOf: (item: T) => Written): readonly T[] {
  const [first = [], ...others] = [...selector].map((label) => items.get(labelKey(label)) ?? []);
  const fewest = others.reduce((least, group) => (group.length < least.length ? group : least), first);
  return fewest.filter((item) => selects(selector, labelsOf(item)));
}

function labelKey(label: readonly [string, string] | undefined): string {
  return label ? label.join('=') : '';
}
