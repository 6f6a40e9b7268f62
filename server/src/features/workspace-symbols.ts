// Resources and hosts by name, over all folders: what a person types into "go to symbol".
import { keptFor } from '../base/kept-for.ts';
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
  const closest = new ClosestItems();
  for (const [number, { writtenMesh }] of workspaces.entries())
    for (const kind of allKinds) {
      const { texts, items } = searchedIn(writtenMesh.all(kind) as readonly AnyResource[]);
      for (let i = 0; i < texts.length; i++) {
        const rank = rankOf(texts[i]!, letters);
        // What a cluster holds lies under the files of every folder; it is listed once.
        if (rank === undefined || (number > 0 && isClusterUri(items[i]!.resource.uri))) continue;
        closest.add(items[i]!, rank);
        if (closest.farthest < 0) return closest.listed();
      }
    }
  return closest.listed();
}

/** As many as are listed, by rank; of one rank, those that came first. */
class ClosestItems {
  readonly #byRank: WorkspaceSymbolItem[][] = [];
  /** What ranks behind is not listed any more: the list is full without it. */
  farthest = Number.POSITIVE_INFINITY;

  add(item: WorkspaceSymbolItem, rank: number): void {
    if (rank > this.farthest) return;
    (this.#byRank[rank] ??= []).push(item);
    let count = 0;
    for (let at = 0; at < this.#byRank.length; at++) {
      count += this.#byRank[at]?.length ?? 0;
      if (count < most) continue;
      this.farthest = at - 1;
      return;
    }
  }

  listed(): readonly WorkspaceSymbolItem[] {
    return this.#byRank.flat().slice(0, most);
  }
}

/** Two lists of one length: a query goes through all texts, and needs few of the items. */
interface Searched {
  /** The names in lower case. */
  readonly texts: readonly string[];
  readonly items: readonly WorkspaceSymbolItem[];
}

/** Of a kind, until one of the kind is edited. */
const searchedIn = keptFor((resources: readonly AnyResource[]): Searched => {
  const all = resources.map(namesOf);
  return { texts: all.flatMap(({ texts }) => texts), items: all.flatMap(({ items }) => items) };
});

const namesOf = keptFor((resource: AnyResource): Searched => {
  const items = isRenderedUri(resource.uri) ? [] : itemsOf(resource);
  return { texts: items.map(({ name }) => name.toLowerCase()), items };
});

function itemsOf(resource: AnyResource): readonly WorkspaceSymbolItem[] {
  const { written, namespace, name } = resource;
  const full = `${written.kind}/${namespace === '' ? '' : `${namespace}/`}${name}`;
  const container = isClusterUri(resource.uri) ? 'cluster' : '';
  const hosts = resource.kind === 'ServiceEntry' ? resource.spec.hosts : [];
  return [
    { name: full, kind: 'resource', container, resource, at: resource.at.name },
    ...hosts.map((host) => ({ name: host.value, kind: 'host' as const, container: full, resource, at: host.span })),
  ];
}

/** Smaller is closer: the whole query in one piece, early in the text; undefined where letters are missing. */
function rankOf(text: string, letters: string): number | undefined {
  let matched = 0;
  let gaps = 2;
  let last = 0;
  for (let at = 0; at < text.length && matched < letters.length; at++) {
    if (text.charCodeAt(at) !== letters.charCodeAt(matched)) continue;
    gaps += Math.min(at - last, 9);
    last = at + 1;
    matched++;
  }
  if (matched < letters.length) return undefined;
  const whole = text.indexOf(letters);
  if (whole < 0) return gaps;
  return whole === 0 || text[whole - 1] === '/' ? 0 : 1;
}
