// Every page of prose with YAML in it is executed: the rules' own pages, and the edge cases in `pages/rules`.
// UPDATE_PAGES=1 writes what fixes make into the `Fixed` sections.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { casesOf, fixTitle, printFiles, readPage, type Case, type PageFile, type Section } from './kit/page.ts';
import { checkFixes, compareCase, fixCase, offeredFixes, runCase, show, type CaseRun } from './kit/run-page.ts';

const root = resolve(import.meta.dirname, '..');
const update = process.env['UPDATE_PAGES'] === '1';

for (const path of [...pagesIn(join(root, 'server/src/rules')), ...pagesIn(join(root, 'test/pages/rules'))]) {
  const text = readFileSync(path, 'utf8');
  const page = readPage(text);
  const updates: { readonly section: Section; readonly text: string }[] = [];
  const id = basename(path, '.md');
  const rule = existsSync(path.replace(/\.md$/, '.ts')) || id.startsWith('require-') ? id : undefined;
  describe(relative(root, path), () => {
    for (const one of casesOf(page)) it(one.section.heading, () => testCase(one, rule, updates));
    it('is written with the results of its fixes', () => {
      if (update && updates.length > 0) writeFileSync(path, updated(text, updates));
    });
  });
}

function testCase(
  { section, fixed }: Case,
  rule: string | undefined,
  updates: { section: Section; text: string }[],
): void {
  const run = runCase(section);
  assert.deepEqual(compareCase(section, run), []);
  if (rule !== undefined) testKind(section, run, rule);
  if (section.offered) assert.deepEqual(offeredFixes(run), section.offered);
  for (const expected of fixed) {
    const title = fixTitle(expected)!;
    const files = fixCase(run, title);
    assert.ok(files, `no finding of "${section.heading}" offers the fix "${title}"`);
    const markers = expected.files.flatMap((file) => file.markers);
    if (update) updates.push({ section: expected, text: printFiles(files) });
    else assert.deepEqual(byName(files), byName(expected.files), `what "${title}" makes`);
    assert.deepEqual(
      markers,
      [],
      `findings of "${expected.heading}" are not checked: write a case of its own for them`,
    );
  }
  assert.deepEqual(checkFixes(run), []);
}

/** Cases of a rule's own page show that rule alone, or nothing. */
function testKind({ heading }: Section, { analysis }: CaseRun, rule: string): void {
  const { findings } = analysis;
  if (heading.startsWith('Passes')) assert.deepEqual(findings.map(show), []);
  else {
    assert.ok(heading.startsWith('Fails'), `"${heading}" is neither Fails nor Passes`);
    assert.ok(findings.length > 0, 'it fails with nothing');
    assert.deepEqual(findings.filter((finding) => finding.rule !== rule).map(show), []);
  }
}

function byName(files: readonly Pick<PageFile, 'name' | 'text'>[]): Record<string, string> {
  return Object.fromEntries(files.map(({ name, text }) => [name, text]));
}

function updated(text: string, updates: readonly { readonly section: Section; readonly text: string }[]): string {
  const lastFirst = updates.toSorted((a, b) => b.section.span.start - a.section.span.start);
  return lastFirst.reduce(
    (before, { section: { span }, text: fences }) =>
      `${before.slice(0, span.start)}${fences}${span.end > span.start ? '' : '\n'}${before.slice(span.end)}`,
    text,
  );
}

function pagesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && basename(file) !== 'README.md')
    .map((file) => join(folder, file))
    .sort();
}
