// build.ts [--background] [NAME...]: builds the programs of those names, or all, each once; what is there already stays.
// `envoy` is a name too: it is fetched, not built. Where all are wanted, a machine that cannot have Envoy is told so and gets the rest.
// `--folder` prints where they are, `--background` gives way to everything else on the machine.
// Exit codes: 0 all there · 1 a build failed · 2 wrong usage · 3 skipped, because Go is not installed.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { setPriority } from 'node:os';
import path from 'node:path';
import { withLock } from './build-lock.ts';
import { envoyVersion, fetchEnvoy, isEnvoyThere, whyNoEnvoy } from './envoy.ts';
import {
  buildEnv,
  buildFlags,
  cacheFolder,
  here,
  isProgram,
  linkFlags,
  onPath,
  pathOf,
  programNames,
  programs,
  sharedFiles,
  type ProgramName,
} from './programs.ts';

const folder = cacheFolder();
const began = Date.now();
const heartbeatMs = 30_000;

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--folder')) {
    console.log(folder);
    return 0;
  }
  const named = args.filter((word) => word !== '--background');
  const unknown = named.filter((name) => !isProgram(name) && name !== 'envoy');
  if (unknown.length > 0) {
    console.error(`No such program: ${unknown.join(', ')}. There are ${[...programNames, 'envoy'].join(', ')}.`);
    return 2;
  }
  const hasEnvoy = named.length === 0 || named.includes('envoy') ? await ensureEnvoy() : true;
  const names = named.length > 0 ? named.filter(isProgram) : wanted();
  const built = await buildAll(names, args.includes('--background') ? 15 : 5);
  return built === 0 && named.includes('envoy') && !hasEnvoy ? 1 : built;
}

/** Says why there is none where it cannot be had; the tests that need it are then skipped, and say the same. */
async function ensureEnvoy(): Promise<boolean> {
  if (isEnvoyThere()) return true;
  const impossible = whyNoEnvoy();
  if (impossible !== undefined) {
    console.error(`SKIPPED: ${impossible}.`);
    return false;
  }
  say(`Envoy ${envoyVersion}: fetching (37 MB)`);
  const problem = await fetchEnvoy();
  say(
    problem === undefined ? `Envoy ${envoyVersion}: fetched` : `Envoy ${envoyVersion} could not be fetched: ${problem}`,
  );
  return problem === undefined;
}

async function buildAll(names: readonly ProgramName[], niceness: number): Promise<number> {
  if (missingOf(names).length === 0 && !lacksShare(names)) return 0;
  if (spawnSync('go', ['version']).error) {
    console.error(
      'SKIPPED: Go is not installed, so the real programs cannot be built. Install Go 1.26 or newer (https://go.dev/dl).',
    );
    return 3;
  }
  mkdirSync(folder, { recursive: true });
  const waiting = (): void =>
    say(`waiting for another build; ${names.length - missingOf(names).length} of ${names.length} programs are there`);
  return withLock(path.join(folder, 'lock'), { waiting, everyMs: heartbeatMs }, () => buildMissing(names, niceness));
}

/** A kubectl of our own is needed only where the machine has none. */
function wanted(): readonly ProgramName[] {
  return programNames.filter((name) => name !== 'kubectl' || onPath('kubectl') === undefined);
}

function missingOf(names: readonly ProgramName[]): readonly ProgramName[] {
  return names.filter((name) => !existsSync(pathOf(name, folder)));
}

function lacksShare(names: readonly ProgramName[]): boolean {
  return names.includes('kube-apiserver') && !existsSync(path.join(folder, 'share'));
}

async function buildMissing(names: readonly ProgramName[], niceness: number): Promise<number> {
  const missing = missingOf(names);
  for (const [i, name] of missing.entries()) {
    const step = `${i + 1} of ${missing.length}, ${name}`;
    const programBegan = Date.now();
    say(`${step}: building`);
    const heartbeat = setInterval(() => say(`${step}: building for ${duration(programBegan)}`), heartbeatMs);
    const built = await build(name, niceness);
    clearInterval(heartbeat);
    if (!built) {
      say(`${step}: failed; Go's own message is above`);
      return 1;
    }
    say(`${step}: built in ${duration(programBegan)}`);
  }
  return lacksShare(names) ? shareFiles() : 0;
}

/** On stderr, with the time since the start in front. */
function say(text: string): void {
  console.error(`peers, ${duration(began)}: ${text}`);
}

function duration(since: number): string {
  const seconds = Math.round((Date.now() - since) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Written beside its place and then renamed: a build that is stopped leaves nothing that looks finished. */
async function build(name: ProgramName, niceness: number): Promise<boolean> {
  const { package: source, stamps } = programs[name];
  const part = `${pathOf(name, folder)}.part`;
  const flags = [...linkFlags, ...stamps.flatMap((stamp) => ['-X', stamp])].join(' ');
  const child = spawn('go', ['build', ...buildFlags, `-ldflags=${flags}`, '-o', part, source], {
    cwd: here,
    env: { ...process.env, ...buildEnv },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  // The machine stays usable; what Go starts inherits it.
  if (child.pid !== undefined) setPriority(child.pid, niceness);
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

process.exitCode = await main(process.argv.slice(2));
