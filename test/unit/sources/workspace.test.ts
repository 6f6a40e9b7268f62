import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileSystem, FolderEntry } from '../../../server/src/sources/file-system.ts';
import { readConfigFile } from '../../../server/src/sources/config-file.ts';
import { folderConfigs } from '../../../server/src/sources/folder-configs.ts';
import { ignoreTest } from '../../../server/src/sources/ignore.ts';
import { folderOf, isInside, join, normalise } from '../../../server/src/sources/paths.ts';
import { walk } from '../../../server/src/sources/walk.ts';
import { drained } from '../../../server/src/base/steps.ts';
import { belongsToWorkspace, scanWorkspace } from '../../../server/src/sources/workspace-files.ts';
import { memoryFiles as memory } from './sources-kit.ts';

const manifest = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n';

test('finds manifests and passes over folders of tools', () => {
  const files = memory(
    Object.fromEntries(
      [
        '/w/a.yaml',
        '/w/b/c.yml',
        '/w/b/d.JSON',
        '/w/b/Kustomization',
        '/w/e.txt',
        '/w/.hidden.yaml',
        '/w/package.json',
        '/w/node_modules/x.yaml',
        '/w/b/.git/x.yaml',
        '/w/vendor/x.yaml',
        '/v/x.yaml',
      ].map((path) => [path, manifest]),
    ),
  );
  assert.deepEqual(drained(scanWorkspace(files, ['/w'])).manifests, [
    '/w/a.yaml',
    '/w/b/Kustomization',
    '/w/b/c.yml',
    '/w/b/d.JSON',
  ]);
});

test('a named file is one whatever its name, and none is given twice', () => {
  const files = memory({ '/w/a.yaml': manifest, '/w/b/c.txt': manifest });
  assert.deepEqual(drained(scanWorkspace(files, ['/w/b/c.txt', '/w', '/w/a.yaml', '/w/b'])).manifests, [
    '/w/a.yaml',
    '/w/b/c.txt',
  ]);
});

test('ignore patterns', () => {
  const files = memory(
    Object.fromEntries(
      ['/w/a.yaml', '/w/gen/b.yaml', '/w/x/gen/c.yaml', '/w/x/d.gen.yaml', '/w/x/y/e.yaml'].map((path) => [
        path,
        manifest,
      ]),
    ),
  );
  assert.deepEqual(
    drained(
      scanWorkspace(
        files,
        ['/w'],
        folderConfigs(files, '/w', {
          path: '/w/.istio-egress.yaml',
          config: readConfigFile('ignore: [gen, "*.gen.yaml", x/y/**]\n', ''),
        }),
      ),
    ).manifests,
    ['/w/a.yaml'],
  );
});

const patterns: readonly (readonly [string, string, boolean])[] = [
  ['a', 'a', true],
  ['a', 'x/a', true],
  ['a', 'x/a/b.yaml', true],
  ['a', 'ab', false],
  ['/a', 'a', true],
  ['/a', 'x/a', false],
  ['./a', 'a', true],
  ['x/*', 'x/a', true],
  ['x/*', 'y/x/a', false],
  ['**/x/*.yaml', 'a/b/x/c.yaml', true],
  ['**/x/*.yaml', 'x/c.yaml', true],
  ['x/**', 'x/a/b', true],
  ['?.yaml', 'a.yaml', true],
  ['?.yaml', 'ab.yaml', false],
  ['a.b', 'axb', false],
  ['a/', 'a', true],
  ['(a', '(a', true],
];
for (const [pattern, path, expected] of patterns)
  test(`ignore ${pattern}: ${path} is ${expected ? '' : 'not '}ignored`, () =>
    assert.equal(ignoreTest([pattern])(path), expected));

test('patterns of many stars are answered', () => {
  const path = `${'a'.repeat(200)}/${'b'.repeat(200)}.yaml`;
  assert.equal(ignoreTest([`${'*a'.repeat(40)}c`, `${'**/'.repeat(40)}c`, `${'**a'.repeat(40)}c`])(path), false);
  assert.equal(ignoreTest([`${'*a'.repeat(40)}*`])(path), true);
});

/** A disk with links, for what memory has not. */
function linked(
  entries: Readonly<Record<string, readonly FolderEntry[] | string>>,
  links: Readonly<Record<string, string>>,
): FileSystem {
  const real = (path: string): string => {
    const link = Object.keys(links).find((from) => path === from || path.startsWith(`${from}/`));
    return link === undefined ? path : real(links[link]! + path.slice(link.length));
  };
  return {
    list: (folder) => {
      const found = entries[real(folder)];
      return typeof found === 'object' ? found : { ok: false, reason: 'permission denied' };
    },
    read: () => ({ ok: false, reason: 'not found' }),
    stat: (path) => {
      const at = real(path);
      return at in entries ? { kind: typeof entries[at] === 'string' ? 'file' : 'folder', real: at } : undefined;
    },
    uriOf: (path) => path,
  };
}
const file = (name: string): FolderEntry => ({ name, kind: 'file' });
const folder = (name: string): FolderEntry => ({ name, kind: 'folder' });
const link = (name: string): FolderEntry => ({ name, kind: 'link' });

