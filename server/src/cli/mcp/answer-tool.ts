// Answers a tool call as the command line would: the tool becomes its arguments, and the answer is what it prints.
import { isWorthTelling, type Used } from '../../base/long-run.ts';
import { visibleText } from '../../base/visible.ts';
import { readInput, type ToolInput } from '../../features/agent-tools/input.ts';
import { shortened } from '../../features/agent-tools/shortened.ts';
import { agentTools, type AgentTool, type InputSchema, type ToolName } from '../../features/agent-tools/tools.ts';
import { confinedFiles } from '../../sources/confined-files.ts';
import type { FileSystem } from '../../sources/file-system.ts';
import { keptFiles } from '../../sources/kept-files.ts';
import { join } from '../../sources/paths.ts';
import type { CliHost } from '../host.ts';
import { KeptWorkspace } from '../kept-workspace.ts';
import type { RuleBook } from '../rule-book.ts';
import { run } from '../run.ts';
import { UserError } from '../user-error.ts';

export interface ToolAnswer {
  /** What the command line writes to standard output, or why there is no answer. */
  readonly text: string;
  /** What it writes to standard error beside an answer, and whether the answer took long; empty for nothing. */
  readonly notes: string;
  readonly isError: boolean;
}

export interface ToolServer {
  readonly tools: readonly AgentTool[];
  readonly answer: (name: string, input: unknown) => Promise<ToolAnswer>;
}

export interface ToolHost {
  readonly host: CliHost;
  readonly files: FileSystem;
  readonly book: RuleBook;
  /** Of the process so far: an answer that took much says so. */
  readonly used: () => Used;
  /** The process's memory that is in use now, in GiB. */
  readonly held: () => number;
  /** Folders as they are named. */
  readonly roots: readonly string[];
}

const ofCommandLine: InputSchema['properties'] = {
  paths: {
    type: 'array',
    items: { type: 'string' },
    description:
      'Files or folders to read, inside the folders that the server was started with; default: all of these.',
  },
  istioVersion: {
    type: 'string',
    description: 'The minor version of Istio that the manifests are for, for example 1.31.',
  },
};

/** `explain` reads no files. */
const tools: readonly AgentTool[] = agentTools.map((tool) =>
  tool.name === 'explain'
    ? tool
    : { ...tool, input: { ...tool.input, properties: { ...tool.input.properties, ...ofCommandLine } } },
);

/** Options, and the words before the paths. */
interface Words {
  readonly options: readonly string[];
  readonly words: readonly string[];
}

const wordsOf: Readonly<Record<ToolName, (input: ToolInput) => Words>> = {
  check: (input) => ({ options: option('--rule', input.text('rule')), words: [] }),
  trace: (input) => ({
    options: [
      ...option('--from', input.text('from')),
      ...option('--method', input.text('method')),
      ...Object.entries(input.pairs('headers') ?? {}).flatMap(([name, value]) =>
        option('--header', `${name}:${value}`),
      ),
      ...Object.entries(input.pairs('labels') ?? {}).flatMap(([name, value]) => option('--label', `${name}=${value}`)),
      ...option('--sni', input.text('sni')),
    ],
    words: [input.text('url') ?? ''],
  }),
  access: (input) => ({
    options: (input.texts('hosts') ?? []).flatMap((host) => option('--host', host)),
    words: [],
  }),
  explain: (input) => ({ options: [], words: [input.text('rule')].filter((rule) => rule !== undefined) }),
};

/** Joined by `=`: a value that begins with `-` is no option. */
function option(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`${name}=${value}`];
}

/** In GiB. With more than this, what was read is not kept for the next call, which reads the folder anew. */
const mostHeld = 1;

