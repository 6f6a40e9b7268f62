// npm run dev [-- --no-editor] [FOLDER]: builds after each change of a source. VS Code, which it opens in a browser unless told not to,
// then restarts the language server, or loads its window again where the client changed (client/src/reload-after-build.ts).
import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../server/build/bundles.ts';
import { watchProduct, type Rebuilt } from '../../server/build/watch.ts';
import { clientWord, developmentVariable, reloadFile, serverWord } from '../src/reload-file.ts';

const words = process.argv.slice(2);
const folder = words.find((word) => !word.startsWith('--')) ?? join(root, 'examples');
let editor: ChildProcess | undefined;
let isFirst = true;

// The task in .vscode/tasks.json waits for "watching" to know that a build is done.
console.log('Building.');
await watchProduct(({ client, errors, ms }: Rebuilt) => {
  if (errors > 0) return console.log(`${errors} ${errors === 1 ? 'error' : 'errors'}; watching.`);
  const part = client ? clientWord : serverWord;
  console.log(`Built the ${isFirst ? 'product' : part} in ${ms} ms; watching.`);
  if (!isFirst) writeFileSync(join(root, reloadFile), `${part} ${Date.now()}\n`);
  else if (!words.includes('--no-editor')) editor = openEditor();
  isFirst = false;
});

function openEditor(): ChildProcess {
  const child = spawn(process.execPath, [join(root, 'client/dev/serve.ts'), folder], {
    env: { ...process.env, [developmentVariable]: '1' },
    stdio: 'inherit',
  });
  child.on('exit', (code) => process.exit(code ?? 1));
  return child;
}

// Ctrl+C reaches the editor by itself, and this process ends after it.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (!editor) process.exit(0);
    if (signal === 'SIGTERM') editor.kill(signal);
  });
