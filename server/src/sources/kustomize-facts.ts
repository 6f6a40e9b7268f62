// Facts that the kustomizations of a workspace state about other files. Nothing is built. If two contradict each other,
// neither is used.
import { isRemote, type Kustomization } from '../model/kustomization.ts';
import type { FileFacts } from './file-facts.ts';
import { folderOf, join } from './paths.ts';

export const kustomizationNames: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

export function isKustomizationName(name: string): boolean {
  return kustomizationNames.includes(name);
}

interface Graph {
  /** By the folder of the kustomization. */
  readonly byFolder: ReadonlyMap<string, Kustomization>;
  /** Folders of the kustomizations that list a file or folder. */
  readonly listedBy: ReadonlyMap<string, readonly string[]>;
}

/** Facts of the files that kustomizations list; `kustomizations` is by their own paths. */
export function kustomizeFacts(kustomizations: ReadonlyMap<string, Kustomization>): ReadonlyMap<string, FileFacts> {
  const graph = graphOf(kustomizations);
  const facts = new Map<string, FileFacts>();
  for (const path of graph.listedBy.keys()) {
    if (graph.byFolder.has(path)) continue;
    const namespace = onlyOne(namespacesOf(path, undefined, graph, new Set()));
    if (namespace !== undefined) facts.set(path, { namespace });
  }
  for (const [folder, { helpers }] of graph.byFolder)
    for (const helper of helpers) facts.set(join(folder, helper), { leftAlone: 'kustomize-patch' });
  for (const path of kustomizations.keys()) facts.set(path, { leftAlone: 'kustomize-patch' });
  return facts;
}

function graphOf(kustomizations: ReadonlyMap<string, Kustomization>): Graph {
  const byFolder = new Map<string, Kustomization>();
  const listedBy = new Map<string, string[]>();
  for (const [path, kustomization] of kustomizations) {
    const folder = folderOf(path);
    byFolder.set(folder, kustomization);
    for (const resource of kustomization.resources) {
      if (isRemote(resource)) continue;
      const target = join(folder, resource);
      const folders = listedBy.get(target);
      if (folders === undefined) listedBy.set(target, [folder]);
      else folders.push(folder);
    }
  }
  return { byFolder, listedBy };
}

/**
 * The namespaces that a file or folder ends in by each way through the kustomizations that list it. The outermost one that names a
 * namespace wins, as it is applied last; undefined means that no kustomization on the way sets one.
 */
function namespacesOf(
  path: string,
  inner: string | undefined,
  graph: Graph,
  way: Set<string>,
): ReadonlySet<string | undefined> {
  const own = graph.byFolder.get(path)?.namespace ?? inner;
  const parents = (graph.listedBy.get(path) ?? []).filter((parent) => !way.has(parent));
  if (parents.length === 0 || way.size > deepest) return new Set([own]);
  const found = new Set<string | undefined>();
  way.add(path);
  for (const parent of parents) for (const namespace of namespacesOf(parent, own, graph, way)) found.add(namespace);
  way.delete(path);
  return found;
}

const deepest = 16;

function onlyOne(namespaces: ReadonlySet<string | undefined>): string | undefined {
  return namespaces.size === 1 ? [...namespaces][0] : undefined;
}
