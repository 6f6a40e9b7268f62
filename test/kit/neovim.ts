// Neovim without a screen, driven from outside as a user would: keys are typed, and what the editor shows is asked for.
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface NeovimOptions {
  readonly program: string;
  /** Where its own files go: created, and left for the caller to remove. */
  readonly home: string;
  /** The text of init.lua. */
  readonly init: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

export class Neovim {
  readonly #process: ChildProcess;
  readonly #options: NeovimOptions;
  #said = '';

  private constructor(options: NeovimOptions) {
    this.#options = options;
    const init = join(options.home, 'init.lua');
    // Room for messages: a long one would wait for a key.
    const calm = 'set nomore lines=60 columns=200 cmdheight=20';
    const args = ['--headless', '--clean', '-n', '--cmd', calm, '-u', init, '--listen', this.#socket];
    this.#process = spawn(options.program, args, {
      cwd: options.cwd,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const output of [this.#process.stdout, this.#process.stderr])
      output?.on('data', (chunk: Buffer) => {
        this.#said += chunk.toString();
      });
  }

  static async start(options: NeovimOptions): Promise<Neovim> {
    mkdirSync(options.home, { recursive: true });
    writeFileSync(join(options.home, 'init.lua'), options.init);
    const editor = new Neovim(options);
    await editor.until('the editor listens', () => existsSync(editor.#socket));
    return editor;
  }

  get #socket(): string {
    return join(this.#options.home, 'socket');
  }

  get #env(): NodeJS.ProcessEnv {
    const { env, home } = this.#options;
    return {
      ...env,
      HOME: home,
      XDG_CONFIG_HOME: home,
      XDG_STATE_HOME: home,
      XDG_DATA_HOME: home,
      XDG_RUNTIME_DIR: home,
    };
  }

  /** Types keys, in Neovim's own spelling: `A<C-x><C-o>`. */
  type(keys: string): void {
    this.#remote('--remote-send', keys);
  }

  /** What a chunk of Lua returns. */
  lua(chunk: string): unknown {
    const source = chunk.replaceAll(/\s*\n\s*/g, ' ').replaceAll("'", "''");
    const answer = this.#remote('--remote-expr', `json_encode(luaeval('assert(loadstring(_A))()', '${source}'))`);
    try {
      return JSON.parse(answer);
    } catch {
      throw new Error(`${chunk}\n${answer}\n${this.#said}`);
    }
  }

  /** A command as after a colon. */
  run(command: string): void {
    this.lua(`vim.cmd([[silent ${command}]]) return true`);
  }

  /** Opens a file of the working folder in the window. */
  open(file: string): void {
    this.run(`edit ${file}`);
  }

  /** Puts the cursor on the first place that has this text. */
  goTo(text: string): void {
    assert.notEqual(
      this.lua(`vim.fn.cursor(1, 1) return vim.fn.search([[\\V${text}]], 'c')`),
      0,
      `${text} is not in the file`,
    );
  }

  async until<T>(what: string, ask: () => T | undefined | false): Promise<T> {
    for (const end = Date.now() + 10_000; ; ) {
      const answer = ask();
      if (answer !== undefined && answer !== false) return answer;
      if (Date.now() > end) throw new Error(`timed out: ${what}\n${this.#said}`);
      await new Promise((resume) => setTimeout(resume, 100));
    }
  }

  async quit(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = new Promise((resume) => this.#process.once('exit', resume));
    // Whatever the editor waits for, it ends.
    const hard = setTimeout(() => this.#process.kill('SIGKILL'), 5000);
    spawn(
      this.#options.program,
      ['--clean', '--headless', '--server', this.#socket, '--remote-send', '<Esc>:qall!<CR>'],
      {
        stdio: 'ignore',
      },
    );
    await gone;
    clearTimeout(hard);
  }

  #remote(how: '--remote-send' | '--remote-expr', words: string): string {
    const { program } = this.#options;
    const run = spawnSync(program, ['--clean', '--headless', '--server', this.#socket, how, words], {
      encoding: 'utf8',
      env: this.#env,
      timeout: 5000,
      killSignal: 'SIGKILL',
    });
    assert.equal(run.status, 0, `${words}\n${run.stdout}${run.stderr}\n${this.#said}`);
    // Which stream the answer goes to differs by version.
    return run.stdout === '' ? run.stderr : run.stdout;
  }
}

/** The Neovims of this machine: those that NEOVIM names, or the one on PATH. */
export function neovims(): readonly { readonly program: string; readonly version: readonly [number, number] }[] {
  const programs = (process.env['NEOVIM'] ?? 'nvim').split(delimiter);
  return programs.flatMap((program) => {
    const { stdout, error } = spawnSync(program, ['--version'], { encoding: 'utf8' });
    const version = /^NVIM v(\d+)\.(\d+)/.exec(error ? '' : stdout);
    return version ? [{ program, version: [Number(version[1]), Number(version[2])] as const }] : [];
  });
}
