// Which charts and kustomizations are rendered, and which files each of them replaces. Runs nothing.
import { asKustomizeReads } from './as-kustomize-reads.ts';
import { refusal, SchemaSearch, unreadable } from './refused-schemas.ts';
import { remoteValueIn } from './remote-values.ts';
import { compareText } from '../../base/compare.ts';
import { isRemote, isRemoteBase, readKustomization } from '../../model/kustomization.ts';
import { text, texts } from '../../model/read-field.ts';
import type { YamlNode } from '../../yaml/node.ts';
import { parseDocument } from '../../yaml/parse.ts';
import type { FileSystem } from '../file-system.ts';
import { isKustomizationName, kustomizationNames } from '../kustomize-facts.ts';
import { folderOf, isInside, join, nameOf } from '../paths.ts';

/** One call of a tool. Paths are those of the file system. */
export interface RenderJob {
  readonly tool: 'helm' | 'kustomize';
  /** What the tool is given. */
  readonly folder: string;
  /** Its `Chart.yaml` or kustomization. */
  readonly file: string;
  /** Whether another text of a file can make the tool answer otherwise. */
  readonly reads: (path: string) => boolean;
  /** Whether rendered text replaces a file, whose own text is then ignored. */
  readonly replaces: (path: string) => boolean;
  /** Kustomize: files with objects, and those that change them. */
  readonly objects: readonly string[];
  readonly patches: readonly string[];
  /** Kustomize: whether objects get other names than the files say. */
  readonly renames: boolean;
  /** Why the tool is not called: a clause for messages. */
  readonly refused?: string;
}

/** The jobs of a scan, by path. The dependencies of a chart or overlay are not separate jobs. */
export function planRenderings(files: FileSystem, manifests: readonly string[]): readonly RenderJob[] {
  return [...charts(files, manifests), ...overlays(files, manifests)].sort((a, b) => compareText(a.file, b.file));
}

function charts(files: FileSystem, manifests: readonly string[]): readonly RenderJob[] {
  const schemas = new SchemaSearch(files);
  const folders = manifests.filter((path) => nameOf(path) === 'Chart.yaml').map(folderOf);
  return folders
    .filter(
      (folder) => !folders.some((other) => other !== folder && isInside(other, folder)) && !isLibrary(files, folder),
    )
    .map((folder) => ({
      tool: 'helm',
      folder,
      file: join(folder, 'Chart.yaml'),
      objects: [],
      patches: [],
      renames: false,
      reads: (path) => isInside(folder, path),
      replaces: (path) => isInside(folder, path) && path.slice(folder.length).includes('/templates/'),
      ...schemas.refusedIn(folder),
    }));
}

/** A library chart makes nothing by itself. */
function isLibrary(files: FileSystem, folder: string): boolean {
  const read = files.read(join(folder, 'Chart.yaml'));
  return read.ok && text(parseDocument(read.text).root, 'type') === 'library';
}

/** What a kustomization brings together, with all below it. */
interface Closure {
  readonly kustomizations: Set<string>;
  readonly objects: Set<string>;
  readonly helpers: Set<string>;
  remote: string | undefined;
  /** Why one of its files was not searched for addresses. */
  unreadable: string | undefined;
  renames: boolean;
  /** Whether it needs the tool: it does more than put files together and give them a namespace, or names something that is not there or is remote, which is explained. */
  changes: boolean;
}

function overlays(files: FileSystem, manifests: readonly string[]): readonly RenderJob[] {
  const closures = new Map(
    manifests.filter((path) => isKustomizationName(nameOf(path))).map((path) => [path, closureOf(files, path)]),
  );
  const inner = new Set(
    [...closures].flatMap(([path, { kustomizations }]) => [...kustomizations].filter((other) => other !== path)),
  );
  const outer = [...closures].filter(([path]) => !inner.has(path) && !isComponent(files, path));
  const isShared = (file: string) => outer.filter(([, { objects }]) => objects.has(file)).length > 1;
  return outer
    .filter(([, { changes, objects }]) => changes || [...objects].some(isShared))
    .map(([path, closure]) => overlay(path, closure));
}

