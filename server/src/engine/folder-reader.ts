// Reads the manifests and the configuration of a folder through an injected file system.
import { drained } from '../base/steps.ts';
import { LineIndex } from '../base/line-index.ts';
import { readConfigFile } from '../sources/config-file.ts';
import type { FileSystem } from '../sources/file-system.ts';
import { configIn, folderConfigs, type FolderConfigs, type FoundConfig } from '../sources/folder-configs.ts';
import { folderOf, isInside } from '../sources/paths.ts';
import type { FileFacts } from '../sources/file-facts.ts';
import { planRenderings } from '../sources/rendered/plan-renderings.ts';
import { belongsToWorkspace, scanWorkspace, type WorkspaceFiles } from '../sources/workspace-files.ts';
import type { FolderConfiguration, FolderReader, ReadFile, Skipped } from './reader.ts';

/** `pathOf` turns a URI into a path of `files`; undefined for URIs that it has nothing of. */
export function folderReader(files: FileSystem, pathOf: (uri: string) => string | undefined): FolderReader {
  const scans = new Map<string, Scan>();

  function* read(folder: string): Generator<ReadFile | Skipped | undefined> {
    const root = pathOf(folder);
    if (root === undefined) return;
    const configs = folderConfigs(files, root, configOf(files, root));
    const scan = { ...(yield* scanWorkspace(files, [root], configs)), configs };
    scans.set(folder, scan);
    for (const { path, reason } of scan.unreadable) yield { uri: files.uriOf(path), why: reason };
    for (const path of scan.manifests) yield readOne(files, path, scan);
    for (const one of configs.inner()) yield* configurationIn(files, one, undefined).problems ?? [];
  }

  return {
    files: read,
    file(folder, uri) {
      const root = pathOf(folder);
      const path = pathOf(uri);
      const scan = scans.get(folder);
      if (
        root === undefined ||
        path === undefined ||
        !scan ||
        !belongsToWorkspace(root, path) ||
        isIgnored(scan, root, path)
      )
        return undefined;
      const one = readOne(files, path, scan);
      return 'why' in one ? undefined : one;
    },
    jobs(folder) {
      const root = pathOf(folder);
      if (root === undefined) return [];
      const configs = folderConfigs(files, root, configOf(files, root));
      const scan = scans.get(folder) ?? { ...drained(scanWorkspace(files, [root], configs)), configs };
      scans.set(folder, scan);
      return planRenderings(files, scan.manifests);
    },
    factsOf(folder, uri) {
      const [root, path, scan] = [pathOf(folder), pathOf(uri), scans.get(folder)];
      if (root === undefined || path === undefined || !scan) return {};
      return isIgnored(scan, root, path) ? { leftAlone: 'foreign' } : factsOf(scan, path);
    },
    configuration(folder, rules) {
      const root = pathOf(folder);
      return root === undefined ? {} : configurationOf(files, root, rules);
    },
  };
}

interface Scan extends WorkspaceFiles {
  readonly configs: FolderConfigs;
}

function factsOf(scan: Scan, path: string): FileFacts {
  const [facts, own] = [scan.factsOf(path), scan.configs.of(path)];
  return own ? { ...facts, ...own } : facts;
}

/** Also for files in a folder that is. */
function isIgnored({ configs }: Scan, root: string, path: string): boolean {
  for (let at = path; at !== root && isInside(root, at); at = folderOf(at)) if (configs.isIgnored(at)) return true;
  return false;
}

function readOne(files: FileSystem, path: string, scan: Scan): ReadFile | Skipped {
  const uri = files.uriOf(path);
  const read = files.read(path);
  return read.ok ? { uri, text: read.text, facts: factsOf(scan, path) } : { uri, why: read.reason };
}

/** The nearest configuration file from a file or folder upwards. */
function configOf(files: FileSystem, root: string) {
  const start = files.stat(root)?.kind === 'file' ? folderOf(root) : root;
  for (let folder = start; ; folder = folderOf(folder)) {
    const own = configIn(files, folder);
    if (own) return { ...own, config: readConfigFile(own.text, files.uriOf(own.path)) };
    if (folder === folderOf(folder) || folder === '' || /^[A-Za-z]:$/.test(folder)) return undefined;
  }
}

function configurationOf(files: FileSystem, root: string, rules: readonly string[]): FolderConfiguration {
  const found = configOf(files, root);
  return found ? configurationIn(files, found, rules) : {};
}

/** Settings that cannot be read are missing, which is an error like any other in the file. */
function configurationIn(
  files: FileSystem,
  { path, text, unreadable }: FoundConfig,
  rules: readonly string[] | undefined,
): FolderConfiguration {
  const uri = files.uriOf(path);
  return unreadable === undefined
    ? parseConfiguration(text, uri, path, rules)
    : { uri, problems: [{ uri, why: `${path}:1:1: cannot be read (${unreadable})`, unreadable }] };
}

/** A configuration file's text; `name` is how messages call it. */
export function parseConfiguration(
  text: string,
  uri: string,
  name: string,
  rules: readonly string[] | undefined,
): FolderConfiguration {
  const { mesh, severities, completeKinds, defaultNamespace, requirements, errors } = readConfigFile(text, uri, rules);
  const lines = new LineIndex(text);
  const problems = errors.map(({ message, span }) => {
    const { line, character } = lines.positionAt(span.start);
    return { uri, why: `${name}:${line + 1}:${character + 1}: ${message}` };
  });
  return { uri, mesh, severities, completeKinds, defaultNamespace, requirements, problems };
}
