// npm run executable: dist/istio-egress-VERSION-PLATFORM-ARCH, the command line with Node inside, for machines without Node.
// It is Node's own single executable application: this Node, with one bundle of everything in it.
import { chmodSync, copyFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages, must, node, readManifest, root, withOwnNode } from './prepare.mjs';

installPackages();
const { name, version } = readManifest();
const folder = join(root, 'out/executable');
const script = join(folder, 'cli.js');
const blob = join(folder, 'cli.blob');
const suffix = process.platform === 'win32' ? '.exe' : '';
const executable = join(root, `dist/${name}-${version}-${process.platform}-${process.arch}${suffix}`);
const env = withOwnNode();
const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] };

mkdirSync(folder, { recursive: true });
mkdirSync(join(root, 'dist'), { recursive: true });
must('The build', node, [join(root, 'server/build/executable-bundle.ts'), script], quiet);
writeFileSync(
  join(folder, 'sea.json'),
  JSON.stringify({ main: script, output: blob, disableExperimentalSEAWarning: true }),
);
must('Packing the bundle', node, ['--experimental-sea-config', join(folder, 'sea.json')], quiet);
copyFileSync(node, executable);
chmodSync(executable, 0o755);
signature('--remove-signature');
const fuse = ['--sentinel-fuse', 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'];
const segment = process.platform === 'darwin' ? ['--macho-segment-name', 'NODE_SEA'] : [];
const postject = join(root, 'node_modules/postject/dist/cli.js');
must('Putting it into Node', node, [postject, executable, 'NODE_SEA_BLOB', blob, ...fuse, ...segment], quiet);
signature('--sign', '-');
must('The executable', executable, ['version'], { stdio: ['ignore', 'ignore', 'inherit'] });
console.log(`${executable.slice(root.length + 1)}: ${(statSync(executable).size / 1024 / 1024).toFixed(0)} MB`);

/** macOS runs no program whose signature does not fit. */
function signature(...words) {
  if (process.platform === 'darwin') must('codesign', 'codesign', [...words, executable], quiet);
}
