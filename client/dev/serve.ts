// serve.ts [FOLDER] [OPENED]: VS Code in a browser with the extension straight from the build, until Ctrl+C. With a file to open,
// the walkthrough stands beside it.
import { resolve } from 'node:path';
import { linkExtension, makeHome, startEditor, workbench } from '../../test/vscode/code-server.ts';
import { developmentVariable, welcomeVariable } from '../src/reload-file.ts';

const [folder = resolve('examples'), opened] = process.argv.slice(2).map((word) => resolve(word));
const home = makeHome({ settings: { 'files.autoSave': 'afterDelay', 'editor.minimap.enabled': true } });
linkExtension(home);
const editor = await startEditor(home, {
  port: Number(process.env['PORT'] ?? 0),
  env: opened === undefined ? {} : { [welcomeVariable]: '1' },
});
const payload =
  opened === undefined
    ? []
    : ([
        ['openFile', `vscode-remote://${new URL(editor.url).host}${opened}`],
        // The file may end in :LINE:COLUMN.
        ['gotoLineMode', 'true'],
      ] as const);
const afterBuild =
  process.env[developmentVariable] === '1'
    ? 'A debugger finds the language server on 127.0.0.1:6009.'
    : 'After a rebuild: F1, "Developer: Reload Window".';
console.log(`\n  Open  ${workbench(editor, folder, payload)}\n\n  ${afterBuild} Ctrl+C stops it.\n`);

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
