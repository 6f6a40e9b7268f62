// Every page of traces is executed: the YAML fences of a `##` section are the mesh, and each `request` fence is followed by
// the `trace` that it gives. UPDATE_PAGES=1 writes them.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { askPage, readTracePage, type TraceCase } from './kit/trace-page.ts';

const folder = join(import.meta.dirname, 'pages/trace');
const update = process.env['UPDATE_PAGES'] === '1';

for (const name of readdirSync(folder)
  .filter((file) => file.endsWith('.md'))
  .sort()) {
  const path = join(folder, name);
  const text = readFileSync(path, 'utf8');
  const cases = readTracePage(text);
  describe(name, () => {
    it('has requests', () => assert.ok(cases.length > 0));
    for (const one of cases)
      it(`${one.heading}: ${one.request}`, () => {
        if (!update) assert.equal(askPage(one), one.expected);
      });
    it('is written with its traces', () => {
      if (update) writeFileSync(path, rewritten(text, cases));
    });
  });
}

function rewritten(text: string, cases: readonly TraceCase[]): string {
  return cases
    .toReversed()
    .reduce((before, one) => before.slice(0, one.span.start) + askPage(one) + before.slice(one.span.end), text);
}
