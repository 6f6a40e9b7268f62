// Writes the files of a commit into a temporary folder, which is removed when the process ends.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { slashed } from './files.ts';

export interface CopiedFile {
  /** Below the root, with `/` between names. */
  readonly path: string;
  readonly bytes: Buffer;
}

/** The path of the folder. Links are not in it, so nothing in it leads out of it. */
export function writeCopy(files: readonly CopiedFile[]): string {
  // Git names real paths, and programs that run here see them.
  const outer = realpathSync(mkdtempSync(join(tmpdir(), 'istio-egress-revision-')));
  removeAtEnd(outer);
  const folder = join(outer, 'files');
  mkdirSync(folder);
  for (const { path, bytes } of files) {
    if (!isBelow(path)) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return slashed(folder);
}

/** Git refuses other names; a tree that was made by hand can have them. */
function isBelow(path: string): boolean {
  return path.split(/[/\\]/).every((name) => name !== '' && name !== '.' && name !== '..' && !/^\.git$/i.test(name));
}

const copies: string[] = [];

function removeAtEnd(folder: string): void {
  if (copies.length === 0) {
    process.once('exit', () => {
      for (const copy of copies) rmSync(copy, { recursive: true, force: true });
    });
    // Without this, Ctrl+C ends the process without its `exit`.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(2));
  }
  copies.push(folder);
}
