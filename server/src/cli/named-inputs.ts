// What is named on the command line, or comes from a pipe, has to be readable: a run that saw nothing must not pass. Files that are
// found in a folder may belong to other tools and are only listed.
import { LineIndex } from '../base/line-index.ts';
import type { Workspace } from '../engine/workspace.ts';
import { splitDocuments } from '../yaml/chunks.ts';
import type { YamlError } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse.ts';
import type { Arguments } from './args.ts';
import { UserError } from './user-error.ts';

/** Other tools' notations, which are skipped with a reason. */
const notations: ReadonlySet<string> = new Set(['helm-template', 'kustomize-patch', 'placeholder']);

interface Input {
  readonly uri: string;
  /** As it was given; undefined for standard input. */
  readonly path: string | undefined;
  readonly text: string;
}

/** Throws UserError for a text that is empty, or is not YAML unless findings report that. */
export function needContent({ uri, path, text }: Input, workspace: Workspace, { command }: Arguments): void {
  const name = path ?? 'standard input';
  if (text.replace(/^\uFEFF/, '').trim() === '')
    throw new UserError(
      path === undefined
        ? 'standard input is empty: check that the command before the pipe succeeded'
        : `${name}: the file is empty`,
    );
  const lines = new LineIndex(text);
  for (const { record, start } of workspace.documents(uri)) {
    if (notations.has(record.recognition.state)) continue;
    if (command === 'check' && record.local.some(({ rule }) => rule === 'invalid-yaml')) continue;
    const [error] = syntaxErrors(text.slice(start, start + record.length));
    if (!error) continue;
    const { line, character } = lines.positionAt(start + error.span.start);
    throw new UserError(`${name}:${line + 1}:${character + 1}: not valid YAML: ${error.message}`);
  }
}

function syntaxErrors(text: string): readonly YamlError[] {
  return splitDocuments(text).flatMap((chunk) => parseDocument(chunk.text).errors);
}
