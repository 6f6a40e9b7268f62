// npm run dev: installs what is missing and starts watch.ts, which needs the project's own Node.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { installEditor, installPackages, node, root, withOwnNode } from './prepare.mjs';

const words = process.argv.slice(2);
installPackages();
if (!words.includes('--no-editor')) installEditor();
const child = spawn(node, [join(root, 'client/dev/watch.ts'), ...words], {
  cwd: root,
  env: withOwnNode(),
  stdio: 'inherit',
});
child.on('exit', (code) => process.exit(code ?? 1));
// Ctrl+C reaches the child by itself; whoever ends this process by its id ends the child, too.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
