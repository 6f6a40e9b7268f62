// Processes that end with this one, also where it is killed: the kernel sees to that.
import { spawn, type ChildProcess } from 'node:child_process';

const children = new Set<ChildProcess>();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** What ends a process with its parent. Goes last: entering namespaces resets it. */
export const endsWithParent = ['setpriv', '--pdeathsig', 'KILL'] as const;

/** Its standard output is for the caller, who must read it; its standard error joins ours. */
export function start(command: readonly string[], onEnd: (code: number | null) => void): ChildProcess {
  const [file = '', ...args] = command;
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  child.on('error', (error) => {
    console.error(error);
    process.exit(1);
  });
  child.on('exit', (code) => {
    children.delete(child);
    onEnd(code);
  });
  return child;
}

/** What the data plane cannot be without: it ends when this ends. */
export function startBesides(...[program, args]: readonly [string, readonly string[]]): ChildProcess {
  const child = start([...endsWithParent, program, ...args], (code) => {
    console.error(`${program} ${args[0]} ended with ${code}`);
    process.exit(1);
  });
  child.stdout?.pipe(process.stderr);
  return child;
}

export function stop(child: ChildProcess): void {
  child.kill('SIGKILL');
}
