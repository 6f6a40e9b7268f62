// Every page of refactorings is executed. UPDATE_PAGES=1 writes what they make, and what they change for requests.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { bodyOf, CaseFiles, partsOf, readRefactoringPage } from './kit/refactoring-page.ts';

const folder = join(import.meta.dirname, 'pages/refactorings');
const update = process.env['UPDATE_PAGES'] === '1';

for (const name of readdirSync(folder)
  .filter((file) => file.endsWith('.md'))
  .sort()) {
  const path = join(folder, name);
  const text = readFileSync(path, 'utf8');
  const cases = readRefactoringPage(text);
  const parts = partsOf(text);
  describe(name, () => {
    it('has cases', () => assert.ok(cases.length > 0));
    for (const { section, offers, becomes } of cases)
      it(section.heading, () => {
        const files = new CaseFiles(section);
        if (offers) assert.deepEqual(files.offered(), offers);
        assert.ok(offers ?? becomes.length > 0, 'the case expects something');
        for (const { title, body, part } of becomes) {
          const done = files.refactor(title);
          assert.ok(done, `"${title}" is done; offered are ${files.offered().join('; ')}`);
          const now = `\n${bodyOf(files, done)}`;
          if (update)
            parts[part] = `## Becomes: ${title}
${now}
`;
          else assert.equal(body.trim(), now.trim());
        }
      });
    it('is written with its results', () => {
      if (update) writeFileSync(path, `${parts.join('').trimEnd()}\n`);
    });
  });
}
