// The suite of the Node extension host in desktop VS Code: VSCODE_EXECUTABLE where it is set, else one that @vscode/test-electron downloads.
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { makeHome, root } from './code-server.ts';

const home = makeHome({ workspace: join(root, 'examples') });
const executable = process.env['VSCODE_EXECUTABLE'];
let code = 1;
try {
  code = await runTests({
    ...(executable === undefined
      ? { version: process.env['VSCODE_VERSION'] ?? 'stable' }
      : { vscodeExecutablePath: executable }),
    extensionDevelopmentPath: root,
    extensionTestsPath: join(root, 'out/host/index.cjs'),
    launchArgs: [
      home.workspace,
      '--user-data-dir',
      join(home.folder, 'data'),
      '--extensions-dir',
      join(home.folder, 'extensions'),
      '--disable-workspace-trust',
      '--disable-gpu',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
} catch (error) {
  console.error(error);
} finally {
  home.drop();
}
process.exit(code);
