import type { LogOutputChannel } from 'vscode';

/** Owns work that nobody waits for: a failure of it goes to the output. `what` names the work there. */
export function runInBackground(output: Pick<LogOutputChannel, 'error'>, what: string, work: Thenable<unknown>): void {
  work.then(undefined, (error: unknown) =>
    output.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  );
}
