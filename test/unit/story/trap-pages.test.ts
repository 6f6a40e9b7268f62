// The table of traps names pages and cases that exist.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '../../..');
const table = readFileSync(join(root, 'test/pages/README.md'), 'utf8');

test('every trap has a page that shows it', () => {
  const rows = table
    .split('### Without a page')[0]!
    .split('\n')
    .flatMap((line) => {
      const [, , , page] = line.split('|').map((cell) => cell.trim());
      return page && page !== 'page' && !page.startsWith('---') ? [page] : [];
    });
  assert.ok(rows.length > 40, `only ${rows.length}`);
  const missing = rows.filter((row) => {
    const [, file = '', heading = ''] = /^(\S+) # (.*)$/.exec(row) ?? [];
    const path = [join(root, 'test/pages', file), join(root, 'server/src/rules', file)].find((one) => existsSync(one));
    return file === '' || path === undefined || !readFileSync(path, 'utf8').split('\n').includes(`## ${heading}`);
  });
  assert.deepEqual(missing, []);
});
