// --files-from: paths that another program lists, as `git diff --name-only` does.
import { isManifestName } from '../sources/ignore.ts';
import { nameOf } from '../sources/paths.ts';
import type { Arguments } from './args.ts';
import type { CliHost } from './host.ts';
import { needText } from './load.ts';

/**
 * The arguments with the manifests of the list among their paths; undefined where the list has none. Other files, and files that are gone,
 * are left out: such lists name all that a change touches. A name a line.
 */
export function withListed(args: Arguments, host: CliHost): Arguments | undefined {
  if (args.filesFrom === undefined) return args;
  const names = (args.filesFrom === '-' ? host.readStdin() : needText(args.filesFrom, host))
    .split(/\r?\n/)
    .filter((name) => name !== '');
  const listed = names.filter(
    (name) => isManifestName(nameOf(name.replaceAll('\\', '/'))) && host.isPresent(host.resolve(name)),
  );
  const paths = [...new Set([...args.paths, ...listed])];
  return paths.length === 0 ? undefined : { ...args, paths };
}
