// VS Code in a browser for tests and for trying things out: code-server started on a throw-away home, on 127.0.0.1 only.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };

export const root = resolve(import.meta.dirname, '../..');
const entry = join(root, 'node_modules/code-server/out/node/entry.js');

/** User data, extensions, configuration and a copy of a folder, all of this run only. */
export interface Home {
  readonly folder: string;
  readonly workspace: string;
  readonly drop: () => void;
}

export interface HomeOptions {
  /** Copied into the home, so that nothing a test does reaches the project. */
  readonly workspace?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Settings of the machine that the folder is on, such as where programs are: in a remote window a user's own do not reach there. */
  readonly machine?: Readonly<Record<string, unknown>>;
  readonly keybindings?: readonly { readonly key: string; readonly command: string }[];
}

/** Keeps the window calm: nothing is fetched, offered or asked. */
const calm = {
  'workbench.startupEditor': 'none',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'update.mode': 'none',
  'workbench.enableExperiments': false,
  'chat.disableAIFeatures': true,
  'window.commandCenter': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'git.enabled': false,
  'files.autoSave': 'off',
  'editor.minimap.enabled': false,
};

export function makeHome({ workspace, settings = {}, machine = {}, keybindings = [] }: HomeOptions = {}): Home {
  const folder = mkdtempSync(join(tmpdir(), 'istio-egress-editor-'));
  for (const name of ['data/User', 'data/Machine', 'extensions', 'home'])
    mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'config.yaml'), '');
  writeFileSync(join(folder, 'data/User/settings.json'), JSON.stringify({ ...calm, ...settings }));
  writeFileSync(join(folder, 'data/Machine/settings.json'), JSON.stringify(machine));
  writeFileSync(join(folder, 'data/User/keybindings.json'), JSON.stringify(keybindings));
  const copy = join(folder, 'workspace');
  if (workspace !== undefined) cpSync(workspace, copy, { recursive: true });
  return { folder, workspace: copy, drop: () => rmSync(folder, { recursive: true, force: true }) };
}

export function installExtension(home: Home, vsix: string): void {
  const run = spawnSync(process.execPath, [...common(home), '--install-extension', vsix, '--force'], {
    encoding: 'utf8',
    env: environment(home),
  });
  if (run.status !== 0)
    throw new Error(`installing ${vsix} failed (exit code ${run.status})\n${run.stdout}${run.stderr}`);
}

/** The project itself as an installed extension: a rebuild and a reload of the window show the new state. */
export function linkExtension(home: Home): void {
  symlinkSync(root, join(home.folder, 'extensions', `${manifest.publisher}.${manifest.name}-${manifest.version}`));
}

/** An extension of these tests that stands in for another one, beside ours. */
export function linkStandIn(home: Home, name: string): void {
  symlinkSync(join(root, 'test/vscode', name), join(home.folder, 'extensions', name));
}

export interface Editor {
  readonly url: string;
  readonly host: string;
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

export interface EditorOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Lets the address name an extension under development and its tests. Hides notifications. */
  readonly extensionTests?: boolean;
  readonly port?: number;
  /** Whether folders must be trusted first, as on a desktop; off by default. */
  readonly trust?: boolean;
}

export async function startEditor(
  home: Home,
  { env, extensionTests = false, port = 0, trust = false }: EditorOptions = {},
): Promise<Editor> {
  const words = [
    ...common(home),
    '--auth',
    'none',
    '--bind-addr',
    `127.0.0.1:${port}`,
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
    '--ignore-last-opened',
    ...(trust ? [] : ['--disable-workspace-trust']),
    // A built editor ignores those parts of the address unless it was started with this option.
    ...(extensionTests ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
  const child = spawn(process.execPath, words, {
    env: environment(home, env),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let log = '';
  const url = await new Promise<string>((started, failed) => {
    const timer = setTimeout(() => failed(new Error(`the editor does not listen\n${log}`)), 60_000);
    const take = (text: string): void => {
      log += text;
      const found = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(log)?.[1];
      if (found !== undefined) started(found);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.once('exit', (code) => failed(new Error(`the editor ended (exit code ${code})\n${log}`)));
    child.once('spawn', () => process.on('exit', () => signal(child, 'SIGKILL')));
    void child.once('close', () => clearTimeout(timer));
  });
  return { url, host: new URL(url).host, log: () => log, stop: () => stop(child) };
}

/** Address of the editor with a folder open. */
export function workbench(
  editor: Editor,
  folder: string,
  payload: readonly (readonly [string, string])[] = [],
): string {
  const url = new URL(editor.url);
  url.searchParams.set('folder', folder);
  if (payload.length > 0) url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}

function common({ folder }: Home): string[] {
  return [
    entry,
    '--config',
    join(folder, 'config.yaml'),
    '--user-data-dir',
    join(folder, 'data'),
    '--extensions-dir',
    join(folder, 'extensions'),
  ];
}

function environment({ folder }: Home, extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const home = join(folder, 'home');
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...extra,
    HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
  };
  for (const key of ['VSCODE_IPC_HOOK_CLI', 'PASSWORD', 'HASHED_PASSWORD', 'PORT']) delete env[key];
  return env;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resume) => child.once('exit', resume));
  signal(child, 'SIGTERM');
  const hard = setTimeout(() => signal(child, 'SIGKILL'), 5000);
  await gone;
  clearTimeout(hard);
}

/** The whole group: the editor starts extension hosts and watchers of its own. */
function signal(child: ChildProcess, name: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
