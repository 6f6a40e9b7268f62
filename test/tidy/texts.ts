// Every text of the project that people write, for tests that look for words in all of them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './source-tree.ts';

/** Texts by path from the project's root, with `/` between names. */
export type Texts = ReadonlyMap<string, string>;

/** Folders and files of the project that people write in. */
const written = ['server', 'client', 'test', 'schemas', 'examples', 'README.md', 'CHANGELOG.md'];
const skipped = /node_modules|\/fixtures\/|\.gen\.|(?:^|\/)dist\//;
const textFile = /\.(?:ts|mjs|js|go|md|json|jsonc|ya?ml|sh)$/;

/** What people write, by path from the project's root; what is generated as a whole file is left out. */
export function readTexts(): Texts {
  const texts = new Map<string, string>();
  const add = (path: string) => {
    if (textFile.test(path) && !skipped.test(path)) texts.set(path, readFileSync(join(projectRoot, path), 'utf8'));
  };
  for (const start of written) {
    if (start.endsWith('.md')) add(start);
    else {
      for (const entry of readdirSync(join(projectRoot, start), { withFileTypes: true, recursive: true })) {
        if (entry.isFile())
          add(
            `${join(entry.parentPath, entry.name)
              .slice(projectRoot.length + 1)
              .replaceAll('\\', '/')}`,
          );
      }
    }
  }
  return texts;
}
