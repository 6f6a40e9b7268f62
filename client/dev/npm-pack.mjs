// prepack and postpack of npm: packing or publishing this folder, and tools that install it from a clone as pre-commit does, give the npm package
// and not the extension. The manifest is replaced for that moment; what stood there is kept beside it and comes back, after a broken run too.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, node, root, withOwnNode } from './prepare.mjs';
import { npmManifest } from './npm-manifest.mjs';

const path = join(root, 'package.json');
const kept = join(root, 'out/package.json.before-pack');

restore();
if (process.argv[2] === 'prepare') {
  const build = [join(root, 'server/build/esbuild.mjs'), '--minify'];
  must('The build', node, build, { env: withOwnNode(), stdio: ['ignore', 'ignore', 'inherit'] });
  mkdirSync(join(root, 'out'), { recursive: true });
  const text = readFileSync(path, 'utf8');
  writeFileSync(kept, text);
  writeFileSync(path, `${JSON.stringify(npmManifest(JSON.parse(text)), undefined, 2)}\n`);
}

function restore() {
  if (existsSync(kept)) renameSync(kept, path);
}
