import type { CliHost } from './host.ts';
import { isClusterUri } from '../sources/cluster-files.ts';
import { stdinUri } from './files-of.ts';

/** A file as users name it: below the working directory without it, with `/` on every platform; what a cluster holds, by its own place. */
export function displayPath(uri: string, host: Pick<CliHost, 'cwd' | 'toPath'>): string {
  if (uri === stdinUri) return '-';
  if (isClusterUri(uri)) return uri;
  const path = host.toPath(uri).replaceAll('\\', '/');
  const base = `${host.cwd.replaceAll('\\', '/').replace(/\/$/, '')}/`;
  return path.startsWith(base) ? path.slice(base.length) : path;
}
