// Facts that the kustomizations of a workspace state about other files. Nothing is built. If two contradict each other,
// neither is used.
import { addToGroup } from '../base/group-by.ts';
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
  const outer = outerNamespaces(graph);
  const facts = new Map<string, FileFacts>();
  for (const [path, folders] of graph.listedBy) {
    if (graph.byFolder.has(path)) continue;
    const namespace = onlyOne(new Set(folders.flatMap((folder) => [...outer.get(folder)!])));
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

type Namespaces = Set<string | undefined>;

/**
 * The namespaces that what each kustomization brings together ends in, by each way outwards through those that list it. The outermost one
 * that names a namespace wins, as it is applied last; undefined means that none on the way does. There can be more ways than can be
 * followed, so each hands on what it has learnt.
 */
function outerNamespaces({ byFolder, listedBy }: Graph): ReadonlyMap<string, Namespaces> {
  const folders = [...byFolder.keys()];
  const found = new Map(folders.map((folder): [string, Namespaces] => [folder, new Set()]));
  const inside = new Map<string, [string, ...string[]]>();
  for (const inner of folders) for (const folder of new Set(listedBy.get(inner))) addToGroup(inside, folder, inner);
  const learns = (folder: string, from: Iterable<string | undefined>) =>
    grows(
      found.get(folder)!,
      Array.from(from, (namespace) => namespace ?? byFolder.get(folder)!.namespace),
    );
  const begin = (outermost: readonly string[]) => {
    for (const folder of outermost) learns(folder, [undefined]);
    const waiting = [...outermost];
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop())
      for (const inner of inside.get(folder) ?? []) if (learns(inner, found.get(folder)!)) waiting.push(inner);
  };
  begin(folders.filter((folder) => !listedBy.has(folder)));
  // Those that list each other, which Kustomize refuses, have no outermost one: each of them that names a namespace counts.
  begin(folders.filter((folder) => found.get(folder)!.size === 0 && byFolder.get(folder)!.namespace !== undefined));
  return found;
}

/** Whether there was something new. Two names contradict each other as well as more do. */
function grows(known: Namespaces, more: readonly (string | undefined)[]): boolean {
  const before = known.size;
  for (const namespace of more)
    if (namespace === undefined || known.size - Number(known.has(undefined)) < 2) known.add(namespace);
  return known.size > before;
}

function onlyOne(namespaces: ReadonlySet<string | undefined>): string | undefined {
  return namespaces.size === 1 ? [...namespaces][0] : undefined;
}
