// Stops the API server of a throw-away cluster as a crash would, and starts it again on the same data with the same words.
import { spawn } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../kit/peers.ts';

/** Linux only: the words come from /proc. Gives what starts it again. */
export async function stopApiServer(cluster: Cluster): Promise<() => Promise<void>> {
  const pidFile = path.join(cluster.folder, 'apiserver.pid');
  const pid = Number(readFileSync(pidFile, 'utf8'));
  const [file = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  process.kill(pid, 'SIGKILL');
  await until(async () => isGone(pid));
  return async () => {
    const log = openSync(path.join(cluster.folder, 'apiserver-again.log'), 'w');
    const child = spawn(file, args, { detached: true, stdio: ['ignore', log, log] });
    child.unref();
    writeFileSync(pidFile, String(child.pid));
    await until(() =>
      cluster.kubectl(['get', '--raw', '/readyz']).then(
        () => true,
        () => false,
      ),
    );
  };
}

/** A dead process stays a zombie until its parent has asked for its exit code. */
function isGone(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true;
    throw error;
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (await holds()) return;
    await sleep(200);
  }
  throw new Error('the API server did not stop, or did not come back');
}
