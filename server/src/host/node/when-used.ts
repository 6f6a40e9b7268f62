// Modules of Node that most runs do without: loaded where they are used, as loading them takes longer than a check of a few files.
import type * as ChildProcess from 'node:child_process';
import { createRequire } from 'node:module';
import type * as ReadLine from 'node:readline/promises';
import type * as Tty from 'node:tty';
import type * as Zlib from 'node:zlib';

/** Node's own modules are the same from everywhere. */
const load = createRequire(process.execPath);

export const childProcess = () => load('node:child_process') as typeof ChildProcess;
export const readLine = () => load('node:readline/promises') as typeof ReadLine;
export const tty = () => load('node:tty') as typeof Tty;
export const zlib = () => load('node:zlib') as typeof Zlib;
