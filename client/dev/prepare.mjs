// What a fresh clone lacks, installed. Uses Node's own modules only and runs under any Node that is still supported.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** Node of the version that the project is developed with; it comes with the packages. On Windows a link to it would need a shell. */
export const node = join(
  root,
  process.platform === 'win32' ? 'node_modules/node/bin/node.exe' : 'node_modules/.bin/node',
);

/** Runs a program with its output shown; ends this process where it fails. */
export function must(what, file, args, options = {}) {
  const { status, error } = spawnSync(file, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    ...options,
  });
  if (status === 0) return;
  console.error(`\n${what} failed${error ? `: ${error.message}` : ` (exit code ${status})`}.`);
  process.exit(1);
}

/** The packages of the lock file, where they are not there or older than it. */
export function installPackages() {
  const marker = join(root, 'node_modules/.package-lock.json');
  if (
    existsSync(marker) &&
    existsSync(node) &&
    statSync(marker).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
  )
    return;
  console.log('Installing packages …');
  must('npm ci', 'npm', ['ci', '--loglevel=error']);
}

/** VS Code in the browser: its own modules, fitted to the project's Node. */
export function installEditor() {
  must('Setting up VS Code', node, [join(root, 'test/vscode/install-code-server.mjs')]);
}

/** Chromium drives the editor in tests. Installed where that needs no one to be asked; otherwise said. */
export function installBrowser() {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  if (process.env.CHROMIUM || names.some(onPath)) return;
  if (!canInstall()) {
    console.error(
      'There is no Chromium, which the tests drive. Install it (Debian and Ubuntu: sudo apt-get install chromium), or set CHROMIUM to its executable.',
    );
    process.exit(1);
  }
  aptInstall('chromium');
}

/** Neovim, for the tests of other editors. Without it they are skipped, so nothing fails where it cannot be installed. */
export function installNeovim() {
  if (!process.env.NEOVIM && !onPath('nvim') && canInstall()) aptInstall('neovim');
}

function canInstall() {
  return process.platform === 'linux' && process.getuid?.() === 0 && onPath('apt-get');
}

function aptInstall(name) {
  console.log(`Installing ${name} …`);
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  must('apt-get update', 'apt-get', ['update', '-q'], quiet);
  must(`apt-get install ${name}`, 'apt-get', ['install', '-y', '-q', name], quiet);
}

export function onPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, name)));
}

export function readManifest() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
}

/** The environment of a child that runs under the project's own Node. */
export function withOwnNode(extra = {}) {
  return { ...process.env, PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}`, ...extra };
}
