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
    this.#connection.listen();
  }

  static async start(options: EditorClientOptions): Promise<EditorClient> {
    const client = new EditorClient(options);
    const ready = new Promise<void>((done) => {
      client.#connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
        if (message.includes(options.ready ?? '')) done();
      });
    });
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
    if (options.ready !== undefined) await ready;
    return client;
  }

  /** Milliseconds that the server's own thread has been on a processor; undefined where the system does not tell. */
  processorTime(): number | undefined {
    const path = `/proc/${this.#process.pid}/schedstat`;
    return existsSync(path) ? Number(readFileSync(path, 'utf8').split(' ', 1)[0]) / 1e6 : undefined;
  }

  ask<T>(method: string, params: object): Promise<T> {
    return this.#connection.sendRequest(method, params);
  }

  open(uri: string, text: string): Promise<void> {
    return this.#connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version: this.#version, text },
    });
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
