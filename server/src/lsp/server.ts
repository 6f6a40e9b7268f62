// Composition root of the language server: it makes the session when a client comes, and connects it. Nothing here decides.
import {
  MessageType,
  ShowMessageNotification,
  TextDocuments,
  type Connection,
  type InitializeParams,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Used } from '../base/long-run.ts';
import { visibleMessage } from '../base/visible.ts';
import { initializeResult } from './capabilities.ts';
import { followClient } from './client-events.ts';
import { readInitializationOptions } from './client-settings.ts';
import { editorOf } from './editor.ts';
import { createGuard, type Guard } from './guard.ts';
import { createRefresher, type Refresher } from './refresher.ts';
import { Session } from './session.ts';
import { visibleLog } from './visible-log.ts';
import { wireMessages } from './wire.ts';
import { folderReader } from '../engine/folder-reader.ts';
import { RenderedReader } from '../engine/rendered-reader.ts';
import type { Rules } from '../engine/workspace-options.ts';
import type { Git } from '../sources/git.ts';
import type { FileSystem } from '../sources/file-system.ts';
import type { Renderer } from '../sources/rendered/renderer.ts';

export interface ServerHost {
  readonly rules: Rules;
  readonly pages: () => ReadonlyMap<string, string>;
  readonly version: string;
  readonly files: FileSystem;
  /** The path of a URI that `files` may have something of. */
  readonly pathOf: (uri: string) => string | undefined;
  readonly pause: () => Promise<void>;
  /** `2026-12-31`, in UTC. */
  readonly today: () => string;
  /** What the process used so far; undefined where that cannot be known. */
  readonly used?: () => Used;
  /** Undefined if no programs can be run. */
  readonly renderer?: Renderer;
  /** The repository around a folder; likewise. */
  readonly git?: (folder: string) => Git;
}

export function startServer(connection: Connection, host: ServerHost): void {
  const documents = new TextDocuments(TextDocument);
  // As a notification: the library's own function sends a request, and a client that refuses it would end the server.
  const notify = (message: string) => {
    const shown = { type: MessageType.Warning, message: visibleMessage(message) };
    connection.sendNotification(ShowMessageNotification.method, shown).catch(() => undefined);
  };
  const guard = createGuard({ log: visibleLog(connection.console), notify, used: host.used });
  let session: Session | undefined;
  connection.onInitialize((params) => {
    const options = readInitializationOptions(params.initializationOptions);
    const refresher = createRefresher(connection, params.capabilities, options.tellsChanges === true);
    session = createSession({ connection, documents, guard, host, params, refresher, ...options });
    followClient({ connection, documents, params }, session, guard);
    connection.onShutdown(() => refresher.stop());
    return initializeResult(host.version, session.editor);
  });
  wireMessages({ connection, guard, session: () => session });
  documents.listen(connection);
  connection.listen();
}

interface Parts extends ReturnType<typeof readInitializationOptions> {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly guard: Guard;
  readonly host: ServerHost;
  readonly params: InitializeParams;
  readonly refresher: Refresher;
}

function createSession({ connection, host, params, settings, trusted, rulePageBase, ...parts }: Parts): Session {
  const base = folderReader(host.files, host.pathOf);
  const rendered = host.renderer && new RenderedReader({ ...host, base, renderer: host.renderer });
  const session = new Session({
    ...host,
    ...parts,
    reader: rendered ?? base,
    rendered,
    readText: (uri) => textOf(host, uri),
    send: (diagnostics) => connection.sendDiagnostics(diagnostics),
    editor: editorOf(params.capabilities, parts),
    pageBase: rulePageBase ?? '',
  });
  session.setClientSettings(settings ?? {});
  if (trusted === true) session.trust();
  return session;
}

function textOf({ files, pathOf }: ServerHost, uri: string): string | undefined {
  const path = pathOf(uri);
  const read = path === undefined ? undefined : files.read(path);
  return read?.ok ? read.text : undefined;
}
