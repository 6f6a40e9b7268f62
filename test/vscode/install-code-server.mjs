// Finishes the installation of code-server without its own script, which would build native modules that nothing here uses.
// Uses Node's own modules only. Runs under the project's Node, because the modules must fit it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../node_modules/code-server');
const vscode = join(root, 'lib/vscode');
const marker = join(vscode, '.installed');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const stamp = `${version} ${process.versions.modules}`;

if (!existsSync(marker) || readFileSync(marker, 'utf8') !== stamp) {
  installModules();
  linkScripts();
  writeFileSync(marker, stamp);
  console.log(`VS Code in the browser (code-server ${version}) is set up.`);
}

/**
 * The server's own modules; those of the built-in extensions are not needed. Not `npm ci`: the lock file that comes with them is not quite
 * in step with their package.json. Optional modules stay in: without the file watcher among them the editor misses what other programs write.
 */
function installModules() {
  const inherited = Object.entries(process.env).filter(
    ([key]) => !/^npm_(package|lifecycle|command|execpath|config_local_prefix)/i.test(key),
  );
  const words = [
    'install',
    '--omit=dev',
    '--ignore-scripts',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  execFileSync('npm', words, { cwd: vscode, env: Object.fromEntries(inherited), stdio: ['ignore', 2, 2] });
}

/** What code-server's own script would link. */
function linkScripts() {
  for (const [folder, from, to] of [
    ['remote-cli', 'code-linux.sh', 'code-server'],
    ['helpers', 'browser-linux.sh', 'browser.sh'],
  ]) {
    const link = join(vscode, 'bin', folder, to);
    rmSync(link, { force: true });
    symlinkSync(from, link);
  }
}
