// The `.istio-egress.yaml` files that stand over a path, from the outermost folder that counts inwards: the innermost has the last word.
import { configFileNames, readConfigFile, type ConfigFile } from './config-file.ts';
import type { Requirements } from '../model/requirements.ts';
import type { FileSystem } from './file-system.ts';
import { ignoreTest } from './ignore.ts';
import { folderOf, isInside, join } from './paths.ts';

/** What a folder's own file and those over it say of the files in it. */
interface Standing {
  readonly severities: ConfigFile['severities'];
  readonly defaultNamespace: string | undefined;
  /** Of files below the root's own. */
  readonly requirements: readonly Requirements[];
  /** Tests of paths. */
  readonly ignores: readonly ((path: string) => boolean)[];
}

const nothing: Standing = { severities: {}, defaultNamespace: undefined, requirements: [], ignores: [] };

export interface FoundConfig {
  readonly path: string;
  /** Empty for a file that cannot be read. */
  readonly text: string;
  /** Why it cannot be read. */
  readonly unreadable?: string;
}

export interface FolderConfigs {
  /** Whether a file or folder below the root is ignored; files that are named explicitly are not. */
  readonly isIgnored: (path: string) => boolean;
  /** What files below the root add to what the root's own says: undefined if that is nothing. */
  readonly of: (
    path: string,
  ) => (Pick<Standing, 'severities' | 'defaultNamespace'> & Partial<Pick<Standing, 'requirements'>>) | undefined;
  /** Files below the root that were read so far. */
  readonly inner: () => readonly FoundConfig[];
}

/** A snapshot: each file is read once, when it is first needed. `outer` is the nearest file from the root upwards. */
export function folderConfigs(
  files: FileSystem,
  root: string,
  outer: { readonly path: string; readonly config: ConfigFile } | undefined,
): FolderConfigs {
  const known = new Map<string, Standing>();
  const inner: FoundConfig[] = [];
  // What the root's own file requires is a setting of the whole.
  const base = outer ? { ...withFile(nothing, folderOf(outer.path), outer.config), requirements: [] } : nothing;
  const over = (folder: string): Standing => {
    if (folder === root || !isInside(root, folder)) return base;
    const found = known.get(folder);
    if (found) return found;
    const own = configIn(files, folder);
    const parent = over(folderOf(folder));
    const nearest = own ? withFile(parent, folder, readConfigFile(own.text, files.uriOf(own.path))) : parent;
    if (own) inner.push(own);
    known.set(folder, nearest);
    return nearest;
  };
  const namedIgnored = base.ignores.some((test) => test(root));
  return {
    isIgnored: (path) =>
      path !== root &&
      !(namedIgnored && over(folderOf(path)) === base) &&
      over(folderOf(path)).ignores.some((test) => test(path)),
    of(path) {
      const nearest = over(folderOf(path));
      if (nearest === base) return undefined;
      const { severities, defaultNamespace, requirements } = nearest;
      return { severities, defaultNamespace, ...(requirements.length > 0 && { requirements }) };
    },
    inner: () => inner,
  };
}

/** The folder's own file, where it has one. One that is there and cannot be read counts: its settings are missing. */
export function configIn(files: FileSystem, folder: string): FoundConfig | undefined {
  for (const name of configFileNames) {
    const path = join(folder, name);
    const stat = files.stat(path);
    if (stat === undefined) continue;
    const read = stat.kind === 'other' ? ({ ok: false, reason: stat.reason } as const) : files.read(path);
    return read.ok ? { path, text: read.text } : { path, text: '', unreadable: read.reason };
  }
  return undefined;
}

function withFile(
  over: Standing,
  folder: string,
  { severities, defaultNamespace, requirements, ignore }: ConfigFile,
): Standing {
  const test = ignoreTest(ignore);
  const start = folder.endsWith('/') ? folder.length : folder.length + 1;
  return {
    severities: { ...over.severities, ...severities },
    defaultNamespace: defaultNamespace ?? over.defaultNamespace,
    requirements: requirements ? [...over.requirements, requirements] : over.requirements,
    ignores:
      ignore.length === 0
        ? over.ignores
        : [...over.ignores, (path) => isInside(folder, path) && test(path.slice(start))],
  };
}
