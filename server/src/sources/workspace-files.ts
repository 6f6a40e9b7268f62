// Which files of a workspace are read, and what their places say of them. What is done with Helm and Kustomize is small on purpose:
// - files under `templates/` beside a `Chart.yaml` are Helm's and skipped;
// - a kustomization and the patches it names are skipped; its `namespace` is given to the files it lists, through overlays too,
//   where all ways agree on one;
// - an overlay re-declares nothing: its base's files are read once, where they stand.
// Where a user lets the tools run, `rendered/` and `engine/rendered-reader.ts` put what they print in place of all that.
import { compareText } from '../base/compare.ts';
import { readKustomization, type Kustomization } from '../model/kustomization.ts';
import { parseDocument } from '../yaml/parse.ts';
import { isConfigFile } from './config-file.ts';
import { isEgressTestName } from './egress-test.ts';
import type { FileFacts } from './file-facts.ts';
import type { FileSystem } from './file-system.ts';
import { isManifestName, isSkippedFolder } from './ignore.ts';
import { isKustomizationName, kustomizeFacts } from './kustomize-facts.ts';
import { folderOf, isInside, nameOf } from './paths.ts';
import { walk, type Found } from './walk.ts';

export interface WorkspaceOptions {
  /** Skipped paths. */
  readonly isIgnored?: (path: string) => boolean;
}

/** What a scan found; a snapshot. */
export interface WorkspaceFiles {
  /** Paths of files that may hold manifests, sorted. */
  readonly manifests: readonly string[];
  /** Files and folders that could not be looked into, and why. */
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
  /** Facts of any path, also of one that appeared since. */
  readonly factsOf: (path: string) => FileFacts;
}

/** Runs through the workspace, a step per folder or kustomization, so that a server can do other things between steps. */
export function* scanWorkspace(
  files: FileSystem,
  roots: readonly string[],
  options: WorkspaceOptions = {},
): Generator<undefined, WorkspaceFiles> {
  const found: Found[] = [];
  for (const some of walk(files, roots, options.isIgnored)) {
    for (const one of some) found.push(one);
    yield;
  }
  const manifests = found
    .filter(({ reason }) => reason === undefined)
    .map(({ path }) => path)
    .sort(compareText);
  const kustomizations = new Map<string, Kustomization>();
  for (const path of manifests) {
    if (!isKustomizationName(nameOf(path))) continue;
    const read = files.read(path);
    if (read.ok) kustomizations.set(path, readKustomization(parseDocument(read.text).root));
    yield;
  }
  return {
    manifests,
    unreadable: found.flatMap(({ path, reason }) => (reason === undefined ? [] : [{ path, reason }])),
    factsOf: factsFrom(
      kustomizeFacts(kustomizations),
      new Set(manifests.filter((path) => nameOf(path) === 'Chart.yaml').map(folderOf)),
    ),
  };
}

/** Whether a file that appears at a path below `root` belongs to the workspace. */
export function belongsToWorkspace(root: string, path: string): boolean {
  if (!isInside(root, path) || !isManifestName(nameOf(path))) return false;
  return !path
    .slice(root.length)
    .split('/')
    .slice(0, -1)
    .some((name) => name !== '' && isSkippedFolder(name));
}

/** Of almost every file. */
const noFacts: FileFacts = {};

function factsFrom(
  kustomize: ReadonlyMap<string, FileFacts>,
  charts: ReadonlySet<string>,
): (path: string) => FileFacts {
  return (path) => {
    if (isTemplate(path, charts)) return { leftAlone: 'helm-template' };
    if (isEgressTestName(path) || isConfigFile(path)) return { leftAlone: 'foreign' };
    return kustomize.get(path) ?? (isKustomizationName(nameOf(path)) ? { leftAlone: 'kustomize-patch' } : noFacts);
  };
}

function isTemplate(path: string, charts: ReadonlySet<string>): boolean {
  if (charts.size === 0) return false;
  for (let at = path.indexOf('/templates/'); at >= 0; at = path.indexOf('/templates/', at + 1))
    if (charts.has(path.slice(0, at))) return true;
  return false;
}
