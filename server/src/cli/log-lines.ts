// The lines of a log that a user names, or pipes in.
import { LineJoiner } from '../eval/log/join-lines.ts';
import type { CliHost } from './host.ts';
import { linesOf } from './lines-of.ts';
import { UserError } from './user-error.ts';
import { UsageError } from './args.ts';

/** `text` is undefined for a line that is too long. */
export interface ReadLine {
  readonly text: string | undefined;
  readonly number: number;
}

/** Throws UserError for a log that is empty: the command before the pipe may have failed. */
export async function* logLines(path: string, host: CliHost): AsyncGenerator<ReadLine> {
  const joiner = new LineJoiner();
  let number = 0;
  try {
    for await (const line of linesOf(host.stream(path === '-' ? undefined : host.resolve(path)))) {
      number++;
      yield* joiner.add(line ?? '');
      if (line === undefined) yield { text: undefined, number };
    }
    yield* joiner.flush();
  } catch (error) {
    throw new UsageError(`${path}: cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  if (number === 0)
    throw new UserError(
      path === '-'
        ? 'standard input is empty: check that the command before the pipe succeeded'
        : `${path}: the file is empty`,
    );
}
