// VS Code in a browser with the extension straight from the build, until Ctrl+C.
import { resolve } from 'node:path';
import { linkExtension, makeHome, startEditor, workbench } from '../../test/vscode/code-server.ts';
import { developmentVariable } from '../src/reload-file.ts';

const folder = resolve(process.argv[2] ?? 'examples');
const home = makeHome({ settings: { 'files.autoSave': 'afterDelay', 'editor.minimap.enabled': true } });
linkExtension(home);
const editor = await startEditor(home, { port: Number(process.env['PORT'] ?? 0) });
const afterBuild =
  process.env[developmentVariable] === '1'
    ? 'A debugger finds the language server on 127.0.0.1:6009.'
    : 'After a rebuild: F1, "Developer: Reload Window".';
console.log(`\n  Open  ${workbench(editor, folder)}\n\n  ${afterBuild} Ctrl+C stops it.\n`);

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await editor.stop();
  home.drop();
  process.exit(0);
}
process.on('SIGINT', () => void stop());
process.on('SIGTERM', () => void stop());
