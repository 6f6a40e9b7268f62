// Runs helm and kustomize for the command line. Only this module does, and only with --render.
import type { Rules } from '../engine/workspace-options.ts';
import type { Arguments } from './args.ts';
import { displayPath } from './display-path.ts';
import type { CliHost } from './host.ts';
import { stdinUri } from './files-of.ts';
import { rootsOf, settingsOf } from './load.ts';
import { UserError } from './user-error.ts';

/** A host whose folders are rendered; `within` is the folder beside which nothing is read. */
export async function withRendered(args: Arguments, host: CliHost, rules: Rules, within?: string): Promise<CliHost> {
  const rendered = host.renderingReader(within);
  // The first word of `trace` is a URL.
  const roots = rootsOf(args.command === 'trace' ? { paths: args.paths.slice(1) } : args, host);
  const { defaultNamespace } = settingsOf(args, roots, host, rules);
  for (const root of roots) if (root !== stdinUri) await rendered.render(root, defaultNamespace);
  // An answer that leaves out what was to be rendered would look like a clean one.
  const failed = roots.flatMap((root) => rendered.problems(root)).filter(({ isBeside }) => isBeside !== true);
  if (failed.length > 0)
    throw new UserError(failed.map(({ uri, why }) => `${displayPath(uri, host)}: ${why}`).join('\nistio-egress: '));
  return { ...host, reader: rendered, rendered };
}
