// Runs programs without a network where Linux lets users do so: not even this machine's own addresses can be reached.
import { succeeded, type Command, type Run, type RunOptions, type RunResult } from '../../cluster/tools/command.ts';
import { findExecutable } from './find-executable.ts';

const probeMs = 5000;

export class NetworkNamespace {
  readonly #run: Run;
  readonly #env: NodeJS.ProcessEnv;
  /** What comes before a command; empty where there is no such namespace. */
  #prefix: Promise<readonly string[]> | undefined;

  constructor(run: Run, env: NodeJS.ProcessEnv) {
    this.#run = run;
    this.#env = env;
  }

  async runWithout({ file, args }: Command, options: RunOptions): Promise<RunResult> {
    this.#prefix ??= this.#probe();
    const [first = file, ...others] = [...(await this.#prefix), file, ...args];
    return this.#run({ file: first, args: others }, options);
  }

  /** Some systems forbid user namespaces, and containers often do. */
  async #probe(): Promise<readonly string[]> {
    if (process.platform !== 'linux') return [];
    const unshare = findExecutable('unshare', undefined, { env: this.#env });
    if (!unshare.found) return [];
    const options = ['-r', '-n', '--'];
    const tried = await this.#run(
      { file: unshare.path, args: [...options, unshare.path, '--version'] },
      { timeoutMs: probeMs },
    );
    return succeeded(tried) ? [unshare.path, ...options] : [];
  }
}
