// Dependencies point down only. The checks are tried on made-up trees first: one that finds nothing there would prove nothing here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserFaults, importCircles, layerFaults, layerOf } from './layer-faults.ts';
import { allImports, importsOf, readTree, type Tree } from './source-tree.ts';

const tree = readTree(['server/src', 'client/src']);

function madeUp(files: Readonly<Record<string, string>>): Tree {
  return new Map(Object.entries(files));
}

const forbidden: readonly (readonly [what: string, path: string, text: string])[] = [
  ['upwards', 'server/src/base/span.ts', "import { a } from '../yaml/node.ts';"],
  ['a type upwards', 'server/src/model/field.ts', "import type { A } from '../mesh/mesh.ts';"],
  ['a re-export upwards', 'server/src/yaml/node.ts', "export { a } from '../model/field.ts';"],
  ['upwards later on', 'server/src/sources/workspace-files.ts', "const a = await import('../engine/workspace.ts');"],
  ['for its effects', 'server/src/mesh/mesh.ts', "\nimport '../rules/rule.ts';"],
  ['sideways', 'server/src/schema/validate.ts', "import { a } from '../sources/source.ts';"],
  ['over several lines', 'server/src/eval/a.ts', "import {\n  a,\n  b,\n} from '../engine/analyze.ts';"],
  ['a host from the server', 'server/src/lsp/server.ts', "import { nodeFiles } from '../host/node/files.ts';"],
  ['the cluster from a rule', 'server/src/rules/tls/a.ts', "import { a } from '../../cluster/command.ts';"],
  ['text from the mesh', 'server/src/mesh/mesh.ts', "import { a } from '../yaml/node.ts';"],
  ['Node below the host', 'server/src/sources/walk.ts', "import { a } from 'node:fs';"],
  ["Node in the worker's host", 'server/src/host/web/files.ts', "import { a } from 'node:fs';"],
  ['an editor below the server', 'server/src/features/hover.ts', "import type { Hover } from 'vscode-languageserver';"],
  ['VS Code in the server', 'server/src/lsp/server.ts', "import { window } from 'vscode';"],
  ['the engine from the client', 'client/src/extension.ts', "import { a } from '../../server/src/engine/analyze.ts';"],
  [
    'another file of the host from the client',
    'client/src/extension.ts',
    "import { a } from '../../server/src/host/node/files.ts';",
  ],
  [
    'the server itself from the client',
    'client/src/extension.ts',
    "import { a } from '../../server/src/lsp/server.ts';",
  ],
  ['tests from the product', 'server/src/cli/run.ts', "import { a } from '../../../test/kit/page.ts';"],
  ['a layer that no one described', 'server/src/utils/a.ts', "import { a } from '../base/span.ts';"],
];
for (const [what, path, text] of forbidden) {
  test(`finds an import: ${what}`, () => assert.equal(layerFaults(madeUp({ [path]: text })).length, 1));
}

test('finds a rule that imports a rule, and a feature that imports a feature', () => {
  const rule = "import { defineRule } from '../rule.ts';\nexport const a = defineRule({});";
  const files = {
    'server/src/rules/tls/a.ts': rule,
    'server/src/base/and-more.ts': 'export const w = 1;',
    'server/src/rules/index.gen.ts': "import { a } from './tls/a.ts';",
  };
  assert.deepEqual(
    layerFaults(madeUp({ ...files, 'server/src/rules/tls/b.ts': `import { w } from './words.ts';\n${rule}` })),
    [],
  );
  assert.equal(
    layerFaults(madeUp({ ...files, 'server/src/rules/waypoint/b.ts': "import { a } from '../tls/a.ts';" })).length,
    1,
  );
  assert.equal(
    layerFaults(madeUp({ 'server/src/features/hover.ts': "import { a } from './completion.ts';" })).length,
    1,
  );
});

test('finds what a browser cannot run, and the way to it', () => {
  const files = {
    'a.ts': "import './b.ts';",
    'b.ts': "import { c } from './c.ts';",
    'c.ts': "import { d } from 'node:fs';",
  };
  assert.deepEqual(browserFaults(madeUp(files), 'a.ts'), ['a.ts > b.ts > c.ts > node:fs']);
  assert.deepEqual(browserFaults(madeUp({ ...files, 'c.ts': '' }), 'a.ts'), []);
});

test('finds a circle of imports, of types and of a file with itself too, and reports each once', () => {
  const files = {
    'a.ts': "import { b } from './b.ts';",
    'b.ts': "import type { C } from './c.ts';",
    'c.ts': "export { a } from './a.ts';",
    'd.ts': "import { a } from './a.ts';\nimport { e } from './e.ts';",
    'e.ts': "import { e } from './e.ts';",
  };
  assert.deepEqual(importCircles(madeUp(files)), ['c.ts > a.ts > b.ts > c.ts', 'e.ts > e.ts']);
  assert.deepEqual(importCircles(madeUp({ ...files, 'c.ts': '', 'e.ts': '' })), []);
});

const allowed: readonly (readonly [path: string, text: string])[] = [
  [
    'server/src/model/field.ts',
    "import type { Span } from '../base/span.ts';\n// import { a } from '../rules/rule.ts';\n/* import 'node:fs' */",
  ],
  ['server/src/sources/mesh-settings.ts', "import type { MeshSettings } from '../mesh/settings.ts';"],
  ['server/src/main-node.ts', "import 'node:fs';\nimport { a } from './host/node/files.ts';"],
  [
    'client/src/a.ts',
    "import { commands } from 'vscode';\nimport { run } from '../../server/src/host/node/run.ts';\nimport { a } from '../../server/src/cluster/tools/command.ts';",
  ],
];
for (const [path, text] of allowed) {
  test(`finds nothing in ${path}`, () => assert.deepEqual(layerFaults(madeUp({ [path]: text })), []));
}

test('reads imports of every form', () => {
  const text =
    "import a from 'a';\nimport b, { c } from './b.ts';\nimport type { D } from '../d.ts';\nexport * from './e.ts';\nimport './f.ts';\nconst g = await import('./g.ts');\nconst url = 'https://x.org'; // import h from 'h'\nconst i = require('i');";
  assert.deepEqual(
    importsOf('x/y/z.ts', text).map(({ to }) => to),
    ['a', 'x/y/b.ts', 'x/d.ts', 'x/y/e.ts', 'x/y/f.ts', 'x/y/g.ts', 'i'],
  );
});

test('imports of the product point down', () => {
  assert.ok(allImports(tree).length > 200, 'the tree was read');
  assert.deepEqual(layerFaults(tree), []);
});

for (const entry of ['server/src/main-worker.ts', 'client/src/extension.web.ts']) {
  test(`${entry} brings nothing that a browser cannot run`, () => {
    assert.ok(tree.has(entry));
    assert.deepEqual(browserFaults(tree, entry), []);
  });
}

test('no files of the product import each other in a circle', () => assert.deepEqual(importCircles(tree), []));

test('the record of mesh settings stands low: it knows the model only', () => {
  const path = 'server/src/mesh/settings.ts';
  assert.equal(layerOf(path), 'settings');
  assert.deepEqual(
    importsOf(path, tree.get(path) ?? '').filter(({ to }) => layerOf(to) !== 'model'),
    [],
  );
});
