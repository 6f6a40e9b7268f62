// Marks a resource that is missing or different on the other side (files or cluster).
import type { Drift } from '../../../server/src/cluster/snapshot/drift.ts';
import type { Evidence } from '../../../server/src/lsp/protocol/shared.ts';
import { driftKey, type Live } from '../cluster/live.ts';

export type Mark = 'missing' | 'extra' | 'different';

export function markOf({ drift }: Pick<Live, 'drift'>, place: Evidence | null | undefined): Mark | undefined {
  const what = place?.resource ? drift?.get(driftKey(place.resource))?.what : undefined;
  return what === 'not-compared' ? undefined : what;
}

export const markWords: Readonly<Record<Mark, string>> = {
  missing: 'not in the cluster',
  extra: 'not in the files',
  different: 'differs',
};

export const markIcons: Readonly<Record<Mark, readonly [string, string]>> = {
  missing: ['diff-added', 'gitDecoration.untrackedResourceForeground'],
  extra: ['diff-removed', 'descriptionForeground'],
  different: ['diff-modified', 'gitDecoration.modifiedResourceForeground'],
};

/** `{ description, contextValue, icon }` with the mark in them, in front: a narrow view cuts off the rest. */
export function marked<
  T extends { readonly description?: string; readonly contextValue: string; readonly icon: readonly [string, string?] },
>(given: T, mark: Mark | undefined): T {
  if (!mark) return given;
  const description = [markWords[mark], given.description ?? ''].filter((part) => part !== '').join(' · ');
  return {
    ...given,
    description,
    contextValue: `${given.contextValue}.${mark}`,
    icon: [given.icon[0], markIcons[mark][1]],
  };
}

/** Fields that differ, for a tooltip. */
export function fieldsOf(drift: Drift | undefined): readonly string[] {
  if (drift?.what !== 'different') return [];
  const shown = drift.fields.slice(0, 8).map(({ path }) => path);
  return drift.fields.length > shown.length ? [...shown, '…'] : shown;
}
