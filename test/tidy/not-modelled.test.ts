// The page about what is not modelled shows the list that the code goes by. UPDATE_PAGES=1 writes it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { istioExtensions, vendorExtensions, type ExtensionKind } from '../../server/src/model/extension-kinds.ts';

const page = join(resolve(import.meta.dirname, '../..'), 'server/docs/not-modelled.md');
const block = /(<!-- extensions -->\n)[\s\S]*?(<!-- end of extensions -->)/;

const atWaypoint: Readonly<Record<ExtensionKind['waypoint'], string>> = {
  policy: '`targetRefs`',
  gateway: '`targetRefs`',
  workload: 'selector',
};

function rowOf({ group, kinds, changes, waypoint, sidecar, since }: ExtensionKind): string {
  const release = since === undefined ? '' : ` (since ${since})`;
  const kind = kinds ? `${kinds.join(', ')}${release}` : 'policies of other vendors';
  return `| ${kind} | ${group} | ${changes} | ${atWaypoint[waypoint]} | ${sidecar ? 'selector' : '—'} |\n`;
}

test('the page lists every kind that changes a proxy', () => {
  const text = readFileSync(page, 'utf8');
  const rows = [...istioExtensions, vendorExtensions].map(rowOf).join('');
  const expected = text.replace(block, (_, start: string, end: string) => `${start}${rows}${end}`);
  if (process.env['UPDATE_PAGES'] === '1') writeFileSync(page, expected);
  else assert.equal(text, expected);
});
