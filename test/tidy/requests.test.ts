// The list of handlers and the README's table of requests are what the tables of the protocol say.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { requestTables } from '../../server/build/generate-requests.ts';
import { projectRoot } from './source-tree.ts';

test('the handlers and the table of the README are generated from the tables of requests', async () => {
  const made = await requestTables.make();
  assert.ok('files' in made);
  for (const { path, text } of made.files)
    assert.equal(readFileSync(join(projectRoot, path), 'utf8'), text, `${path}: run \`npm run generate -- requests\``);
  const readme = made.files.find(({ path }) => path.endsWith('.md'))!.text;
  assert.match(readme, /\| `istioEgress\/access` \| `\{ uri, hosts\? \}` \| rows: /);
});
