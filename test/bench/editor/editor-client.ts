// An editor that types and asks, without any other work: for measurements of language servers.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';

export interface EditorClientOptions {
  readonly command: readonly [program: string, ...args: string[]];
  readonly folder: string;
  /** By section, as servers ask for them. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A log message that says that the server has read the folder. */
  readonly ready?: string;
}

export interface Position {
  readonly line: number;
  readonly character: number;
}

export class EditorClient {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #connection: MessageConnection;
  #version = 1;
  #awaited: { readonly uri: string; readonly version: number; readonly resolve: () => void }[] = [];

  private constructor({ command: [program, ...args], settings = {} }: EditorClientOptions) {
    this.#process = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.stderr.resume();
    this.#connection = createMessageConnection(
      new StreamMessageReader(this.#process.stdout),
      new StreamMessageWriter(this.#process.stdin),
    );
    this.#connection.onRequest('workspace/configuration', ({ items }: { items: { section?: string }[] }) =>
      items.map(({ section }) => settings[section ?? ''] ?? null),
    );
    this.#connection.onRequest('client/registerCapability', () => null);
    this.#connection.onNotification('textDocument/publishDiagnostics', (params: { uri: string; version?: number }) => {
      const isAnswered = (one: { readonly uri: string; readonly version: number }) =>
        one.uri === params.uri && (params.version ?? Infinity) >= one.version;
      const answered = this.#awaited.filter(isAnswered);
      this.#awaited = this.#awaited.filter((one) => !isAnswered(one));
      for (const { resolve } of answered) resolve();
    });
    this.#connection.listen();
  }

  static async start(options: EditorClientOptions): Promise<EditorClient> {
    const client = new EditorClient(options);
    const ready = options.ready === undefined ? undefined : client.logged(options.ready);
    await client.ask('initialize', {
      processId: process.pid,
      rootUri: options.folder,
      workspaceFolders: [{ uri: options.folder, name: 'bench' }],
      capabilities: {
        workspace: { configuration: true, workspaceFolders: true },
        textDocument: {
          publishDiagnostics: { versionSupport: true, relatedInformation: true },
          completion: { completionItem: { snippetSupport: true } },
          hover: { contentFormat: ['markdown'] },
          foldingRange: { lineFoldingOnly: true },
          documentSymbol: { hierarchicalDocumentSymbolSupport: true },
        },
      },
    });
    await client.#connection.sendNotification('initialized', {});
    if (options.settings)
      await client.#connection.sendNotification('workspace/didChangeConfiguration', { settings: options.settings });
    await ready;
    return client;
  }

  /** Resolves when the server logs such a message. */
  logged(part: string): Promise<void> {
    return new Promise((resolve) => {
      this.#connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
        if (message.includes(part)) resolve();
      });
    });
  }

  /** Milliseconds that the server's own thread has been on a processor; undefined where the system does not tell. */
  processorTime(): number | undefined {
    const path = `/proc/${this.#process.pid}/schedstat`;
    return existsSync(path) ? Number(readFileSync(path, 'utf8').split(' ', 1)[0]) / 1e6 : undefined;
  }

  /** Resident bytes of the server; undefined where the system does not tell. */
  memory(): number | undefined {
    const path = `/proc/${this.#process.pid}/status`;
    const kilobytes = existsSync(path) ? /VmRSS:\s+(\d+)/.exec(readFileSync(path, 'utf8'))?.[1] : undefined;
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  }

  get version(): number {
    return this.#version;
  }

  /** Resolves with the next diagnostics of the file for this version or a later one; of servers that name none, with the next. */
  published(uri: string, version: number): Promise<void> {
    return new Promise((resolve) => this.#awaited.push({ uri, version, resolve }));
  }

  ask<T>(method: string, params: object): Promise<T> {
    return this.#connection.sendRequest(method, params);
  }

  open(uri: string, text: string): Promise<void> {
    return this.#connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version: this.#version, text },
    });
  }

  close(uri: string): Promise<void> {
    return this.#connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  /** Replaces what stands between two places. */
  edit(uri: string, start: Position, end: Position, text: string): Promise<void> {
    return this.#connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: ++this.#version },
      contentChanges: [{ range: { start, end }, text }],
    });
  }

  async stop(): Promise<void> {
    const ended = new Promise<void>((done) => this.#process.once('exit', () => done()));
    await this.ask('shutdown', {}).catch(() => undefined);
    await this.#connection.sendNotification('exit');
    const timer = setTimeout(() => this.#process.kill(), 2000);
    await ended;
    clearTimeout(timer);
    this.#connection.dispose();
  }
}