/** Throws UserError for a root that is not a folder. */
export function toolServer(given: ToolHost): ToolServer {
  const roots = given.roots.map((root) => realFolder(root, given));
  const read = keptFiles(given.files);
  const files = confinedFiles(read, roots);
  const kept = new KeptWorkspace();
  // Agents name files as they stand in the folder.
  const base = roots.length === 1 ? roots[0]! : given.host.cwd;
  const host = { ...confinedHost(given.host, files, base), kept };
  return {
    tools,
    async answer(name, written) {
      const tool = tools.find((one) => one.name === name);
      if (!tool) return failure(`There is no tool "${name}": use ${tools.map((one) => one.name).join(', ')}.`);
      const input = readInput(tool.input, written);
      if ('problem' in input) return failure(input.problem);
      const paths = input.texts('paths') ?? [];
      const foreign = paths.find((path) => path === '-' || !isThere(files, join(base, path)));
      if (foreign !== undefined)
        return failure(`"${foreign}" is not a file or folder in ${roots.join(', ')}. Other places are not read.`);
      const where = paths.length > 0 ? paths.map((path) => join(base, path)) : roots;
      const before = given.used();
      const answered = await captured(argumentsOf(tool.name, input, where), host, given.book);
      if (answered.isError || given.held() > mostHeld) {
        kept.forget();
        read.forget();
      } else if (tool.name !== 'explain') read.turn();
      return { ...answered, notes: `${answered.notes}${tookMuch(before, given.used())}` };
    },
  };
}

/** Empty where it took little. */
function tookMuch(before: Used, now: Used): string {
  return isWorthTelling(now, before)
    ? `This answer took ${(now.seconds - before.seconds).toFixed(0)} s of processor time, and the server up to ${now.gigabytes.toFixed(1)} GiB of memory: name fewer folders or files in "paths" for a shorter run.\n`
    : '';
}

function argumentsOf(name: ToolName, input: ToolInput, paths: readonly string[]): readonly string[] {
  const { options, words } = wordsOf[name](input);
  if (name === 'explain') return [name, ...options, '--', ...words];
  const version = option('--istio-version', input.text('istioVersion'));
  return [name, '--format=json', ...version, ...options, '--', ...words, ...paths];
}

function failure(text: string): ToolAnswer {
  return { text: visibleText(text), notes: '', isError: true };
}

function isThere(files: FileSystem, path: string): boolean {
  const found = files.stat(path);
  return found !== undefined && found.kind !== 'other';
}

function realFolder(root: string, { host, files }: ToolHost): string {
  const found = files.stat(host.resolve(root));
  if (found?.kind !== 'folder') throw new UserError(`${root}: not a folder`);
  return found.real;
}

/** Reads nothing outside the roots, and nothing from standard input, which carries the protocol. */
function confinedHost(host: CliHost, files: FileSystem, cwd: string): CliHost {
  const readText = (path: string) => {
    const read = files.read(path);
    return read.ok ? read.text : undefined;
  };
  return {
    ...host,
    cwd,
    reader: host.readerOf(files),
    readText,
    read: files.read,
    isPresent: (path) => isThere(files, path),
    isFolder: (path) => files.stat(path)?.kind === 'folder',
    resolve: (path) => join(cwd, path),
    readStdin: () => {
      throw new UserError('standard input carries the protocol');
    },
    // Counted for the whole process, which outlives a call.
    noteProgress: () => undefined,
    noteEnd: () => undefined,
    canAsk: false,
    color: false,
    links: false,
    columns: undefined,
  };
}

async function captured(argv: readonly string[], host: CliHost, book: RuleBook): Promise<ToolAnswer> {
  let [text, notes] = ['', ''];
  let counts: Readonly<Record<string, number>> = {};
  const code = await run(
    argv,
    {
      ...host,
      stdout: (more) => void (text += more),
      stderr: (more) => void (notes += more),
      tellCounts: (told) => void (counts = told),
    },
    book,
  );
  return code === 2
    ? { text: `${text}${notes}`, notes: '', isError: true }
    : { text: shortened(text, counts), notes, isError: false };
}
