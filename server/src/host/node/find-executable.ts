// Finds a program as a shell does, from a setting or PATH, but never in the current folder:
// a workspace must not be able to supply its own program.
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { FoundExecutable, Tool } from '../../cluster/tools/executables.ts';

type Look = (file: string) => 'executable' | 'not-executable' | 'missing';

export interface FindOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
  /** How a path is checked; on the disk by default. */
  readonly look?: Look;
}

/** `setting` is an absolute path, a path below `~/`, a bare name to look for in PATH, or empty for the tool's own name. */
export function findExecutable(
  tool: Tool | 'git' | 'helm' | 'kustomize' | 'unshare',
  setting: string | undefined,
  options: FindOptions = {},
): FoundExecutable {
  const system = systemOf(options);
  const wanted = setting?.trim() || tool;
  const file = wanted.startsWith('~/') ? system.path.join(homedir(), wanted.slice(2)) : wanted;
  if (system.path.isAbsolute(file)) return atPath(file, system);
  if (/[\\/]/.test(file))
    return { found: false, reason: `"${wanted}" is not valid: give an absolute path, or a name without slashes.` };
  return inPath(file, system);
}

interface System {
  readonly path: path.PlatformPath;
  readonly look: Look;
  readonly folders: readonly string[];
  /** Undefined if any file may be a program. A .cmd or .bat needs a shell, and none is ever used. */
  readonly suffixes: readonly string[] | undefined;
}

function systemOf({ env = process.env, platform = process.platform, look = lookAtDisk }: FindOptions): System {
  const paths = platform === 'win32' ? path.win32 : path.posix;
  const key =
    platform === 'win32' ? (Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH') : 'PATH';
  const folders = (env[key] ?? '').split(paths.delimiter).filter((folder) => paths.isAbsolute(folder));
  return { path: paths, look, folders, suffixes: platform === 'win32' ? startable(env['PATHEXT']) : undefined };
}

function startable(pathExt = '.COM;.EXE'): readonly string[] {
  return pathExt
    .split(';')
    .map((suffix) => suffix.toLowerCase())
    .filter((suffix) => suffix === '.exe' || suffix === '.com');
}

function atPath(file: string, { look, path, suffixes }: System): FoundExecutable {
  const seen = look(file);
  if (seen === 'missing') return { found: false, reason: `the file ${file} does not exist.` };
  if (suffixes && !suffixes.includes(path.extname(file).toLowerCase()))
    return { found: false, reason: `${file} is not an .exe file.` };
  return seen === 'executable' ? { found: true, path: file } : { found: false, reason: `${file} is not executable.` };
}

function inPath(name: string, { folders, look, path, suffixes }: System): FoundExecutable {
  const complete = !suffixes || suffixes.includes(path.extname(name).toLowerCase());
  for (const folder of folders) {
    for (const suffix of complete ? [''] : suffixes) {
      const file = path.join(folder, name + suffix);
      if (look(file) === 'executable') return { found: true, path: file };
    }
  }
  return { found: false, reason: `${name} is not in any of the ${folders.length} folders of PATH.` };
}

function lookAtDisk(file: string): ReturnType<Look> {
  try {
    if (!statSync(file).isFile()) return 'missing';
  } catch {
    return 'missing'; // or in a folder that may not be looked into
  }
  try {
    accessSync(file, constants.X_OK);
    return 'executable';
  } catch {
    return 'not-executable';
  }
}
