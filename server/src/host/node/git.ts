// The user's own git, by arguments and never a shell. It reads objects only: no checkout, no hook, no network.
import type { Commit, Git, RevisionCopy, RevisionFiles } from '../../sources/git.ts';
import { decodeText } from '../../sources/decode.ts';
import { largestFile, type Failure } from '../../sources/file-system.ts';
import { uriOfPath } from './files.ts';
import { findExecutable } from './find-executable.ts';
import { writeCopy } from './git-copy.ts';
import { blobsOf, Tree, type Answer, type Ask } from './git-tree.ts';
import { childProcess } from './when-used.ts';

const largestOutput = 1024 * 1024 * 1024;

export function nodeGit(cwd: string): Git {
  const git = findExecutable('git', undefined);
  const ask = (args: readonly string[], input?: string): Answer =>
    git.found ? run(git.path, cwd, args, input) : { ok: false, reason: `git was not found: ${git.reason}` };
  return {
    commitOf: (revision) => commitOf(ask, revision),
    revisions: () => revisions(ask),
    mergeBase: (a, b) => mergeBase(ask, a, b),
    filesAt: (commit) => filesAt(ask, commit),
    copyOf: (commit) => copyOf(ask, commit),
  };
}

/** Objects that a partial clone lacks are not fetched, and nobody is asked for a password. */
const quiet = { GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };

function run(file: string, cwd: string, args: readonly string[], input = ''): Answer {
  const { status, stdout, stderr, error } = childProcess().spawnSync(file, ['-c', 'core.fsmonitor=false', ...args], {
    cwd,
    input,
    maxBuffer: largestOutput,
    env: { ...process.env, ...quiet },
    windowsHide: true,
  });
  if (error) return { ok: false, reason: `git cannot be run: ${error.message}` };
  if (status === 0) return { ok: true, out: stdout };
  return {
    ok: false,
    reason:
      stderr
        .toString()
        .trim()
        .split('\n')[0]!
        .replace(/^fatal: /, '') || `git ended with ${status}`,
  };
}

function commitOf(ask: Ask, revision: string): Commit | Failure {
  const inside = ask(['rev-parse', '--is-inside-work-tree']);
  if (!inside.ok) return inside;
  const found = ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  if (found.ok) return { ok: true, commit: found.out.toString().trim() };
  return { ok: false, reason: `git does not know ${revision} here${isShallow(ask) ? shallowAdvice(revision) : ''}` };
}

/** A list to choose from; any other name can still be given. */
const mostRevisions = 500;

function revisions(ask: Ask): readonly string[] {
  const kinds = ['refs/heads', 'refs/remotes', 'refs/tags'];
  const listed = ask([
    'for-each-ref',
    `--count=${mostRevisions}`,
    '--sort=-committerdate',
    '--format=%(refname:short)',
    ...kinds,
  ]);
  if (!listed.ok) return [];
  const names = listed.out.toString().split(/\r?\n/);
  return ['HEAD', ...names.filter((name) => name !== '' && !name.endsWith('/HEAD'))];
}

function mergeBase(ask: Ask, a: string, b: string): Commit | Failure {
  const found = ask(['merge-base', '--end-of-options', a, b]);
  if (found.ok) return { ok: true, commit: found.out.toString().trim() };
  const advice = isShallow(ask) ? '; this clone is shallow: fetch its history with `git fetch --unshallow`' : '';
  return { ok: false, reason: `${a} and ${b} have no common commit here${advice}` };
}

function isShallow(ask: Ask): boolean {
  const answer = ask(['rev-parse', '--is-shallow-repository']);
  return answer.ok && answer.out.toString().trim() === 'true';
}

function shallowAdvice(revision: string): string {
  return `; this clone is shallow: fetch it with \`git fetch --depth=1 origin ${revision.replace(/^origin\//, '')}\``;
}

function filesAt(ask: Ask, commit: string): RevisionFiles | Failure {
  const found = treeAt(ask, commit);
  if (!found.ok) return found;
  const { tree } = found;
  const linkIds = tree.linkIds();
  const texts = blobsOf(ask, [...tree.filesToRead((path) => isRead.test(path)).map(({ id }) => id), ...linkIds]);
  if (!texts.ok) return texts;
  tree.followLinks(texts.blobs);
  return {
    ok: true,
    submodules: tree.submodules,
    list: (folder) => tree.list(folder) ?? { ok: false, reason: 'not found' },
    stat: (path) => tree.stat(path),
    uriOf: uriOfPath,
    read(path) {
      const entry = tree.fileAt(path);
      if (!entry) return { ok: false, reason: 'not found' };
      if (entry.size > largestFile) return { ok: false, reason: `larger than ${largestFile / 1024 / 1024} MB` };
      const bytes = texts.blobs.get(entry.id);
      return bytes ? decodeText(bytes) : { ok: false, reason: 'not read' };
    },
  };
}

/** Only such files are read: they can be manifests, settings or parts of charts. */
const isRead = /(\.(ya?ml|json|tpl|properties|env)|\/(Kustomization|\.helmignore))$/;

type FoundTree = { readonly ok: true; readonly top: string; readonly tree: Tree } | Failure;

function treeAt(ask: Ask, commit: string): FoundTree {
  const [answer, listed] = [
    ask(['rev-parse', '--show-toplevel']),
    ask(['ls-tree', '-r', '-z', '--long', '--full-tree', commit]),
  ];
  if (!answer.ok) return answer;
  if (!listed.ok) return listed;
  const top = answer.out.toString().replace(/\r?\n$/, '');
  return { ok: true, top, tree: new Tree(top, listed.out.toString()) };
}

function copyOf(ask: Ask, commit: string): RevisionCopy | Failure {
  const found = treeAt(ask, commit);
  if (!found.ok) return found;
  const { top, tree } = found;
  const files = tree.filesToRead(() => true);
  const contents = blobsOf(
    ask,
    files.map(({ id }) => id),
  );
  if (!contents.ok) return contents;
  const folder = writeCopy(files.flatMap(({ path, id }) => ({ path, bytes: contents.blobs.get(id)! })));
  return { ok: true, top, folder, submodules: tree.submodules };
}
