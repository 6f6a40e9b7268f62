// V8 compiles the same bundle in each run: from Node 22.8 on, Node can store what was compiled, which saves a third of a short run.
import module from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

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

/** Where nothing can be written there, nothing is stored. NODE_DISABLE_COMPILE_CACHE=1 turns it off. */
export function keepCompiled(): void {
  if (typeof module.enableCompileCache === 'function') module.enableCompileCache(compiledFolder());
}