const walks: readonly { readonly what: string; readonly files: FileSystem; readonly found: readonly string[] }[] = [
  {
    what: 'a link upwards ends',
    files: linked({ '/w': [file('a.yaml'), link('up')] }, { '/w/up': '/w' }),
    found: ['/w/a.yaml'],
  },
  {
    what: 'a link above the root is not followed',
    files: linked({ '/': [folder('w'), file('x.yaml')], '/w': [link('top')] }, { '/w/top': '/' }),
    found: [],
  },
  {
    what: 'links that point at each other end',
    files: linked({ '/w': [link('a')], '/x': [file('f.yaml'), link('back')] }, { '/w/a': '/x', '/x/back': '/x' }),
    found: ['/w/a/f.yaml'],
  },
  {
    what: 'a link to a file that is walked anyway adds nothing',
    files: linked(
      { '/w': [link('l.yaml'), folder('b')], '/w/b': [file('a.yaml')], '/w/b/a.yaml': 'text' },
      { '/w/l.yaml': '/w/b/a.yaml' },
    ),
    found: ['/w/b/a.yaml'],
  },
  {
    what: 'a link to a file elsewhere is one',
    files: linked({ '/w': [link('l.yaml')], '/x/a.yaml': 'text' }, { '/w/l.yaml': '/x/a.yaml' }),
    found: ['/w/l.yaml'],
  },
  {
    what: 'a broken symbolic link is reported',
    files: linked({ '/w': [link('l.yaml'), link('other')] }, { '/w/l.yaml': '/gone', '/w/other': '/gone' }),
    found: ['/w/l.yaml: the target of the symbolic link does not exist'],
  },
  {
    what: 'a folder that cannot be listed is told',
    files: linked({ '/w': [folder('b'), file('a.yaml')] }, {}),
    found: ['/w/a.yaml', '/w/b: permission denied'],
  },
  { what: 'a root that is not there is told', files: linked({}, {}), found: ['/w: not found'] },
];
for (const { what, files, found } of walks) {
  test(what, () => {
    const all = [...walk(files, ['/w'])]
      .flat()
      .map(({ path, reason }) => (reason === undefined ? path : `${path}: ${reason}`));
    assert.deepEqual(all.sort(), found);
  });
}

test('a scan can be stopped between folders', () => {
  const files = memory({ '/w/a/a.yaml': manifest, '/w/b/b.yaml': manifest, '/w/b/kustomization.yaml': '' });
  const steps = [...scanWorkspace(files, ['/w'])].length;
  assert.equal(steps, 4, 'three folders and a kustomization');
});

const facts: readonly {
  readonly what: string;
  readonly files: Readonly<Record<string, string>>;
  readonly of: Readonly<Record<string, unknown>>;
}[] = [
  {
    what: "a chart's templates",
    files: {
      '/w/c/Chart.yaml': '',
      '/w/c/templates/sub/a.yaml': '',
      '/w/c/values.yaml': '',
      '/w/templates/b.yaml': '',
    },
    of: { '/w/c/templates/sub/a.yaml': 'helm-template', '/w/c/values.yaml': {}, '/w/templates/b.yaml': {} },
  },
  {
    what: 'a kustomization, its namespace and its patches',
    files: {
      '/w/kustomization.yaml':
        'namespace: prod\nresources: [a.yaml, ./sub/b.yaml, "https://x.org/c.yaml"]\npatches: [{ path: p.yaml }, { patch: "- op: add" }]\npatchesStrategicMerge: [q.yaml, "a: b\\n"]\npatchesJson6902: [{ path: r.yaml }]\ntransformers: [t.yaml]\n',
    },
    of: {
      '/w/kustomization.yaml': 'kustomize-patch',
      '/w/a.yaml': 'prod',
      '/w/sub/b.yaml': 'prod',
      '/w/p.yaml': 'kustomize-patch',
      '/w/q.yaml': 'kustomize-patch',
      '/w/r.yaml': 'kustomize-patch',
      '/w/t.yaml': 'kustomize-patch',
      '/w/other.yaml': {},
    },
  },
  {
    what: 'a namespace through an overlay',
    files: {
      '/w/base/kustomization.yaml': 'resources: [a.yaml]',
      '/w/prod/kustomization.yaml': 'namespace: prod\nresources: [../base]',
    },
    of: { '/w/base/a.yaml': 'prod' },
  },
  {
    what: 'the outermost namespace wins',
    files: {
      '/w/base/kustomization.yml': 'namespace: inner\nresources: [a.yaml]',
      '/w/prod/kustomization.yaml': 'namespace: prod\nbases: [../base/]',
    },
    of: { '/w/base/a.yaml': 'prod' },
  },
  {
    what: "an overlay without a namespace leaves the base's",
    files: {
      '/w/base/kustomization.yaml': 'namespace: inner\nresources: [a.yaml]',
      '/w/prod/kustomization.yaml': 'resources: [../base]',
    },
    of: { '/w/base/a.yaml': 'inner' },
  },
  {
    what: 'overlays that disagree are not believed',
    files: {
      '/w/base/kustomization.yaml': 'resources: [a.yaml]',
      '/w/dev/kustomization.yaml': 'namespace: dev\nresources: [../base]',
      '/w/prod/kustomization.yaml': 'namespace: prod\nresources: [../base]',
    },
    of: { '/w/base/a.yaml': {} },
  },
  {
    what: 'overlays in a circle end',
    files: {
      '/w/a/kustomization.yaml': 'resources: [../b, a.yaml]',
      '/w/b/kustomization.yaml': 'namespace: b\nresources: [../a]',
    },
    of: { '/w/a/a.yaml': 'b' },
  },
  {
    what: 'a file of two kustomizations that agree',
    files: {
      '/w/a/kustomization.yaml': 'namespace: n\nresources: [../x.yaml]',
      '/w/b/kustomization.yaml': 'namespace: n\nresources: [../x.yaml]',
    },
    of: { '/w/x.yaml': 'n' },
  },
  {
    what: 'a broken kustomization says nothing',
    files: { '/w/kustomization.yaml': 'namespace: [\n', '/w/sub/kustomization.yaml': '- a\n' },
    of: { '/w/a.yaml': {}, '/w/sub/kustomization.yaml': 'kustomize-patch' },
  },
];
for (const { what, files, of } of facts) {
  test(what, () => {
    const scan = drained(scanWorkspace(memory(files), ['/w']));
    for (const [path, expected] of Object.entries(of)) assert.deepEqual(scan.factsOf(path), asFacts(expected), path);
  });
}

