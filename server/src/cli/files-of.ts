// The files that a run names, in a workspace.
import { describe } from '../model/resource.ts';
import type { ReadFile, Skipped } from '../engine/reader.ts';
import type { EngineSettings } from '../engine/settings.ts';
import { Workspace } from '../engine/workspace.ts';
import type { Rules } from '../engine/workspace-options.ts';
import { isConfigFile } from '../sources/config-file.ts';
import type { Arguments } from './args.ts';
import type { CliHost } from './host.ts';
import type { MadeWorkspace } from './kept-workspace.ts';
import { UserError } from './user-error.ts';

export const stdinUri = 'stdin:/manifests.yaml';

interface Reading {
  readonly args: Arguments;
  readonly host: CliHost;
  readonly stdin: string | undefined;
  /** Of the files that were read, in their order. */
  readonly uris: Set<string>;
  readonly skipped: Skipped[];
}

/** A file that was named must be readable, and so must settings: without them findings would be others. */
export function* filesOf(roots: readonly string[], { args, host, stdin, uris, skipped }: Reading): Generator<ReadFile> {
  if (stdin !== undefined) {
    uris.add(stdinUri);
    yield { uri: stdinUri, text: stdin, facts: {} };
  }
  for (const [i, root] of roots.entries())
    for (const file of root === stdinUri ? [] : host.reader.files(root)) {
      host.noteProgress('reading files');
      if (!file) continue;
      if (!('why' in file)) {
        uris.add(file.uri);
        yield file;
      } else if (file.uri === root && !host.isFolder(host.toPath(root)))
        throw new UserError(`${args.paths[i] ?? root}: cannot be read (${file.why})`);
      else if (isConfigFile(file.uri)) throw new UserError(file.why);
      else skipped.push(file);
    }
}

interface Making {
  readonly rules: Rules;
  readonly settings: EngineSettings;
}

/** A kept workspace needs all files before it knows what is new; another takes one after the other. */
export function workspaceOf(files: Iterable<ReadFile>, host: CliHost, making: Making): MadeWorkspace {
  const make = () => newWorkspace(host, making);
  if (host.kept) {
    const all = new Map(Array.from(files, (file) => [file.uri, file]));
    const kept = host.kept.withFiles(all, making.settings, make);
    kept.teller.stderr = host.stderr;
    return kept;
  }
  const made = make();
  for (const { uri, text, facts } of files) made.workspace.setFile(uri, text, facts);
  return made;
}

function newWorkspace({ stderr }: CliHost, { rules, settings }: Making): MadeWorkspace {
  const failedRules = new Set<string>();
  const teller = { stderr };
  const workspace = new Workspace({
    ...rules,
    settings,
    onRuleError(rule, subject, error) {
      failedRules.add(rule);
      teller.stderr(`istio-egress: rule ${rule} failed on ${describe(subject)}: ${String(error)}\n`);
    },
  });
  return { workspace, failedRules, teller };
}
