// Finds a program the way a shell would, from a setting or from PATH, but never in the folder that happens to be current:
// a workspace must not be able to slip in a program of its own.
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { FoundExecutable, Tool } from '../../cluster/executables.ts';

export interface FindOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
}

/** `setting` is an absolute path, a path below `~/`, a bare name to look for in PATH, or empty for the tool's own name. */
export function findExecutable(tool: Tool, setting: string | undefined, options: FindOptions = {}): FoundExecutable {
  const { env = process.env, platform = process.platform } = options;
  const wanted = setting?.trim() || tool;
  const file = wanted.startsWith('~/') ? path.join(homedir(), wanted.slice(2)) : wanted;
  if (path.isAbsolute(file)) return atPath(file, platform);
  if (/[\\/]/.test(file)) return { found: false, reason: `"${wanted}" is neither an absolute path nor a plain name.` };
  return inPath(file, env, platform);
}

function atPath(file: string, platform: NodeJS.Platform): FoundExecutable {
  if (!isFile(file)) return { found: false, reason: `there is no file ${file}.` };
  if (platform === 'win32' && !startable.has(path.extname(file).toLowerCase())) return { found: false, reason: `${file} is no .exe file.` };
  return mayExecute(file) ? { found: true, path: file } : { found: false, reason: `${file} may not be executed.` };
}

function inPath(name: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform): FoundExecutable {
  const variable = platform === 'win32' ? Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH' : 'PATH';
  const folders = (env[variable] ?? '').split(platform === 'win32' ? ';' : ':').filter((folder) => path.isAbsolute(folder));
  for (const folder of folders) {
    for (const suffix of suffixes(name, env, platform)) {
      const file = path.join(folder, name + suffix);
      if (isFile(file) && mayExecute(file)) return { found: true, path: file };
    }
  }
  return { found: false, reason: `there is no ${name} in any of the ${folders.length} folders of PATH.` };
}

// A .cmd or .bat needs a shell, and none is ever used.
const startable: ReadonlySet<string> = new Set(['.exe', '.com']);

function suffixes(name: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform): readonly string[] {
  if (platform !== 'win32') return [''];
  if (startable.has(path.extname(name).toLowerCase())) return [''];
  return (env['PATHEXT'] ?? '.COM;.EXE').split(';').filter((suffix) => startable.has(suffix.toLowerCase()));
}

function isFile(file: string): boolean {
  try {
    return statSync(file).isFile();
  } catch {
    return false; // not there, or in a folder that may not be looked into
  }
}

function mayExecute(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
