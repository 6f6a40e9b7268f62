// V8 compiles a function when it is first called, in each run anew: what it had compiled by the end of a run is stored for the next one of the
// same command, which takes half of a short run's time. Node's own compile cache stores a file before any of its functions was called.
import { isAscii } from 'node:buffer';
import { mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { Script } from 'node:vm';
import { writeBeside } from './write-beside.ts';

/** Not below the folder for temporary files, which all users of a machine share. */
export function compiledFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
): string {
  return join(cacheFolder(env, platform, home), 'istio-egress', 'compiled');
}

function cacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local');
  if (platform === 'darwin') return join(home, 'Library', 'Caches');
  // https://specifications.freedesktop.org/basedir/latest/: what is not absolute is ignored.
  const folder = env['XDG_CACHE_HOME'];
  return folder !== undefined && isAbsolute(folder) ? folder : join(home, '.cache');
}

/** What a process that goes on has compiled by then is what its start needs. */
const storedAfterMs = 10_000;

/** Of one file and command, besides the one that is in use. */
const mostOthers = 3;

/** How Node reads and runs a file of CommonJS; every tool that changes what is run hooks in here. */
interface Loading {
  readonly _extensions: { '.js': (loaded: NodeJS.Module, filename: string) => unknown };
}

/**
 * Of the files beside the program that are loaded from now on. `command` names what the process does: others call other functions. Where
 * nothing can be written, nothing is stored. NODE_DISABLE_COMPILE_CACHE=1 turns it off.
 */
export function keepCompiled(command: string): void {
  const program = process.argv[1];
  if (process.env['NODE_DISABLE_COMPILE_CACHE'] || program === undefined) return;
  const own = dirname(realPath(program));
  const { _extensions: extensions } = module as unknown as Loading;
  const load = extensions['.js'];
  extensions['.js'] = (loaded, filename) =>
    dirname(filename) === own ? runKept(loaded, filename, command) : load(loaded, filename);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

const parameters = ['exports', 'require', 'module', '__filename', '__dirname'];

type Wrapped = (...values: readonly unknown[]) => unknown;

/** Our bundles are ASCII, which needs no decoding and takes a byte a letter. */
function sourceOf(filename: string): string {
  const bytes = readFileSync(filename);
  const content = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
  // Some are programs too.
  return content.startsWith('#!') ? `//${content.slice(2)}` : content;
}

function runKept(loaded: NodeJS.Module, filename: string, command: string): unknown {
  const start = `(function (${parameters.join(', ')}) { `;
  const store = placeFor(filename, command);
  const cachedData = store && readIfThere(join(compiledFolder(), store.name));
  const script = new Script(`${start}${sourceOf(filename)}\n})`, {
    filename,
    columnOffset: -start.length,
    ...(cachedData && { cachedData }),
  });
  if (store && (!cachedData || script.cachedDataRejected)) storeLater(script, store);
  const run = script.runInThisContext() as Wrapped;
  return run.call(loaded.exports, loaded.exports, createRequire(filename), loaded, filename, dirname(filename));
}

/** V8 itself compares no more of the source than its length. */
function placeFor(filename: string, command: string): Place | undefined {
  try {
    const { size, mtimeMs, ino } = statSync(filename);
    const prefix = `${basename(filename, '.js')}.${command.replaceAll(/[^a-z-]/g, '')}.`;
    const file = [size, mtimeMs, ino].map((one) => Math.round(one).toString(36)).join('-');
    return { prefix, name: `${prefix}${file}-${process.versions.v8}` };
  } catch {
    return undefined;
  }
}

interface Place {
  /** Of the same file and command, in whatever version. */
  readonly prefix: string;
  readonly name: string;
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

function storeLater(script: Script, store: Place): void {
  let isStored = false;
  const once = () => {
    if (isStored) return;
    isStored = true;
    try {
      writeInstead(store, script.createCachedData());
    } catch {
      // The next run compiles again.
    }
  };
  // Of what is no command nothing is stored: each slip would leave a file.
  process.once('exit', (code) => code !== 2 && once());
  setTimeout(once, storedAfterMs).unref();
}

/** Of other builds, and of other programs that run them, a few stay: an editor has a Node of its own. */
function writeInstead({ prefix, name }: Place, data: Buffer): void {
  const folder = compiledFolder();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const others = readdirSync(folder).filter((one) => one.startsWith(prefix) && one !== name);
  writeBeside(join(folder, name), (file) => writeFileSync(file, data), 0o600);
  const age = new Map(others.map((one) => [one, statSync(join(folder, one)).mtimeMs]));
  const newestFirst = others.toSorted((a, b) => age.get(b)! - age.get(a)!);
  for (const one of newestFirst.slice(mostOthers)) rmSync(join(folder, one), { force: true });
}
