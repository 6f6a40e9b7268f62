// The table of references and the rules about names that lead nowhere are about the same fields.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { shippedRules } from '../../../server/src/engine/analyze.ts';
import { namesIn } from '../../../server/src/features/navigation/situations.ts';
import { referenceFields } from '../../../server/src/references/reference-fields.ts';
import { casesOf, readPage } from '../../kit/page.ts';
import { runCase } from '../../kit/run-page.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const ids = new Set(shippedRules.rules.map(({ id }) => id));
const checking = new Set(referenceFields.flatMap(({ checkedBy }) => ('unchecked' in checkedBy ? [] : checkedBy)));

test('every rule that a row names is there', () => {
  assert.ok(referenceFields.length > 50, 'the table was read');
  assert.deepEqual(
    [...checking].filter((id) => !ids.has(id)),
    [],
  );
});

test('every row that no rule checks says why', () => {
  for (const { checkedBy } of referenceFields) if ('unchecked' in checkedBy) assert.ok(checkedBy.unchecked.length > 5);
});

/** A beginning or an end of names is no name, nor is a group. */
const isNoName = /^(\*\S+|\S+\*) matches| needs group /;

for (const id of [...ids].filter((one) => one.startsWith('unknown-')))
  test(`what ${id} finds is a field of the table that names the rule`, () => {
    assert.ok(checking.has(id), `no row is checked by ${id}`);
    const [path] = globSync(`server/src/rules/*/${id}.md`);
    let seen = 0;
    for (const { section } of casesOf(readPage(readFileSync(path!, 'utf8')))) {
      const { analysis, files, settings } = runCase(section);
      const workspace = newWorkspace(settings);
      for (const [uri, text] of files) workspace.setFile(uri, text);
      workspace.refresh();
      const host = { textOf: (uri: string) => files.get(uri) };
      for (const finding of analysis.findings.filter(({ rule, message }) => rule === id && !isNoName.test(message))) {
        const rows = [...namesIn({ workspace, host, uri: finding.uri })].filter(
          ({ span }) => finding.span.start <= span.start && span.end <= finding.span.end,
        );
        seen++;
        assert.ok(
          rows.some(({ field: { checkedBy } }) => !('unchecked' in checkedBy) && checkedBy.includes(id)),
          `${section.heading}: ${finding.message}\n${files.get(finding.uri)?.slice(finding.span.start, finding.span.end)}`,
        );
      }
    }
    assert.ok(seen > 0, 'the page has a finding');
  });
