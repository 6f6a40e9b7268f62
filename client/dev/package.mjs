// npm run package: dist/istio-egress.vsix, and dist/istio-egress-VERSION.tgz with the command line and the language server for npm.
// Each is made from a folder of its own with minified bundles, and the npm package is installed and started once.
import { cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmFiles, npmManifest } from './npm-manifest.mjs';
import { must, node, readManifest, root, withOwnNode } from './prepare.mjs';

/** Bytes. */
const largest = 1.2 * 1024 * 1024;
const env = withOwnNode();
const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] };

const manifest = readManifest();
const extension = stage('out/vsix', [
  'package.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  '.vscodeignore',
  'examples',
  'client/media',
]);
must('The build', node, [join(root, 'server/build/esbuild.mjs'), '--minify', 'out/vsix/dist'], quiet);
packExtension();
packForNpm();

function packExtension() {
  const out = join(root, 'dist/istio-egress.vsix');
  const words = ['package', '--no-dependencies', '--no-rewrite-relative-links', '--out', out];
  must('vsce package', node, [join(root, 'node_modules/@vscode/vsce/vsce'), ...words], { env, cwd: extension });
  const { size } = statSync(out);
  console.log(`dist/istio-egress.vsix: ${(size / 1024).toFixed(0)} kB`);
  if (size > largest) fail(`That is more than ${largest / 1024} kB.`);
}

function packForNpm() {
  const isBuilt = (name) => name.startsWith('dist/');
  const folder = stage('out/npm', ['README.md', 'LICENSE', ...npmFiles.filter((name) => !isBuilt(name))]);
  for (const name of npmFiles.filter(isBuilt)) cpSync(join(extension, name), join(folder, name));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(npmManifest(manifest), undefined, 2)}\n`);
  must('npm pack', 'npm', ['pack', '--loglevel=error', '--pack-destination', join(root, 'dist')], {
    ...quiet,
    cwd: folder,
  });
  const archive = join(root, `dist/${manifest.name}-${manifest.version}.tgz`);
  console.log(`dist/${manifest.name}-${manifest.version}.tgz: ${(statSync(archive).size / 1024).toFixed(0)} kB`);
  tryOut(archive);
}

function tryOut(archive) {
  const folder = stage('out/npm-try', []);
  const words = ['install', '--offline', '--no-audit', '--no-fund', '--no-save', '--prefix', folder, archive];
  must('npm install of the package', 'npm', words, { ...quiet, cwd: folder });
  const installed = join(folder, 'node_modules', manifest.name);
  const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  must('The installed command line', node, [join(installed, bin[manifest.name]), 'explain'], quiet);
}

/** An empty folder with copies of these files. */
function stage(path, names) {
  const folder = join(root, path);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(root, 'dist'), { recursive: true });
  for (const name of names) cpSync(join(root, name), join(folder, name), { recursive: true });
  return folder;
}

function fail(why) {
  console.error(why);
  process.exit(1);
}