function overlay(file: string, { kustomizations, objects, helpers, remote, unreadable, renames }: Closure): RenderJob {
  const all = new Set([...kustomizations, ...objects, ...helpers]);
  const has = (path: string) => all.has(path);
  return {
    tool: 'kustomize',
    folder: folderOf(file),
    file,
    reads: has,
    replaces: has,
    objects: [...objects],
    patches: [...helpers],
    renames,
    ...(unreadable === undefined ? refusal(remote) : { refused: unreadable }),
  };
}

/** Overlays include components, which are nothing alone. */
function isComponent(files: FileSystem, path: string): boolean {
  const read = files.read(path);
  return read.ok && text(parseDocument(read.text).root, 'kind') === 'Component';
}

function closureOf(files: FileSystem, path: string): Closure {
  const closure = newClosure();
  enter(files, path, closure);
  return closure;
}

function newClosure(): Closure {
  return {
    kustomizations: new Set(),
    objects: new Set(),
    helpers: new Set(),
    remote: undefined,
    unreadable: undefined,
    renames: false,
    changes: false,
  };
}

const plainKeys: ReadonlySet<unknown> = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'resources',
  'bases',
  'namespace',
  'images',
  'buildMetadata',
  'sortOptions',
  'commonAnnotations',
  'configMapGenerator',
  'generatorOptions',
]);
const renamingKeys: ReadonlySet<unknown> = new Set(['namePrefix', 'nameSuffix']);

function enter(files: FileSystem, path: string, closure: Closure): void {
  if (closure.kustomizations.has(path)) return;
  closure.kustomizations.add(path);
  const read = files.read(path);
  const root = read.ok ? asKustomizeReads(parseDocument(read.text).root) : undefined;
  const keys = root?.kind === 'map' ? root.entries.map(({ key }) => key.value) : [];
  const isBroken = read.ok && parseDocument(read.text).errors.length > 0;
  closure.changes ||= isBroken || keys.some((key) => !plainKeys.has(key));
  closure.renames ||= keys.some((key) => renamingKeys.has(key));
  noteRemote(files, path, closure);
  enterAll(files, folderOf(path), root, closure);
}

/** What a kustomization names in its folder. */
function enterAll(files: FileSystem, folder: string, root: YamlNode | undefined, closure: Closure): void {
  const { resources, helpers } = readKustomization(root);
  // What is not rendered for want of it must be said, also where the files below would do without the tool.
  closure.changes ||= resources.some(isRemoteBase);
  const configurations = ['generators', 'transformers', 'validators'].flatMap((key) => texts(root, key));
  for (const helper of helpers) if (!isRemote(helper)) closure.helpers.add(join(folder, helper));
  for (const one of configurations) if (!isRemote(one)) configure(files, join(folder, one), closure);
  for (const resource of resources) if (!isRemote(resource)) bring(files, join(folder, resource), closure);
}

/** What generators and transformers are told, which may name more to load; a folder of these is a kustomization, whose objects tell them. */
function configure(files: FileSystem, path: string, closure: Closure): void {
  if (files.stat(path)?.kind !== 'folder') return noteRemote(files, path, closure);
  const inside = newClosure();
  bring(files, path, inside);
  for (const object of inside.objects) noteRemote(files, object, inside);
  for (const one of inside.kustomizations) closure.kustomizations.add(one);
  for (const one of [...inside.objects, ...inside.helpers]) closure.helpers.add(one);
  closure.remote ??= inside.remote;
}

/** What is there and cannot be read here may name addresses that the tool reads. */
function noteRemote(files: FileSystem, path: string, closure: Closure): void {
  const read = files.read(path);
  if (read.ok) closure.remote ??= remoteValueIn(read.text);
  else closure.unreadable ??= unreadable(files, path, read.reason).refused;
}

function bring(files: FileSystem, path: string, closure: Closure): void {
  const kind = files.stat(path)?.kind;
  closure.changes ||= kind === undefined;
  if (kind !== 'folder') return void closure.objects.add(path);
  const inside = kustomizationNames.map((name) => join(path, name)).find((file) => files.stat(file)?.kind === 'file');
  if (inside !== undefined) enter(files, inside, closure);
}
