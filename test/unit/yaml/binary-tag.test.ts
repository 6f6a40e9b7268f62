// `!!binary` means the same in every bundle: it is read by our own code, and all bundles have one build of the parser.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../tidy/source-tree.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { asString, at } from '../../../server/src/yaml/read.ts';

for (const [written, value] of [
  ['aGVsbG8=', 'hello'],
  ['"aGVsbG8="', 'hello'],
  ['|\n  aGVs\n  bG8=', 'hello'],
  ['w6k=', 'é'],
  ['""', ''],
  ['aGVsbG8', 'aGVsbG8'],
  ['"@@@@"', '@@@@'],
] as const)
  test(`!!binary ${written.replaceAll('\n', ' ')} is ${value}`, () => {
    const { root, errors } = parseDocument(`a: !!binary ${written}\nb: 1\n`);
    assert.deepEqual([asString(at(root, ['a'])), errors], [value, []]);
  });

test('every bundle has the build of the parser for browsers', () => {
  const build = readFileSync(join(projectRoot, 'server/build/bundles.ts'), 'utf8');
  assert.match(build, /function common[^]*?alias: \{ yaml: join\(root, 'node_modules\/yaml\/browser\/index\.js'\) \}/);
});
