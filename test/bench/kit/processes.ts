// Processor time of whole processes, from their start to their end.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';

export interface Ran {
  readonly stdout: string;
  /** Of the process and of what it started, in ms. */
  readonly cpuMs: number;
}

/** Runs a program to its end. Its processor time is what this process's ended children have used since. */
export function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Ran {
  // The shell's own times are those of its children, to the hundredth of a second or better.
  const script = '"$@" 2>/dev/null; times >&2';
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', program, ...args], {
    encoding: 'utf8',
    env,
    maxBuffer: 1 << 28,
  });
  const children = stderr.trim().split('\n').at(-1) ?? '';
  const cpuMs = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
    0,
  );
  return { stdout, cpuMs };
}

/** Milliseconds from a language server's start to its answer to `initialize`: of its processor time where the system tells it. */
export function timeToInitialize(program: string, args: readonly string[]): Promise<number> {
  const start = performance.now();
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { processId: process.pid, rootUri: null, capabilities: {} },
  });
  child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code} before it answered`)));
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (!/"id":\s*1\b/.test(text)) return;
      child.removeAllListeners('exit');
      resolve(processorTime(child.pid) ?? performance.now() - start);
      child.kill('SIGKILL');
    });
  });
}

/** A language server that is started, and ends by itself: what V8 compiled is stored then, as after each session of an editor. */
export async function startAndEnd(program: string, args: readonly string[]): Promise<void> {
  const text = (message: object) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  };
  const params = { processId: process.pid, rootUri: null, capabilities: {} };
  const input = [{ id: 1, method: 'initialize', params }, { id: 2, method: 'shutdown' }, { method: 'exit' }];
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.write(input.map(text).join(''));
  await once(child, 'exit');
}

/** Of all threads so far, in steps of 10 ms. */
function processorTime(pid: number | undefined): number | undefined {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return undefined;
  const fields = readFileSync(path, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return 10 * (Number(fields[11]) + Number(fields[12]));
}
