// The built command line as if it were installed, for programs that look for it on PATH.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lsp-client.ts';

/** Writes the command `istio-egress` into a new folder, which is returned. It notes the process of each call. */
export function linkCommand(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const script = `#!/bin/sh\necho $$ >> '${join(folder, 'processes')}'\nexec '${process.execPath}' '${join(root, 'dist/cli.js')}' "$@"\n`;
  writeFileSync(join(folder, 'istio-egress'), script, { mode: 0o755 });
  appendFileSync(join(folder, 'processes'), '');
  return folder;
}

/** Waits until every process of that command has ended; fails if one stays. */
export async function serversEnd(folder: string): Promise<void> {
  const processes = readFileSync(join(folder, 'processes'), 'utf8').split('\n').filter(Boolean);
  if (processes.length === 0) throw new Error('the editor never started the server');
  for (const end = Date.now() + 10_000; processes.some(isRunning); ) {
    if (Date.now() > end) throw new Error(`the server outlives its editor: ${processes.filter(isRunning).join()}`);
    await new Promise((resume) => setTimeout(resume, 100));
  }
}

/** A process that has ended can stay a zombie for a moment. */
function isRunning(pid: string): boolean {
  const status = `/proc/${pid}/stat`;
  if (existsSync('/proc')) return existsSync(status) && !/\) Z /.test(readFileSync(status, 'utf8'));
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}
