// build.ts [NAME...]: builds the programs of those names, or all, each once; what is there already stays. `--folder` prints where they lie.
// Exit codes: 0 all there · 1 a build failed · 2 wrong usage · 3 skipped, because Go is not installed.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  apart,
  cacheFolder,
  here,
  isProgram,
  moduleOf,
  onPath,
  pathOf,
  programOf,
  programs,
  sharedFiles,
  type ProgramName,
} from './programs.ts';

const folder = cacheFolder();

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--folder')) {
    console.log(folder);
    return 0;
  }
  const unknown = args.filter((name) => !isProgram(name));
  if (unknown.length > 0) {
    console.error(
      `No such program: ${unknown.join(', ')}. There are ${[...Object.keys(programs), ...Object.keys(apart)].join(', ')}.`,
    );
    return 2;
  }
  const names = args.length > 0 ? args.filter(isProgram) : everything();
  if (complete(names)) return 0;
  if (spawnSync('go', ['version']).error) {
    console.error(
      'SKIPPED: Go is not installed, so the real programs cannot be built. Install Go 1.26 or newer (https://go.dev/dl).',
    );
    return 3;
  }
  mkdirSync(folder, { recursive: true });
  return withLock(() => buildMissing(names));
}

/** A kubectl of our own is needed only where the machine has none. */
function everything(): readonly ProgramName[] {
  return [...Object.keys(programs), ...Object.keys(apart)]
    .filter(isProgram)
    .filter((name) => name !== 'kubectl' || onPath('kubectl') === undefined);
}

function complete(names: readonly ProgramName[]): boolean {
  return (
    names.every((name) => existsSync(pathOf(name, folder))) &&
    (!names.includes('kube-apiserver') || existsSync(path.join(folder, 'share')))
  );
}

async function buildMissing(names: readonly ProgramName[]): Promise<number> {
  for (const name of names) {
    if (existsSync(pathOf(name, folder))) continue;
    const began = Date.now();
    console.error(`Building ${name} …`);
    if (!(await build(name))) {
      console.error(`${name} could not be built; what Go said is above.`);
      return 1;
    }
    console.error(`Built ${name} in ${Math.round((Date.now() - began) / 1000)} s.`);
  }
  return names.includes('kube-apiserver') ? shareFiles() : 0;
}

/** Written beside its place and then renamed: a build that is stopped leaves nothing that looks finished. */
async function build(name: ProgramName): Promise<boolean> {
  const { package: source, stamps } = programOf(name);
  const part = `${pathOf(name, folder)}.part`;
  const flags = ['-s', '-w', ...stamps.flatMap((stamp) => ['-X', stamp])].join(' ');
  const child = spawn('go', ['build', `-ldflags=${flags}`, '-o', part, source], {
    cwd: moduleOf(name),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  // The machine stays usable; what Go starts inherits it.
  if (child.pid !== undefined) setPriority(child.pid, 5);
  const end = (): void => void child.kill();
  process.on('exit', end);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve).on('error', () => resolve(1)));
  process.off('exit', end);
  if (code === 0) renameSync(part, pathOf(name, folder));
  return code === 0;
}

/** Copies what a cluster needs of the modules, so that it needs neither Go nor the module cache to start. */
function shareFiles(): number {
  const share = path.join(folder, 'share');
  if (existsSync(share)) return 0;
  const part = `${share}.part`;
  rmSync(part, { recursive: true, force: true });
  for (const [module, from, to] of sharedFiles) {
    const found = spawnSync('go', ['mod', 'download', '-json', module], { cwd: here, encoding: 'utf8' });
    const answer: unknown = found.status === 0 ? JSON.parse(found.stdout) : undefined;
    if (typeof answer !== 'object' || answer === null || !('Dir' in answer)) {
      console.error(`${module} could not be downloaded: ${found.stdout}${found.stderr}`);
      return 1;
    }
    // The module cache is read-only, and its modes come along.
    cpSync(path.join(String(answer.Dir), from), path.join(part, to), { recursive: true });
    spawnSync('chmod', ['-R', 'u+w', part]);
  }
  renameSync(part, share);
  return 0;
}

/** One build at a time: a second one waits and then finds everything there. */
async function withLock(work: () => Promise<number>): Promise<number> {
  const lock = path.join(folder, 'lock');
  for (let waited = 0; !take(lock); waited++) {
    if (waited === 0) console.error('Another build is running; waiting for it.');
    await sleep(500);
  }
  const free = (): void => rmSync(lock, { force: true });
  process.on('exit', free);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
  try {
    return await work();
  } finally {
    free();
  }
}

function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!holds(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function holds(lock: string): boolean {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (pid > 0) process.kill(pid, 0);
    return true; // a lock without a number is just being written
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

process.exitCode = await main(process.argv.slice(2));
