// Links in the tree of a commit lead where a checkout's would.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tree } from '../../../server/src/host/node/git-tree.ts';
import { linkToItself, linkToNothing } from '../../../server/src/sources/file-system.ts';

const targets: Readonly<Record<string, string>> = {
  'apps/.istio-egress.yaml': '../shared/settings.yaml',
  'apps/shared': '../shared',
  'apps/top': '..',
  broken: 'nowhere.yaml',
  circle: 'circle',
  outside: '../other.yaml',
  absolute: '/repo/shared/settings.yaml',
  deep: 'apps/shared/settings.yaml',
};

function treeWithLinks(): Tree {
  const files = ['shared/settings.yaml', 'apps/a.yaml'].map((path) => `100644 blob f-${path} 10\t${path}`);
  const links = Object.keys(targets).map((path) => `120000 blob l-${path} 10\t${path}`);
  const tree = new Tree('/repo', [...files, ...links].join('\0'));
  assert.deepEqual(
    tree.linkIds(),
    Object.keys(targets).map((path) => `l-${path}`),
  );
  tree.followLinks(new Map(Object.entries(targets).map(([path, target]) => [`l-${path}`, Buffer.from(target)])));
  return tree;
}

const settings = { kind: 'file', real: '/repo/shared/settings.yaml' } as const;
const cases: readonly (readonly [path: string, stat: unknown])[] = [
  ['apps/.istio-egress.yaml', settings],
  ['apps/shared', { kind: 'folder', real: '/repo/shared' }],
  ['apps/shared/settings.yaml', settings],
  ['apps/shared/none.yaml', undefined],
  ['apps/top', { kind: 'folder', real: '/repo' }],
  ['apps/top/apps/top/shared/settings.yaml', settings],
  ['absolute', settings],
  ['deep', settings],
  ['broken', { kind: 'other', real: '/repo/nowhere.yaml', reason: linkToNothing }],
  ['circle', { kind: 'other', real: '/repo/circle', reason: linkToItself }],
  ['outside', { kind: 'other', real: '/other.yaml', reason: 'the symbolic link leads out of the repository' }],
  ['apps/a.yaml', { kind: 'file', real: '/repo/apps/a.yaml' }],
  ['none.yaml', undefined],
];

for (const [path, stat] of cases) {
  test(`a link in a commit: ${path}`, () => {
    const tree = treeWithLinks();
    assert.deepEqual(tree.stat(`/repo/${path}`), stat);
    assert.equal(tree.fileAt(`/repo/${path}`)?.id, stat === settings ? 'f-shared/settings.yaml' : idOf(path));
  });
}

function idOf(path: string): string | undefined {
  return path === 'apps/a.yaml' ? 'f-apps/a.yaml' : undefined;
}

test('a linked folder has the entries of the folder', () => {
  assert.deepEqual(treeWithLinks().list('/repo/apps/shared'), [{ name: 'settings.yaml', kind: 'file' }]);
});
