// The two states that `diff` compares: folders, revisions of git, the files as they are now, or a cluster.
import { emptyReader } from '../../engine/reader.ts';
import type { Snapshot } from '../../cluster/snapshot/snapshot.ts';
import type { Failure } from '../../sources/file-system.ts';
import { isInside } from '../../sources/paths.ts';
import { UsageError, type Arguments } from '../args.ts';
import type { Git } from '../../sources/git.ts';
import type { CliHost } from '../host.ts';
import { loadChecked, type Loaded } from '../load.ts';
import type { RuleBook } from '../rule-book.ts';
import { UserError } from '../user-error.ts';
import { withRendered } from '../with-rendered.ts';

export interface Side {
  /** For users: `main`, `the files`, `cluster kind`. */
  readonly name: string;
  /** Names files as users of this side do. */
  readonly host: CliHost;
  readonly loaded: Loaded;
}

export interface Sides {
  readonly before: Side;
  readonly after: Side;
}

/** Throws UsageError for words that name no state, and UserError with what to do where git does not have it. */
export async function sidesOf(
  args: Arguments,
  host: CliHost,
  book: RuleBook,
  cluster: Snapshot | undefined,
): Promise<Sides> {
  if (cluster) return clusterSides(args, host, book, cluster);
  const [base, ...words] = args.paths;
  if (base === undefined) throw new UsageError('diff needs BASE: a git revision or a folder');
  const read = (source: Source, paths: readonly string[]) => sideOf(source, { ...args, paths }, host, book);
  if (isFolder(base, host)) {
    const [head = '.', ...more] = words;
    if (!isFolder(head, host)) throw new UsageError(`diff ${base} ${head}: ${head} is not a folder`);
    if (more.length > 0) throw new UsageError('diff of two folders takes no further paths');
    return { before: await read({ folder: base }, []), after: await read({ folder: head }, []) };
  }
  const git = host.git();
  const range = rangeOf(base, git);
  if (range) return { before: await read(range.before, words), after: await read(range.after, words) };
  const before = revision(base, git);
  const named = words[0] === undefined || isPresent(words[0], host) ? undefined : revision(words[0], git);
  const paths = named ? words.slice(1) : words;
  return { before: await read(before, paths), after: await read(named ?? { now: true }, paths) };
}

type Source =
  | { readonly folder: string }
  | { readonly now: true }
  | { readonly name: string; readonly commit: string; readonly git: Git };

function isFolder(path: string, host: CliHost): boolean {
  return isPresent(path, host) && host.isFolder(host.resolve(path));
}

function isPresent(path: string, host: CliHost): boolean {
  return host.isPresent(host.resolve(path));
}

/** `A..B` compares both, `A...B` compares B with where it left A; without B it is HEAD, as git has it. */
function rangeOf(word: string, git: Git): { readonly before: Source; readonly after: Source } | undefined {
  const parts = /^(.+?)(\.\.\.?)(.*)$/.exec(word);
  if (!parts) return undefined;
  const [, a = '', dots, b = ''] = parts;
  const head = b === '' ? 'HEAD' : b;
  if (dots === '..') return { before: revision(a, git), after: revision(head, git) };
  const [start, end] = [commitOf(a, git), commitOf(head, git)];
  const parting = must(git.mergeBase(start, end));
  return { before: revision(parting.commit, git, `${a}...${b}`), after: revision(end, git, head) };
}

function revision(word: string, git: Git, name = word): Source {
  return { name, commit: commitOf(word, git), git };
}

function commitOf(word: string, git: Git): string {
  return must(git.commitOf(word)).commit;
}

function must<T extends { readonly ok: true }>(answer: T | Failure): T {
  if (answer.ok) return answer;
  throw new UserError(answer.reason);
}

async function sideOf(source: Source, args: Arguments, host: CliHost, book: RuleBook): Promise<Side> {
  if ('now' in source) return sideIn('the files', args, host, book);
  if ('folder' in source) {
    const inFolder = { ...host, cwd: host.resolve(source.folder) };
    return sideIn(source.folder, { ...args, paths: [source.folder] }, inFolder, book);
  }
  const [there, within] = args.render ? inCopy(source, host) : [atRevision(source, host)];
  // A path that is not there at this revision held nothing then.
  const paths = (args.paths.length > 0 ? args.paths : ['.']).filter((path) => there.isPresent(there.resolve(path)));
  if (paths.length > 0) return sideIn(source.name, { ...args, paths }, there, book, within);
  const empty = loadChecked({ ...args, paths: ['.'] }, { ...host, reader: emptyReader }, book);
  return { name: source.name, host: there, loaded: empty };
}

async function sideIn(name: string, args: Arguments, host: CliHost, book: RuleBook, within?: string): Promise<Side> {
  const reading = args.render ? await withRendered(args, host, book, within) : host;
  return { name, host: reading, loaded: loadChecked(args, reading, book) };
}

type Revision = Extract<Source, { readonly git: Git }>;

function tellSubmodules({ name }: Revision, submodules: readonly string[], { stderr }: CliHost): void {
  for (const path of submodules)
    stderr(`istio-egress: ${name}: the submodule ${path} is not compared, its files are in another repository.\n`);
}

/** Helm and kustomize read folders, so the revision is copied into one. */
function inCopy(source: Revision, host: CliHost): readonly [CliHost, string] {
  const { top, folder, submodules } = must(source.git.copyOf(source.commit));
  tellSubmodules(source, submodules, host);
  const moved = (path: string) =>
    isInside(top, path) && !isInside(folder, path) ? `${folder}${path.slice(top.length)}` : path;
  const there: CliHost = {
    ...host,
    cwd: moved(host.cwd),
    resolve: (path) => moved(host.resolve(path)),
    read: (path) => host.read(moved(host.resolve(path))),
    isPresent: (path) => isInside(folder, path) && host.isPresent(path),
  };
  return [there, folder];
}

/** The same paths, with what they held then. */
function atRevision(source: Revision, host: CliHost): CliHost {
  const files = must(source.git.filesAt(source.commit));
  tellSubmodules(source, files.submodules, host);
  return {
    ...host,
    reader: host.readerOf(files),
    read: (path) => files.read(host.resolve(path)),
    readText(path) {
      const read = files.read(host.resolve(path));
      return read.ok ? read.text : undefined;
    },
    isPresent: (path) => files.stat(path) !== undefined,
    isFolder: (path) => files.stat(path)?.kind === 'folder',
  };
}

/** What applying the files would change: the cluster as it is, and with the files in the place of what they hold. */
async function clusterSides(args: Arguments, host: CliHost, book: RuleBook, cluster: Snapshot): Promise<Sides> {
  const alone = { ...host, reader: { ...emptyReader, configuration: host.reader.configuration } };
  const files = args.render ? await withRendered(args, host, book) : host;
  return {
    before: {
      name: `cluster ${cluster.context}`,
      host,
      loaded: loadChecked({ ...args, paths: ['.'] }, alone, book, cluster),
    },
    after: { name: 'the files', host: files, loaded: loadChecked(args, files, book, cluster) },
  };
}
