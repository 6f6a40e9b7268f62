// One build at a time, also between processes: a file that holds the id of the process that builds.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Waiting {
  /** Called at once when another process has the lock, and then in steps of `everyMs`. */
  readonly waiting: () => void;
  readonly everyMs: number;
}

/** A second process waits and then finds the programs of the first. */
export async function withLock<T>(lock: string, { waiting, everyMs }: Waiting, work: () => Promise<T>): Promise<T> {
  for (let next = 0; !take(lock); ) {
    if (Date.now() >= next) {
      waiting();
      next = Date.now() + everyMs;
    }
    await sleep(500);
  }
  const free = (): void => rmSync(lock, { force: true });
  process.on('exit', free);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
  try {
    return await work();
  } finally {
    free();
  }
}

function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!holds(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function holds(lock: string): boolean {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (pid > 0) process.kill(pid, 0);
    return true; // a lock without a number is just being written
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
