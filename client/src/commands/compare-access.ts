// Compare Access with: what the files open and close compared with a revision, the cluster, or themselves before the edits.
import { QuickPickItemKind, window, type QuickPickItem } from 'vscode';
import type { CompareAccessParams } from '../../../server/src/lsp/protocol/compare.ts';
import { comparisonTitle } from '../documents/names.ts';
import { workPlace } from '../documents/work-place.ts';
import type { EgressCommand, EgressContext } from '../extension-context.ts';
import { textsIn } from '../ui/texts-in.ts';
import { withStatus } from '../ui/progress.ts';
import { askServer } from './ask-server.ts';

type Base = Pick<CompareAccessParams, 'base' | 'revision'>;

interface BaseItem extends QuickPickItem {
  readonly value?: Base;
}

export const compareAccess: EgressCommand = {
  id: 'istioEgress.compareAccess',
  async run(egress, given) {
    const uri = workPlace()?.uri ?? null;
    const base = baseOf(given) ?? (await chooseBase(egress, uri));
    const found = base && (await askServer(egress, 'istioEgress/compareAccess', { uri, ...base }));
    if (found) await egress.answers.preview(comparisonTitle(uri, baseName(egress, base)), found.markdown);
    return found;
  },
};

function baseName({ live }: EgressContext, { base, revision = '' }: Base): string {
  if (base === 'opened') return 'the files as opened';
  return base === 'cluster' ? `cluster ${live.snapshot?.context ?? ''}` : revision;
}

/** From a caller: `{ base: 'opened' }`, `{ base: 'cluster' }` or `{ revision: 'main' }`. */
function baseOf(given: unknown): Base | undefined {
  const revision = textsIn(given, 'revision')?.revision;
  if (revision !== undefined) return { base: 'revision', revision };
  const base = textsIn(given, 'base')?.base;
  return base === 'opened' || base === 'cluster' ? { base } : undefined;
}

async function chooseBase({ server, live }: EgressContext, uri: string | null): Promise<Base | undefined> {
  const found = await withStatus('Reading the revisions', server.request('istioEgress/revisions', { uri }));
  const revisions = found?.revisions ?? [];
  const items: BaseItem[] = [
    { label: 'The files as they were opened', value: { base: 'opened' } },
    ...(live.snapshot ? [{ label: `Cluster ${live.snapshot.context}`, value: { base: 'cluster' as const } }] : []),
    ...(revisions.length > 0 ? [{ label: 'Git', kind: QuickPickItemKind.Separator }] : []),
    ...revisions.map((revision) => ({ label: revision, value: { base: 'revision' as const, revision } })),
  ];
  const chosen = await window.showQuickPick(items, {
    title: 'Compare Access with',
    placeHolder: 'What do the files open and close compared with…',
  });
  return chosen?.value;
}
