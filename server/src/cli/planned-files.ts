// What a command writes into files: shown as a diff, then written as a whole.
import { unifiedDiff } from './diff.ts';
import { displayPath } from './display-path.ts';
import type { CliHost } from './host.ts';
import { UserError } from './user-error.ts';

export interface PlannedFiles {
  /** By URI; an empty text before is a new file. */
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
}

/** File by file, each as a whole. What another program changed since it was read is not overwritten. */
export function writeFiles(
  { before, after }: PlannedFiles,
  host: CliHost,
  command: 'fix' | 'migrate' | 'new route',
): void {
  const changed = [...after.keys()].find((uri) => (host.readText(host.toPath(uri)) ?? '') !== before.get(uri));
  if (changed !== undefined)
    throw new UserError(
      `${displayPath(changed, host)}: was changed by another program, so no file is written; run ${command} again`,
    );
  const written: string[] = [];
  for (const [uri, text] of after) {
    try {
      host.writeText(host.toPath(uri), text);
    } catch (error) {
      if (!(error instanceof UserError) || written.length === 0) throw error;
      throw new UserError(`${error.message}; written before it: ${written.join(', ')}`);
    }
    written.push(displayPath(uri, host));
  }
}

export function diffOf({ before, after }: PlannedFiles, host: CliHost): string {
  return [...after].map(([uri, text]) => unifiedDiff(displayPath(uri, host), before.get(uri) ?? '', text)).join('');
}
