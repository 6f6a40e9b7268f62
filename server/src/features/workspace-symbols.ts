// Resources and hosts by name, over all folders: what a person types into "go to symbol".
import type { Span } from '../base/span.ts';
import type { Workspace } from '../engine/workspace.ts';
import { allKinds } from '../model/kind-of.ts';
import type { AnyResource } from '../model/resource.ts';
import { isClusterUri } from '../sources/cluster-files.ts';
import { isRenderedUri } from '../sources/rendered/rendered-files.ts';

export interface WorkspaceSymbolItem {
  /** `Kind/namespace/name`, or the host. */
  readonly name: string;
  readonly kind: 'resource' | 'host';
  readonly container: string;
  readonly resource: AnyResource;
  /** In its document. */
  readonly at: Span;
}

/** Nobody reads a longer list. */
const most = 200;

/** Those whose letters come in the order of the query; the closest first. */
export function workspaceSymbols(workspaces: readonly Workspace[], query: string): readonly WorkspaceSymbolItem[] {
  const letters = query.toLowerCase().replaceAll(' ', '');
  const found: { readonly item: WorkspaceSymbolItem; readonly rank: number }[] = [];
  for (const item of all(workspaces)) {
    const rank = rankOf(item.name.toLowerCase(), letters);
    if (rank === undefined) continue;
    found.push({ item, rank });
    // Without a query all rank alike: the first are as good as any.
    if (letters === '' && found.length >= most) break;
  }
  return found
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ item }) => item);
}

function* all(workspaces: readonly Workspace[]): Generator<WorkspaceSymbolItem> {
  for (const { writtenMesh } of workspaces)
    for (const kind of allKinds)
      for (const resource of writtenMesh.all(kind) as readonly AnyResource[])
        if (!isRenderedUri(resource.uri)) yield* itemsOf(resource);
}

function* itemsOf(resource: AnyResource): Generator<WorkspaceSymbolItem> {
  const { written, namespace, name } = resource;
  const full = `${written.kind}/${namespace === '' ? '' : `${namespace}/`}${name}`;
  const container = isClusterUri(resource.uri) ? 'cluster' : '';
  yield { name: full, kind: 'resource', container, resource, at: resource.at.name };
  if (resource.kind === 'ServiceEntry')
    for (const host of resource.spec.hosts)
      yield { name: host.value, kind: 'host', container: full, resource, at: host.span };
}

/** Smaller is closer: the whole query in one piece, early in the text; undefined where letters are missing. */
function rankOf(text: string, letters: string): number | undefined {
  const whole = text.indexOf(letters);
  if (whole >= 0) return whole === 0 || text[whole - 1] === '/' ? 0 : 1;
  let at = 0;
  let gaps = 2;
  for (const letter of letters) {
    const next = text.indexOf(letter, at);
    if (next < 0) return undefined;
    gaps += Math.min(next - at, 9);
    at = next + 1;
  }
  return gaps;
}
