// Forwards client events (folders, settings, files, buffers) to the session.
import {
  DidChangeWatchedFilesNotification,
  type Connection,
  type InitializeParams,
  type TextDocuments,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { readClientSettings } from './client-settings.ts';
import { folderUri } from './folders.ts';
import type { Guard } from './guard.ts';
import { configurationSection } from './protocol/settings.ts';
import type { Session } from './session.ts';
import { isRecord } from '../base/is-record.ts';
import { withProgress } from './long-reading.ts';
import { visibleLog } from './visible-log.ts';

/** Files whose change can give others another meaning. */
const structural = /(^|\/)(kustomization\.ya?ml|Kustomization|Chart\.yaml|\.istio-egress\.ya?ml)$/;

export interface Client {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly params: InitializeParams;
}

export function followClient(client: Client, session: Session, guard: Guard): void {
  const { connection, documents } = client;
  connection.onInitialized(() => guard.background('starting', start(client, session, guard)));
  connection.onDidChangeConfiguration(({ settings }) =>
    guard.background('reading settings', takeSettings(client, session, settings)),
  );
  connection.onDidChangeWatchedFiles(({ changes }) => {
    const uris = changes.map(({ uri }) => uri);
    guard.background(
      'reading changed files',
      session.changedOnDisk(uris, (uri) => structural.test(uri)),
    );
  });
  documents.onDidChangeContent(({ document }) => guard.run(`reading ${document.uri}`, () => session.changed(document)));
  documents.onDidClose(({ document }) => guard.run(`closing ${document.uri}`, () => session.closed(document.uri)));
}

async function start(client: Client, session: Session, guard: Guard): Promise<void> {
  const { connection, params } = client;
  await registerWatchers(client);
  const open = params.workspaceFolders?.map(({ uri }) => uri) ?? [];
  await pullSettings(client, session, open);
  if (params.capabilities.workspace?.workspaceFolders)
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) =>
      guard.background(
        'changing folders',
        changeFolders(
          client,
          session,
          added.map(({ uri }) => uri),
          removed.map(({ uri }) => uri),
        ),
      ),
    );
  await withProgress(session.start(open), {
    create: params.capabilities.window?.workDoneProgress ? () => connection.window.createWorkDoneProgress() : undefined,
    title: 'Istio Egress: reading files',
    afterMs: 1000,
    failed: (error) => visibleLog(connection.console).warn(`The progress of reading is not shown: ${String(error)}`),
  });
  visibleLog(connection.console).info('Istio Egress: all files are read.');
}

async function changeFolders(
  client: Client,
  session: Session,
  added: readonly string[],
  removed: readonly string[],
): Promise<void> {
  session.removeFolders(removed);
  await pullSettings(client, session, added);
  await session.addFolders(added);
}

/** A client without `workspace/configuration` sends its settings in the notification. */
async function takeSettings(client: Client, session: Session, sent: unknown): Promise<void> {
  if (await pullSettings(client, session)) return;
  session.setClientSettings(readClientSettings(isRecord(sent) ? sent[configurationSection] : undefined));
}

async function registerWatchers({ connection, params }: Client): Promise<void> {
  if (!params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) return;
  await connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: [
      { globPattern: '**/*.{yaml,yml,json,tpl}' },
      { globPattern: '**/Kustomization' },
      { globPattern: '**/.istio-egress.{yaml,yml}' },
    ],
  });
}

/** Requests the global settings and those of each folder, including new ones; false if the client does not support it. */
async function pullSettings(
  { connection, params }: Client,
  session: Session,
  coming: readonly string[] = [],
): Promise<boolean> {
  if (!params.capabilities.workspace?.configuration) return false;
  const uris = [...new Set([...session.folderUris, ...coming.map(folderUri)])];
  const [whole, ...each]: readonly unknown[] = await connection.workspace.getConfiguration([
    { section: configurationSection },
    ...uris.map((scopeUri) => ({ scopeUri, section: configurationSection })),
  ]);
  session.setClientSettings(
    readClientSettings(whole),
    new Map(uris.map((uri, at) => [uri, readClientSettings(each[at])])),
  );
  return true;
}
