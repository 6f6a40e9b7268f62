// Every page of completion is executed: each cursor of its manifests is a case. UPDATE_PAGES=1 writes what accepting gives.
import assert from 'node:assert/strict';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { manifestCursor } from '../server/src/features/completion/manifest-cursor.ts';
import { kindOf } from '../server/src/model/kind-of.ts';
import { matchesPattern } from '../server/src/references/field-pattern.ts';
import type { ReferenceField } from '../server/src/references/reference-field.ts';
import { referenceFields, referenceFieldsOf } from '../server/src/references/reference-fields.ts';
import {
  brokenClaims,
  faultsOf,
  offeredAt,
  printExpected,
  readExpected,
  updated,
  type Offered,
} from './kit/completion-page.ts';
import { readCursorPage, rewritten, workspaceOf, type CursorSection } from './kit/cursor-page.ts';

const update = process.env['UPDATE_PAGES'] === '1';
const pages = globSync('test/pages/completion/*.md').sort((a, b) => (a < b ? -1 : 1));
let count = 0;
const offering = new Set<ReferenceField>();

for (const path of pages) {
  const text = readFileSync(path, 'utf8');
  const sections = readCursorPage(path, { onlyOwn: true });
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
      for (const field of rowsOffering(offered)) offering.add(field);
      assert.ok(expected[i]!.claims.length > 0, 'something is expected');
      if (!update) assert.deepEqual(brokenClaims(offered, expected[i]!), []);
      const faults = faultsOf(offered);
      assert.ok(faults.length === 0, faults.slice(0, 3).join('\n'));
    });
  }
}

function updatedBody({ cases, body }: CursorSection): string {
  return printExpected(readExpected(body).map((one, i) => updated(offeredAt(cases[i]!), one)));
}

it('there are at least 150 cases', () => assert.ok(count >= 150, String(count)));

/** Fields that declare a name need not offer any. */
it('each field of the table of references has a case in which its names are offered', () =>
  assert.deepEqual(
    referenceFields
      .filter((field) => field.role === 'reference' && !offering.has(field))
      .map(({ kinds, patterns }) => `${String(kinds)} ${patterns[0]!.join('.')}`),
    [],
  ));

function rowsOffering({ one, choices }: Offered): readonly ReferenceField[] {
  const cursor = manifestCursor(one.files.get(one.uri)!, one.offset);
  if (cursor === undefined || cursor.is === 'start' || choices.every(({ kind }) => kind !== 'reference')) return [];
  const kind = kindOf(cursor.apiVersion ?? '', cursor.kind ?? '');
  if (kind === undefined) return [];
  const { root, path } = cursor;
  const at = { mesh: workspaceOf(one).writtenMesh, kind, namespace: '', name: '', root };
  const paths = [path, [...path, 0], [...path, 'name'], [...path, 'key'], [...path, 0, 'name']];
  return paths.flatMap((field) =>
    referenceFieldsOf(kind).filter(
      ({ patterns, applies }) =>
        patterns.some((pattern) => matchesPattern(pattern, field)) && (!applies || applies({ ...at, path: field })),
    ),
  );
}
