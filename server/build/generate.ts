// `npm run generate` refreshes every generated file; `npm run generate -- --check` only says which ones are out of date.
// A module that cannot run here (Go or the network is missing) says so and leaves its files as they are.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { validators } from './compile-validators.ts';
import type { Generated, GeneratedFile } from './generated.ts';
import { schemaTexts } from './embed-schemas.ts';
import { referenceTable } from './generate-references.ts';
import { outputSchemas } from './generate-output-schemas.ts';
import { releases } from './generate-releases.ts';
import { links } from './generate-links.ts';
import { requestTables } from './generate-requests.ts';
import { rules } from './generate-rules.ts';
import { schemas } from './generate-schemas.ts';

/** In order: a later module may read what an earlier one wrote. */
const modules: readonly Generated[] = [
  schemas,
  validators,
  schemaTexts,
  releases,
  outputSchemas,
  rules,
  requestTables,
  referenceTable,
  links,
];

const root = resolve(import.meta.dirname, '../..');
const check = process.argv.includes('--check');
const only = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

let stale = 0;
for (const module of modules) {
  if (only.length > 0 && !only.includes(module.name)) continue;
  const outcome = await module.make();
  if ('skipped' in outcome) {
    console.warn(`${module.name}: skipped, ${outcome.skipped}`);
    continue;
  }
  const changed = [...outcome.files.filter(differs), ...orphans(module, outcome.files)];
  stale += changed.length;
  for (const { path } of changed) console.log(`${module.name}: ${path} ${check ? 'is out of date' : 'refreshed'}`);
  if (changed.length === 0) console.log(`${module.name}: ${outcome.files.length} files are current`);
  if (!check) changed.forEach(write);
}
if (check && stale > 0) {
  console.error('Run `npm run generate` and commit the result.');
  process.exitCode = 1;
}

function differs({ path, text }: GeneratedFile): boolean {
  const file = join(root, path);
  return !existsSync(file) || readFileSync(file, 'utf8') !== text;
}

/** Files that nothing generates any more; an empty text removes them. */
function orphans({ folders = [] }: Generated, files: readonly GeneratedFile[]): readonly GeneratedFile[] {
  const made = new Set(files.map(({ path }) => path));
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
    .filter((path) => !made.has(path))
    .map((path) => ({ path, text: '' }));
}

function write({ path, text }: GeneratedFile): void {
  const file = join(root, path);
  if (text === '') return rmSync(file);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
