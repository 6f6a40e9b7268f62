// Habits of the code that a reader relies on and no linter's rule holds: small files, nothing hidden below the hosts, a map of the folders.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot, readTree, withoutTexts, type Tree } from './source-tree.ts';

const product = readTree(['server/src', 'client/src']);

const longest = 250;
function tooLong(tree: Tree): readonly string[] {
  return [...tree]
    .filter(([path, text]) => !path.endsWith('.gen.ts') && text.split('\n').length - 1 > longest)
    .map(([path]) => path);
}

const ambient =
  /\bconsole\.|\bprocess\.|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bset(Timeout|Interval|Immediate)\b|\bperformance\.|\bglobalThis\b|\bfetch\(|\blocalStorage\b/;
// `cluster` is not among them: it waits for a living cluster, and says how long.
const pureLayers = /^server\/src\/(base|names|yaml|model|schema|sources|mesh|eval|rules|engine|features)\//;

/** Clock, chance, console, process and network below the hosts and the faces. */
function impure(tree: Tree): readonly string[] {
  return [...tree]
    .filter(([path]) => pureLayers.test(path) && !path.endsWith('.test.ts'))
    .flatMap(([path, text]) =>
      withoutTexts(text)
        .split('\n')
        .flatMap((line, i) => (ambient.test(line) ? [`${path}:${i + 1}: ${ambient.exec(line)![0]}`] : [])),
    );
}

/** Folders of more than three files that the map of the code does not name; the stages of rules have a page of their own. */
function unmapped(tree: Tree, map: string): readonly string[] {
  const counts = new Map<string, number>();
  for (const path of tree.keys()) {
    const folder = /^server\/src\/(?:[\w-]+\/)+/.exec(path)?.[0].slice('server/src/'.length);
    if ((folder !== undefined && !folder.startsWith('rules/')) || folder === 'rules/')
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts].filter(([folder, count]) => count > 3 && !map.includes(`\`${folder}\``)).map(([folder]) => folder);
}

test('each check finds what it is for', () => {
  const tree = (path: string, text: string): Tree => new Map([[path, text]]);
  const at = 'server/src/model/a.ts';
  assert.deepEqual(
    [tooLong(tree(at, 'x\n'.repeat(longest + 1))).length, tooLong(tree(at, 'x\n'.repeat(longest))).length],
    [1, 0],
  );
  for (const text of ['console.log(1)', 'Date.now()', 'setTimeout(f)', 'process.env'])
    assert.equal(impure(tree(at, text)).length, 1, text);
  assert.equal(impure(tree('server/src/host/node/a.ts', 'process.env')).length, 0);
  const four: Tree = new Map(['a', 'b', 'c', 'd'].map((name) => [`server/src/x/${name}.ts`, '']));
  assert.deepEqual([unmapped(four, ''), unmapped(four, '`x/`')], [['x/'], []]);
});

test(`no hand-written file is longer than ${longest} lines`, () => assert.deepEqual(tooLong(product), []));

test('below the hosts there is no clock, chance, console, process or network', () =>
  assert.deepEqual(impure(product), []));

test('the map of the code names every folder of some size', () => {
  assert.deepEqual(unmapped(product, readFileSync(join(projectRoot, 'server/README.md'), 'utf8')), []);
});
