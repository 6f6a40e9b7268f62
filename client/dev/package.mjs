// npm run package: minified bundles in a folder of their own, beside what belongs to them, and dist/istio-egress.vsix made of that.
import { cpSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { must, node, root, withOwnNode } from './prepare.mjs';

const largest = 1024 * 1024;
const staging = join(root, 'out/vsix');
const out = join(root, 'dist/istio-egress.vsix');
const env = withOwnNode();

rmSync(staging, { recursive: true, force: true });
mkdirSync(join(root, 'dist'), { recursive: true });
for (const name of [
  'package.json',
  'package.nls.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  '.vscodeignore',
  'snippets',
  'examples',
  'client/media',
])
  cpSync(join(root, name), join(staging, name), { recursive: true });
must('The build', node, [join(root, 'server/build/esbuild.mjs'), '--minify', 'out/vsix/dist'], {
  env,
  stdio: ['ignore', 'ignore', 'inherit'],
});
must(
  'vsce package',
  node,
  [
    join(root, 'node_modules/@vscode/vsce/vsce'),
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--out',
    out,
  ],
  { env, cwd: staging },
);

const { size } = statSync(out);
console.log(`dist/istio-egress.vsix: ${(size / 1024).toFixed(0)} kB`);
if (size > largest) {
  console.error(`That is more than ${largest / 1024} kB.`);
  process.exit(1);
}
