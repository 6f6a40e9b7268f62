import { errorText } from '../../server/src/base/error-text.ts';
import type { LogOutputChannel } from 'vscode';

/** Runs work in the background: a failure is written to the output, with `what` as its name. */
export function runInBackground(output: Pick<LogOutputChannel, 'error'>, what: string, work: Thenable<unknown>): void {
  work.then(undefined, (error: unknown) => output.error(`${what}: ${errorText(error)}`));
}
