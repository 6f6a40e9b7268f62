// The page about the table of references is the table's, and no cell of it is empty.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { columns, referenceTable } from '../../server/build/generate-references.ts';
import { referenceFields } from '../../server/src/references/reference-fields.ts';
import { projectRoot } from './source-tree.ts';

const page = readFileSync(join(projectRoot, 'server/docs/references.md'), 'utf8');

test('the page is generated from the table', async () => {
  const outcome = await referenceTable.make();
  assert.ok('files' in outcome);
  for (const { path, text } of outcome.files)
    assert.equal(readFileSync(join(projectRoot, path), 'utf8'), text, 'run `npm run generate -- references`');
});

test('there is a row for each field, and a cell in each column', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| '));
  assert.equal(rows.length, referenceFields.length + 1);
  for (const row of rows) {
    const cells = row
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim());
    assert.equal(cells.length, columns.length, row);
    assert.deepEqual(
      cells.filter((cell) => cell === '' || cell === 'no' || /: ?$/.test(cell)),
      [],
      row,
    );
  }
});
