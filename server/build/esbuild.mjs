// npm run build: every bundle into dist/ and the editor's suites into out/. --minify FOLDER is how the product is packaged.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { buildHostTests, buildProduct, root } from './bundles.ts';

const [option, folder] = process.argv.slice(2);
const minify = option === '--minify';
const results = await buildProduct({ minify }, folder);
if (!minify) await buildHostTests();
for (const { metafile } of results)
  for (const file of Object.keys(metafile.outputs).filter((name) => !name.endsWith('.map')))
    console.log(`${file.padEnd(22)} ${(statSync(join(root, file)).size / 1024).toFixed(0).padStart(6)} kB`);
