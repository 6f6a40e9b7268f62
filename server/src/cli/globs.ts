// Paths with wildcards that no shell has expanded, as in a quoted word or on Windows.
import { ignoreTest } from '../sources/ignore.ts';
import type { Arguments } from './args.ts';
import type { Command } from './command-table.ts';
import type { CliHost } from './host.ts';
import { UsageError } from './user-error.ts';

/** Where the paths of manifests begin among the words of a command. */
const firstPath: Readonly<Partial<Record<Command, number>>> = {
  check: 0,
  fix: 0,
  migrate: 0,
  trace: 1,
  access: 0,
  graph: 0,
  stats: 0,
  test: 0,
  drift: 0,
};

/** The arguments with the manifests that match in the place of each pattern: `*` and `?` within a name, `**` across folders. */
export function withMatches(args: Arguments, host: CliHost): Arguments {
  const first = firstPath[args.command];
  if (first === undefined || !args.paths.slice(first).some((path) => isPattern(path, host))) return args;
  const paths = args.paths.flatMap((path, at) => (at >= first && isPattern(path, host) ? matches(path, host) : [path]));
  return { ...args, paths: [...new Set(paths)] };
}

/** A file may have such a name, too. */
function isPattern(path: string, host: CliHost): boolean {
  return /[*?]/.test(path) && !host.isPresent(host.resolve(path));
}

function matches(pattern: string, host: CliHost): readonly string[] {
  const [, folder = '', rest = ''] = /^((?:[^*?]*\/)?)(.*)$/.exec(pattern.replaceAll('\\', '/'))!;
  const test = ignoreTest([`/${rest}`]);
  const base = host.resolve(folder === '' ? '.' : folder).replace(/\/$/, '');
  const found = host.filesBelow(base).filter((path) => test(path.slice(base.length + 1)));
  if (found.length === 0) throw new UsageError(`${pattern}: no file matches this pattern`);
  return found.map((path) => folder + path.slice(base.length + 1)).sort();
}
