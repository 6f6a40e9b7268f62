// Subjects that share an answer, in few words: whole namespaces by their names, long lists by how many are left.
import { groupBy } from '../../base/group-by.ts';
import { compareText } from '../../base/compare.ts';
import type { Subject } from './access-subjects.ts';

type Named = Exclude<Subject, '*'>;

/** More accounts or namespaces than this are counted instead of named. */
const mostNames = 4;

/** `all` are the subjects that have an answer at the same place, so that a whole namespace can be told from a part of it. */
export function subjectsText(subjects: readonly Subject[], all: readonly Subject[]): string {
  if (all.length > 1 && subjects.length === all.length) return 'all clients';
  const inAll = byNamespace(all);
  const parts = { accounts: [] as string[], whole: [] as string[], others: [] as string[] };
  for (const [namespace, here] of byNamespace(subjects)) {
    const isWhole = here.length === inAll.get(namespace)?.length && here.some(isRest);
    if (isWhole) parts.whole.push(namespace);
    else {
      parts.accounts.push(...here.filter((one) => !isRest(one)).map((one) => `${namespace}/${one.serviceAccount!}`));
      if (here.some(isRest)) parts.others.push(namespace);
    }
  }
  return [
    ...(parts.accounts.length > 0 ? [named(parts.accounts, 'accounts')] : []),
    ...(parts.whole.length > 0 ? [`all accounts in ${named(parts.whole, 'namespaces')}`] : []),
    ...(parts.others.length > 0 ? [`other accounts in ${named(parts.others, 'namespaces')}`] : []),
    ...(subjects.includes('*') ? ['all other clients'] : []),
  ].join('; ');
}

function isRest({ serviceAccount }: Named): boolean {
  return serviceAccount === undefined;
}

function byNamespace(subjects: readonly Subject[]): ReadonlyMap<string, readonly Named[]> {
  return groupBy(
    subjects.filter((one) => one !== '*'),
    ({ namespace }) => namespace,
  );
}

function named(names: readonly string[], noun: string): string {
  const sorted = [...names].sort(compareText);
  if (sorted.length <= mostNames) return sorted.join(', ');
  return `${sorted.slice(0, mostNames - 1).join(', ')} and ${sorted.length - mostNames + 1} more ${noun}`;
}
