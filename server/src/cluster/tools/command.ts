// A command and the interface `Run` that runs it; the host implements `Run`.

/** One program and its arguments, exactly as the program gets them. There is never a shell in between. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

export interface OutputChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface RunOptions {
  readonly timeoutMs: number;
  /** Ends the program, and whatever it started, when it fires. */
  readonly signal?: AbortSignal | undefined;
  readonly onOutput?: ((chunk: OutputChunk) => void) | undefined;
  /** What the program reads from standard input; without it that is empty. */
  readonly input?: string | undefined;
}

/**
 * How a program ended. `not-started`: it is not there or may not be run, `reason` says which. `killed`: by someone else.
 */
export interface RunResult {
  readonly ended: 'exited' | 'killed' | 'timed-out' | 'cancelled' | 'not-started';
  /** Only for `exited`. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether output beyond the cap was dropped. */
  readonly truncated: boolean;
  /** Only for `not-started`. */
  readonly reason?: string;
}

/** Runs a program to its end. Never rejects: every way to end is a result. */
export type Run = (command: Command, options: RunOptions) => Promise<RunResult>;

export function succeeded(result: RunResult): boolean {
  return result.ended === 'exited' && result.code === 0;
}

/** The command as one could paste it into a POSIX shell. For showing only; nothing runs this text. */
export function shellQuoted(command: Command): string {
  return [command.file, ...command.args].map(quote).join(' ');
}

function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
