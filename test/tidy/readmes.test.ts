// Files and folders that a page for developers names exist.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from './source-tree.ts';

const files = readdirSync(projectRoot, { withFileTypes: true })
  .filter(({ name }) => !['node_modules', 'dist', 'out', '.git'].includes(name))
  .flatMap((top) =>
    top.isDirectory()
      ? readdirSync(join(projectRoot, top.name), { recursive: true, encoding: 'utf8' }).map(
          (path) => `${top.name}/${path.replaceAll('\\', '/')}`,
        )
      : [top.name],
  );

const pages = files.filter(
  (path) => /(?:^|\/)(?:README|CONTRIBUTING|SECURITY)\.md$/.test(path) || /^server\/docs\/[^/]+\.md$/.test(path),
);

/** A file with an extension of the project, or a folder of its sources; names in capitals are placeholders. */
const fileName = /^[a-z.][\w./-]*\.(?:ts|mjs|md|jsonc?|sh|go)$/;
const workflow = /^\.github\/[\w./-]+\.yml$/;
const sourceFolder = /^(?:\.github|server|client|test|schemas|examples)\/[a-z\d./-]+\/$/;

/** Files and folders that a page names in code marks. */
function namedPaths(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\s]+)`/g)]
    .map(([, name]) => name!)
    .filter(
      (name) => [fileName, workflow, sourceFolder].some((form) => form.test(name)) && !/[A-Z]{2,}(?!ME\.md)/.test(name),
    );
}

/** Pages name a file by the end of its path; one without a folder is below the page. */
function exists(name: string, page: string): boolean {
  if (name.endsWith('/')) return files.some((path) => path.startsWith(name));
  const below = name.includes('/') || dirname(page) === '.' ? '' : `${dirname(page)}/`;
  return files.some((path) => path === name || (path.startsWith(below) && path.endsWith(`/${name}`)));
}

function brokenLinks(page: string, text: string): readonly string[] {
  return [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(projectRoot, dirname(page), target)));
}

/** Written by a build or a run, or by users: not in the repository. */
const notInRepository = new Set(['dist/engine.js']);

test('the checks find a file that is not there', () => {
  assert.deepEqual(
    namedPaths('`server/src/nowhere.ts`, `hosts.ts`, `STAGE/ID.ts`, `npm test`').filter(
      (name) => !exists(name, 'README.md'),
    ),
    ['server/src/nowhere.ts'],
  );
  assert.equal(exists('hosts.ts', 'server/README.md'), true);
  assert.equal(exists('hosts.ts', 'schemas/README.md'), false);
  assert.deepEqual(brokenLinks('README.md', '[a](nowhere.md) [b](README.md#x) [c](https://example.com)'), [
    'nowhere.md',
  ]);
});

test('each file that a page names exists', () => {
  assert.deepEqual(
    pages.flatMap((page) =>
      namedPaths(readFileSync(join(projectRoot, page), 'utf8'))
        .filter((name) => !notInRepository.has(name) && !exists(name, page))
        .map((name) => `${page}: ${name}`),
    ),
    [],
  );
});

test('each link of a page leads to a file', () => {
  assert.deepEqual(
    pages.flatMap((page) =>
      brokenLinks(page, readFileSync(join(projectRoot, page), 'utf8')).map((target) => `${page}: ${target}`),
    ),
    [],
  );
});
