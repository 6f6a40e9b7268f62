// A language client over stdio for tests: speaks to the built server, or to the sources, as an editor would.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join, resolve } from 'node:path';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import type { CodeAction, Diagnostic } from 'vscode-languageserver-types';

export const root = resolve(import.meta.dirname, '../..');

interface Params {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: Diagnostic[];
}

export interface LspClientOptions {
  readonly folders: readonly string[];
  readonly settings?: Record<string, unknown>;
  readonly command?: readonly string[];
  readonly rulePageBase?: string;
  /** Whether the user trusts the workspace. */
  readonly trusted?: boolean;
  /** Asks for diagnostics itself. */
  readonly pulls?: boolean;
  /** Asks for the edit of an action that is chosen. */
  readonly resolves?: boolean;
  /** Cannot show an edit before it is applied. */
  readonly plain?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  /** Files that are open from the first moment on, before any folder is read: what an editor restored. */
  readonly opened?: readonly { readonly uri: string; readonly text: string }[];
}

export class LspClient {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly connection: MessageConnection;
  readonly published: Params[] = [];
  readonly messages: string[] = [];
  readonly registrations: unknown[] = [];
  /** How often the server said that lenses and hints are to be asked for again. */
  refreshes = 0;
  /** How often it said that diagnostics are to be asked for again. */
  diagnosticRefreshes = 0;
  settings: Record<string, unknown>;
  /** By folder, where it has settings of its own. */
  folderSettings: Readonly<Record<string, Record<string, unknown>>> = {};
  #waiting: (() => void)[] = [];
  stderr = '';

  private constructor(options: LspClientOptions) {
    const [file, ...args] = options.command ?? [process.execPath, join(root, 'dist/cli.js'), 'lsp', '--stdio'];
    this.settings = options.settings ?? {};
    this.#process = spawn(file!, args, { stdio: ['pipe', 'pipe', 'pipe'], env: options.env ?? process.env });
    this.#process.stderr.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.connection = createMessageConnection(
      new StreamMessageReader(this.#process.stdout),
      new StreamMessageWriter(this.#process.stdin),
    );
    this.connection.onNotification('textDocument/publishDiagnostics', (params: Params) =>
      this.#note(() => this.published.push(params)),
    );
    this.connection.onNotification('window/logMessage', ({ message }: { message: string }) =>
      this.#note(() => this.messages.push(message)),
    );
    this.connection.onNotification('window/showMessage', ({ message }: { message: string }) =>
      this.#note(() => this.messages.push(message)),
    );
    this.connection.onRequest('client/registerCapability', (params: unknown) => {
      this.registrations.push(params);
      return null;
    });
    this.connection.onRequest('workspace/codeLens/refresh', () => {
      this.#note(() => this.refreshes++);
      return null;
    });
    this.connection.onRequest('workspace/inlayHint/refresh', () => null);
    this.connection.onRequest('workspace/diagnostic/refresh', () => {
      this.#note(() => this.diagnosticRefreshes++);
      return null;
    });
    this.connection.onRequest('workspace/configuration', ({ items }: { items: { scopeUri?: string }[] }) =>
      items.map(({ scopeUri }) => this.folderSettings[scopeUri ?? ''] ?? this.settings),
    );
    this.connection.listen();
  }

  static async start(options: LspClientOptions): Promise<LspClient> {
    const client = new LspClient(options);
    const gone = new Promise<never>((_, reject) =>
      client.#process.once('exit', (code) =>
        reject(new Error(`the server ended with ${code}: ${client.stderr || 'was it built?'}`)),
      ),
    );
    gone.catch(() => undefined);
    await Promise.race([
      gone,
      client.connection.sendRequest('initialize', {
        processId: process.pid,
        rootUri: null,
        workspaceFolders: options.folders.map((uri) => ({ uri, name: uri })),
        initializationOptions: {
          settings: client.settings,
          ...(options.trusted === undefined ? {} : { trusted: options.trusted }),
          ...(options.rulePageBase === undefined ? {} : { rulePageBase: options.rulePageBase }),
        },
        capabilities: {
          workspace: {
            configuration: true,
            codeLens: { refreshSupport: true },
            inlayHint: { refreshSupport: true },
            workspaceFolders: true,
            ...(options.pulls ? { diagnostics: { refreshSupport: true } } : {}),
            didChangeWatchedFiles: { dynamicRegistration: true },
            workspaceEdit: {
              documentChanges: true,
              resourceOperations: ['create'],
              ...(options.plain ? {} : { changeAnnotationSupport: {} }),
            },
          },
          textDocument: {
            publishDiagnostics: { relatedInformation: true, versionSupport: true, codeDescriptionSupport: true },
            ...(options.pulls ? { diagnostic: { dynamicRegistration: false } } : {}),
            codeAction: {
              codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source.fixAll'] } },
              isPreferredSupport: true,
              ...(options.resolves ? { dataSupport: true, resolveSupport: { properties: ['edit'] } } : {}),
            },
          },
        },
      }),
    ]);
    await client.connection.sendNotification('initialized', {});
    for (const { uri, text } of options.opened ?? []) await client.open(uri, text);
    await client.until('the folders are read', () =>
      client.messages.some((message) => message.includes('all files are read')),
    );
    return client;
  }

  #note(add: () => void): void {
    add();
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async until<T>(what: string, find: () => T | undefined | false, ms = 10_000): Promise<T> {
    const end = Date.now() + ms;
    for (;;) {
      const found = find();
      if (found) return found;
      if (Date.now() > end)
        throw new Error(
          `timed out: ${what}\n${JSON.stringify(this.published.slice(-3), null, 1)}\n${this.messages.join('\n')}\n${this.stderr}`,
        );
      await new Promise<void>((wake) => {
        this.#waiting.push(wake);
        setTimeout(wake, 100);
      });
    }
  }

  /** The diagnostics that were last published for a file. */
  diagnostics(uri: string): readonly Diagnostic[] {
    return this.published.findLast((params) => params.uri === uri)?.diagnostics ?? [];
  }

  codes(uri: string): string[] {
    return this.diagnostics(uri).map(({ code }) => String(code));
  }

  open(uri: string, text: string, version = 1): Promise<void> {
    return this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version, text },
    });
  }

  change(uri: string, version: number, contentChanges: readonly unknown[]): Promise<void> {
    return this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges,
    });
  }

  async publishedFor(uri: string, version: number): Promise<readonly Diagnostic[]> {
    return (
      await this.until(`diagnostics of version ${version}`, () =>
        this.published.findLast((params) => params.uri === uri && params.version === version),
      )
    ).diagnostics;
  }

  codeActions(uri: string, range: Diagnostic['range'], only?: readonly string[]): Promise<CodeAction[]> {
    return this.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri },
      range,
      context: { diagnostics: [], ...(only ? { only } : {}) },
    });
  }

  async stop(): Promise<number | null> {
    const ended = new Promise<number | null>((done) => this.#process.once('exit', done));
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    const code = await ended;
    this.connection.dispose();
    return code;
  }
}
