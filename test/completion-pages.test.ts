// Every page of completion is executed: each cursor of its manifests is a case. UPDATE_PAGES=1 writes what accepting gives.
import assert from 'node:assert/strict';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { brokenClaims, faultsOf, offeredAt, printExpected, readExpected, updated } from './kit/completion-page.ts';
import { readCursorPage, rewritten, type CursorSection } from './kit/cursor-page.ts';

const update = process.env['UPDATE_PAGES'] === '1';
const pages = globSync('test/pages/completion/*.md').sort((a, b) => (a < b ? -1 : 1));
let count = 0;

for (const path of pages) {
  const text = readFileSync(path, 'utf8');
  const sections = readCursorPage(text, { onlyOwn: true });
  describe(path, () => {
    for (const section of sections) checkSection(section);
    it('is written with what accepting gives', () => {
      if (update) writeFileSync(path, rewritten(text, sections, sections.map(updatedBody)));
    });
  });
}

function checkSection({ cases, body }: CursorSection): void {
  const expected = readExpected(body);
  it(`${cases[0]?.name}: each cursor is expected`, () =>
    assert.deepEqual(
      expected.map(({ line }) => line),
      cases.map(({ line }) => line),
    ));
  for (const [i, one] of cases.entries()) {
    count++;
    it(one.name, () => {
      const offered = offeredAt(one);
      assert.ok(expected[i]!.claims.length > 0, 'something is expected');
      if (!update) assert.deepEqual(brokenClaims(offered, expected[i]!), []);
      assert.deepEqual(faultsOf(offered), []);
    });
  }
}

function updatedBody({ cases, body }: CursorSection): string {
  return printExpected(readExpected(body).map((one, i) => updated(offeredAt(cases[i]!), one)));
}

it('there are cases', () => assert.ok(count >= 100, String(count)));
