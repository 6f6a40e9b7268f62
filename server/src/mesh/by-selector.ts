// Which of many label selectors select some labels: a namespace can have thousands, and as many pods that ask.
import { addToGroup } from '../base/group-by.ts';
import { selects } from './label-selector.ts';

type Labels = ReadonlyMap<string, string>;

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

function labelKey(label: readonly [string, string] | undefined): string {
  return label ? label.join('=') : '';
}
