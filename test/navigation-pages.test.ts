// Every page of navigation is executed: each cursor is a case. UPDATE_PAGES=1 writes the answers.
import assert from 'node:assert/strict';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { ReferenceField } from '../server/src/references/reference-field.ts';
import { referenceFields } from '../server/src/references/reference-fields.ts';
import { readCursorPage, rewritten, type CursorSection } from './kit/cursor-page.ts';
import { answersOf, fieldsAt } from './kit/navigation-page.ts';

const update = process.env['UPDATE_PAGES'] === '1';
const counts = new Map<string, number>();
const covered = new Map<string, Set<ReferenceField>>();

for (const path of globSync('test/pages/navigation/*.md').sort((a, b) => (a < b ? -1 : 1))) {
  const sections = readCursorPage(path, { onlyOwn: false });
  describe(path, () => {
    for (const section of sections) checkSection(section);
    it('is written with its answers', () => {
      if (update) writeFileSync(path, rewritten(readFileSync(path, 'utf8'), sections, sections.map(answersOf)));
    });
  });
}

function checkSection(section: CursorSection): void {
  const { cases, question, body } = section;
  counts.set(question, (counts.get(question) ?? 0) + cases.length);
  it(`${question}: ${cases[0]?.name}`, () => {
    if (!update) assert.equal(answersOf(section), body);
    const rows = covered.get(question) ?? new Set();
    covered.set(question, rows);
    for (const field of cases.flatMap(fieldsAt)) rows.add(field);
  });
}

it('there are at least 60 cases of definition and references, and 40 of rename', () => {
  const of = (question: string): number => counts.get(question) ?? 0;
  assert.ok(of('definition') + of('references') >= 60, JSON.stringify([...counts]));
  assert.ok(of('rename') >= 40, JSON.stringify([...counts]));
});

/** Keys of labels name nothing by themselves. */
const isName = ({ form }: ReferenceField): boolean => form.names !== 'label of pods';

for (const question of ['definition', 'rename'])
  it(`each field of the table of references has a case of ${question}`, () =>
    assert.deepEqual(
      referenceFields
        .filter((field) => isName(field) && !covered.get(question)?.has(field))
        .map(({ kinds, patterns }) => `${String(kinds)} ${patterns[0]!.join('.')}`),
      [],
    ));
