// Logs every program that is run, and its output, to the output channel.
import type { LogOutputChannel } from 'vscode';
import { shellQuoted, type OutputChunk, type Run } from '../../../server/src/cluster/tools/command.ts';

/** Writes each command and how it ended. `chatty` adds what the programs say. */
export function logged(run: Run, output: LogOutputChannel, { chatty }: { readonly chatty: boolean }): Run {
  return async (command, options) => {
    output.info(`$ ${shellQuoted(command)}`);
    const lines = new Lines((line) => output.info(`  ${line}`));
    const result = await run(command, {
      ...options,
      onOutput: (chunk) => {
        if (chatty) lines.add(chunk);
        options.onOutput?.(chunk);
      },
    });
    lines.end();
    if (result.ended !== 'exited' || result.code !== 0)
      output.warn(
        `  ${result.ended}${result.code === undefined ? '' : ` ${result.code}`}${chatty ? '' : ` ${result.stderr.trim()}`}`,
      );
    return result;
  };
}

/** Whole lines out of pieces, each stream by itself. */
class Lines {
  readonly #write: (line: string) => void;
  readonly #rest = { stdout: '', stderr: '' };

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  add({ stream, text }: OutputChunk): void {
    const lines = (this.#rest[stream] + text).split('\n');
    this.#rest[stream] = lines.pop() ?? '';
    lines.forEach(this.#write);
  }

  end(): void {
    for (const rest of Object.values(this.#rest)) if (rest !== '') this.#write(rest);
  }
}
