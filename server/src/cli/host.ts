import type { Run } from '../cluster/tools/command.ts';
import type { FoundExecutable, Tool } from '../cluster/tools/executables.ts';
import type { Failure, FileSystem, FileText } from '../sources/file-system.ts';
import type { Git } from '../sources/git.ts';
import type { FolderReader } from '../engine/reader.ts';
import type { RenderedReader } from '../engine/rendered-reader.ts';
import type { KeptWorkspace } from './kept-workspace.ts';

/** What the command line needs of the process around it. Paths are the platform's, URIs are `file:`. */
export interface CliHost {
  readonly version: string;
  /** Of the product. */
  readonly homepage: string;
  readonly cwd: string;
  /** `2026-12-31`, in UTC. */
  readonly today: () => string;
  readonly reader: FolderReader;
  /** A reader that runs the user's helm and kustomize; only with `--render`. Of the disk, or of a folder as if nothing was beside it. */
  readonly renderingReader: (within?: string) => RenderedReader;
  /** Where `reader` is such a one. */
  readonly rendered?: RenderedReader;
  /** Revisions of the repository around the working directory; only for `diff`. */
  readonly git: () => Git;
  /** For a process that outlives a run. */
  readonly kept?: KeptWorkspace;
  /** A reader of other files than the disk's. */
  readonly readerOf: (files: FileSystem) => FolderReader;
  /** Throws with a reason in words where it cannot be read. */
  readonly readStdin: () => string;
  /** A file, or standard input without a name, as a stream. Iterating throws if it cannot be read. */
  readonly stream: (path: string | undefined) => AsyncIterable<string>;
  /** As `stdout`; resolves once there is room for more. */
  readonly print: (text: string) => Promise<void>;
  readonly readText: (path: string) => string | undefined;
  /** As `readText`, with the reason where it cannot be read. */
  readonly read: (path: string) => FileText | Failure;
  /** Throws with a readable reason if the file cannot be written; then the file is unchanged. Keeps mode and encoding. */
  readonly writeText: (path: string, text: string) => void;
  /** Asks the user at a terminal: true only for an explicit yes; false without a terminal. */
  readonly canAsk: boolean;
  readonly ask: (question: string) => Promise<boolean>;
  /** A line that the user types; undefined where they end the input. */
  readonly askLine: (question: string) => Promise<string | undefined>;
  readonly isPresent: (path: string) => boolean;
  readonly isFolder: (path: string) => boolean;
  /** Files with names of manifests, as a walk finds them; none where there is no such folder. */
  readonly filesBelow: (folder: string) => readonly string[];
  readonly toUri: (path: string) => string;
  readonly toPath: (uri: string) => string;
  /** Absolute path. */
  readonly resolve: (path: string) => string;
  /** At each step of a run: the host says that it takes long, and on a terminal what is being done. */
  readonly noteProgress: (
    doing: 'reading files' | 'reading the log' | 'checking' | 'fixing' | 'working out the answer',
  ) => void;
  /** After a command has answered. */
  readonly noteEnd: () => void;
  /**
   * Where lists of an answer in JSON are cut to what there is room for: told how many items each has in all, so that a command need not make
   * those that are cut.
   */
  readonly tellCounts?: (counts: Readonly<Record<string, number>>) => void;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** False if the output is not a terminal or the environment turns color off. */
  readonly color: boolean;
  /** Whether the terminal shows links (OSC 8). */
  readonly links: boolean;
  /** Characters in a line of the terminal; undefined if the output is not a terminal. */
  readonly columns: number | undefined;
  readonly startServer: () => void;
  /** Serves the tools for agents over standard input and output, about these folders, until the client has gone; then the exit code. */
  readonly serveTools: (folders: readonly string[]) => Promise<number>;
  /** Runs the user's programs; only for commands that read a cluster. */
  readonly run: Run;
  readonly find: (tool: Tool) => FoundExecutable;
}