function asFacts(expected: unknown): unknown {
  if (expected === 'helm-template' || expected === 'kustomize-patch') return { leftAlone: expected };
  return typeof expected === 'string' ? { namespace: expected } : expected;
}

test('which paths belong to a workspace', () => {
  const belongs = [
    '/w/a.yaml',
    '/w/b/c.json',
    '/w/.x/a.yaml',
    '/w/node_modules/a.yaml',
    '/v/a.yaml',
    '/w/a.md',
    '/wa.yaml',
  ].filter((path) => belongsToWorkspace('/w', path));
  assert.deepEqual(belongs, ['/w/a.yaml', '/w/b/c.json']);
});

test('paths', () => {
  assert.deepEqual(['/a/../b/./c//d', 'a/../../b', '/../x', 'file:///w/../v', 'C:/a/../b', '/'].map(normalise), [
    '/b/c/d',
    '../b',
    '/x',
    'file:///v',
    'C:/b',
    '/',
  ]);
  assert.deepEqual(
    [join('/w', '../a.yaml'), join('/w', '/abs'), join('/w', 'C:/x'), join('/', 'a')],
    ['/a.yaml', '/abs', 'C:/x', '/a'],
  );
  assert.deepEqual([folderOf('/a/b'), folderOf('/a'), folderOf('/'), folderOf('a')], ['/a', '/', '/', '']);
  assert.deepEqual(
    [isInside('/a', '/a/b'), isInside('/a', '/a'), isInside('/a', '/ab'), isInside('/', '/x')],
    [true, true, false, true],
  );
});

test('settings files below the folder: the innermost has the last word, and patterns count from the file that has them', () => {
  const files = memory({
    '/w/.istio-egress.yaml': 'ignore: [a/gen]\n',
    '/w/a/gen/x.yaml': '',
    '/w/a/x.yaml': '',
    '/w/a/.istio-egress.yaml':
      'severities: { double-tls: off, missing-sni: hint }\ndefaultNamespace: a\nignore: [/old]\n',
    '/w/a/old/x.yaml': '',
    '/w/a/b/old/x.yaml': '',
    '/w/a/b/.istio-egress.yaml': 'severities: { double-tls: error }\n',
  });
  const outer = { path: '/w/.istio-egress.yaml', config: readConfigFile('ignore: [a/gen]\n', '') };
  for (const root of ['/w', '/w/a'])
    assert.deepEqual(
      drained(scanWorkspace(files, [root], folderConfigs(files, root, outer))).manifests.filter((path) =>
        path.startsWith('/w/a'),
      ),
      root === '/w' ? ['/w/a/b/old/x.yaml', '/w/a/x.yaml'] : ['/w/a/b/old/x.yaml', '/w/a/old/x.yaml', '/w/a/x.yaml'],
    );
  const configs = folderConfigs(files, '/w', outer);
  assert.deepEqual(configs.of('/w/x.yaml'), undefined);
  assert.deepEqual(configs.of('/w/a/x.yaml'), {
    severities: { 'double-tls': 'off', 'missing-sni': 'hint' },
    defaultNamespace: 'a',
  });
  assert.deepEqual(configs.of('/w/a/b/x.yaml'), {
    severities: { 'double-tls': 'error', 'missing-sni': 'hint' },
    defaultNamespace: 'a',
  });
  assert.deepEqual(
    configs.inner().map(({ path }) => path),
    ['/w/a/.istio-egress.yaml', '/w/a/b/.istio-egress.yaml'],
  );
  assert.deepEqual(folderConfigs(files, '/w/a/gen', outer).isIgnored('/w/a/gen/x.yaml'), false);
});
