// The Node host of the command line.
import { existsSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CliHost } from '../../cli/host.ts';
import { UserError } from '../../cli/user-error.ts';
import { folderReader } from '../../engine/folder-reader.ts';
import { RenderedReader } from '../../engine/rendered-reader.ts';
import { filesWithin } from '../../sources/file-system.ts';
import { walk } from '../../sources/walk.ts';
import { nodeFiles, pathOfUri, slashed } from './files.ts';
import { findExecutable } from './find-executable.ts';
import { nodeGit } from './git.ts';
import { longRunNote } from './long-run-note.ts';
import { streamOf, writeTo } from './output.ts';
import { progressOn, silent, type Progress } from './progress.ts';
import { nodeRenderer } from './renderer.ts';
import { replaceFile } from './replace-file.ts';
import { nodeRun } from './run.ts';
import { readStandardInput } from './standard-input.ts';
import { columnsOf, hasColor, hasLinks, isTerminal } from './terminal.ts';
import { print, textStream } from './text-stream.ts';
import { readLine } from './when-used.ts';

export function cliHost(version: string, given: Pick<CliHost, 'homepage' | 'startServer' | 'serveTools'>): CliHost {
  const progress = terminalProgress();
  const runProgram = nodeRun({ maxOutput: largestOutput });
  const writeError = (text: string) => {
    progress.clear();
    writeTo(2, text);
  };
  const longRun = longRunNote(writeError);
  const askLine = (question: string) => {
    progress.clear();
    return askAtTerminal(question);
  };
  const terminal = isTerminal(1) ? streamOf(1) : undefined;
  const files = nodeFiles();
  // What options name may be a pipe: `--mesh-config <(kubectl get ...)`.
  const named = nodeFiles({ waits: true });
  const reader = folderReader(files, pathOfUri);
  return {
    version,
    ...given,
    run: (command, options) => progress.during(`running ${basename(command.file)}`, runProgram(command, options)),
    find: (tool) => findExecutable(tool, undefined),
    cwd: slashed(process.cwd()),
    today: () => new Date().toISOString().slice(0, 10),
    reader,
    renderingReader(within) {
      const seen = within === undefined ? files : filesWithin(files, within);
      const base = within === undefined ? reader : folderReader(seen, pathOfUri);
      return new RenderedReader({ base, files: seen, pathOf: pathOfUri, renderer: nodeRenderer() });
    },
    git: () => nodeGit(process.cwd()),
    readerOf: (other) => folderReader(other, pathOfUri),
    readStdin: () => inWords('standard input cannot be read', readStandardInput),
    stream: textStream,
    print(text) {
      progress.clear();
      return print(text);
    },
    read: (path) => named.read(slashed(path)),
    readText(path) {
      const read = files.read(slashed(path));
      return read.ok ? read.text : undefined;
    },
    writeText: (path, text) => inWords(`${path}: cannot be written`, () => replaceFile(path, text)),
    canAsk: terminal !== undefined && isTerminal(0),
    ask: async (question) => /^y(es)?$/i.test((await askLine(question)) ?? ''),
    askLine,
    isPresent: (path) => existsSync(path),
    isFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
    filesBelow: (folder) =>
      [...walk(files, [folder])].flat().flatMap(({ path, reason }) => (reason === undefined ? [path] : [])),
    toUri: (path) => pathToFileURL(path).href,
    toPath: (uri) => (uri.startsWith('file:') ? fileURLToPath(uri) : uri),
    resolve: (path) => slashed(resolve(path)),
    noteProgress(doing) {
      progress.step(doing);
      longRun.step(doing);
    },
    noteEnd: longRun.end,
    stdout(text) {
      progress.clear();
      writeTo(1, text);
    },
    stderr: writeError,
    columns: columnsOf(terminal ?? {}),
    color: hasColor(process.env, terminal !== undefined),
    links: hasLinks(process.env, terminal !== undefined),
  };
}

/** A cluster's lists are larger than what commands usually print. */
const largestOutput = 256 * 1024 * 1024;

function terminalProgress(): Progress {
  if (!isTerminal(2) || process.env['TERM'] === 'dumb') return silent;
  const progress = progressOn({
    write: (text) => writeTo(2, text),
    now: () => performance.now(),
    repeat(draw) {
      const timer = setInterval(draw, 200);
      return () => clearInterval(timer);
    },
    columns: columnsOf(streamOf(2)) ?? 80,
  });
  process.once('exit', progress.clear);
  return progress;
}

async function askAtTerminal(question: string): Promise<string | undefined> {
  const terminal = readLine().createInterface({ input: process.stdin, output: streamOf(1) });
  try {
    return (await terminal.question(question)).trim();
  } catch {
    // Ctrl+C or Ctrl+D.
    return undefined;
  } finally {
    terminal.close();
  }
}

function inWords<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new UserError(`${what} (${error instanceof Error ? error.message : String(error)})`);
  }
}
