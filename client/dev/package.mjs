// npm run package: minified bundles, then dist/istio-egress.vsix with what is in .vscodeignore left out.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { must, node, root, withOwnNode } from './prepare.mjs';

const env = withOwnNode();
must('The build', node, [join(root, 'server/build/esbuild.mjs'), '--minify'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
const out = join(root, 'dist/istio-egress.vsix');
must('vsce package', node, [join(root, 'node_modules/@vscode/vsce/vsce'), 'package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', out], { env });
console.log(`${out.slice(root.length + 1)}: ${(statSync(out).size / 1024).toFixed(0)} kB`);
