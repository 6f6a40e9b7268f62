// Runs programs by child_process, without a shell. Each gets a process group of its own, so that ending it ends what it started too.
import type { ChildProcess } from 'node:child_process';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command, OutputChunk, Run, RunOptions, RunResult } from '../../cluster/tools/command.ts';
import { childProcess } from './when-used.ts';

export interface NodeRunOptions {
  /** The environment of the programs; this process's own by default. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** The maximum of characters of each stream; the rest is dropped. */
  readonly maxOutput?: number;
}

// Between the polite signal and the hard one, and between the end of a program and giving up on pipes that its children still hold.
const graceMs = 2000;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) end(child, 'SIGKILL');
});

export function nodeRun({ env, cwd, maxOutput = 8 * 1024 * 1024 }: NodeRunOptions = {}): Run {
  return (command, options) =>
    new Promise((settle) => {
      if (options.signal?.aborted) return settle(notRun('cancelled'));
      let child: ChildProcess;
      try {
        child = start(command, options, env, cwd);
      } catch (error) {
        // An argument with a NUL character, a file name that is none: reported at once, not by an event.
        return settle(notRun('not-started', reasonOf(command, error)));
      }
      watch(child, command, options, maxOutput, settle);
    });
}

function start(
  command: Command,
  options: RunOptions,
  env: NodeJS.ProcessEnv | undefined,
  cwd: string | undefined,
): ChildProcess {
  return childProcess().spawn(command.file, [...command.args], {
    shell: false,
    windowsHide: true,
    detached: process.platform !== 'win32',
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(env === undefined ? {} : { env }),
    ...workingFolder(env, cwd),
  });
}

/** On Windows a program finds others, and libraries, in its working folder first, so that is never the workspace. */
export function workingFolder(
  env: NodeJS.ProcessEnv | undefined,
  cwd: string | undefined,
  { platform, home } = { platform: process.platform, home: homedir() },
): { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } {
  if (cwd !== undefined) return { cwd };
  if (platform !== 'win32') return {};
  const given = env ?? process.env;
  const files = given['KUBECONFIG'];
  return { cwd: home, ...(files && { env: { ...given, KUBECONFIG: files.split(';').map(absolute).join(';') } }) };
}

function absolute(file: string): string {
  return file === '' ? file : resolve(file);
}

function watch(
  child: ChildProcess,
  command: Command,
  options: RunOptions,
  maxOutput: number,
  resolve: (result: RunResult) => void,
): void {
  const stdout = capture(child, 'stdout', maxOutput, options.onOutput);
  const stderr = capture(child, 'stderr', maxOutput, options.onOutput);
  const timers: NodeJS.Timeout[] = [];
  let stopped: 'cancelled' | 'timed-out' | undefined;
  let settled = false;

  const settle = (ended: RunResult['ended'], code?: number, reason?: string): void => {
    if (settled) return;
    settled = true;
    running.delete(child);
    timers.forEach(clearTimeout);
    options.signal?.removeEventListener('abort', cancel);
    child.stdout?.destroy();
    child.stderr?.destroy();
    const truncated = stdout.truncated || stderr.truncated;
    resolve({
      ended,
      code,
      stdout: stdout.text,
      stderr: stderr.text,
      truncated,
      ...(reason === undefined ? {} : { reason }),
    });
  };
  const settleExit = (code: number | null): void => {
    if (stopped) settle(stopped);
    else if (code === null) settle('killed');
    else settle('exited', code);
  };
  const stop = (why: 'cancelled' | 'timed-out'): void => {
    stopped ??= why;
    end(child, 'SIGTERM');
    timers.push(
      setTimeout(() => end(child, 'SIGKILL'), graceMs),
      setTimeout(() => settle(why), 2 * graceMs),
    );
  };
  const cancel = (): void => stop('cancelled');

  running.add(child);
  child.on('error', (error) => settle('not-started', undefined, reasonOf(command, error)));
  child.on('close', settleExit);
  child.on('exit', (code) => timers.push(setTimeout(() => settleExit(code), graceMs)));
  timers.push(setTimeout(() => stop('timed-out'), options.timeoutMs));
  options.signal?.addEventListener('abort', cancel);
  // A program may end before it has read everything; its exit code says what that means.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.input);
}

function capture(
  child: ChildProcess,
  stream: 'stdout' | 'stderr',
  max: number,
  onOutput: ((chunk: OutputChunk) => void) | undefined,
) {
  const kept = { text: '', truncated: false };
  child[stream]?.setEncoding('utf8');
  child[stream]?.on('data', (text: string) => {
    onOutput?.({ stream, text });
    const room = max - kept.text.length;
    if (text.length > room) kept.truncated = true;
    if (room > 0) kept.text += text.slice(0, room);
  });
  return kept;
}

/** Ends a program and its children. Windows knows no process groups; there, `taskkill /t` walks the tree. */
function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    childProcess()
      .spawn(taskkill(), ['/pid', String(child.pid), '/t', '/f'], { windowsHide: true, stdio: 'ignore' })
      .on('error', () => child.kill(signal));
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: all of them ended already. EPERM: macOS says so of a group whose last member has just ended.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error;
  }
}

/** By its path: Windows would look in the current folder first. */
function taskkill(): string {
  return join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'taskkill.exe');
}

function notRun(ended: 'cancelled' | 'not-started', reason?: string): RunResult {
  return {
    ended,
    code: undefined,
    stdout: '',
    stderr: '',
    truncated: false,
    ...(reason === undefined ? {} : { reason }),
  };
}

function reasonOf(command: Command, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return `${command.file} was not found.`;
  if (code === 'EACCES') return `${command.file} is not executable.`;
  return `${command.file} could not be started: ${error instanceof Error ? error.message : String(error)}.`;
}
