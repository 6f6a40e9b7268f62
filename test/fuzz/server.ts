// A language server in this process, over messages in memory and a disk in memory.
import { createMessageConnection, type MessageConnection } from 'vscode-jsonrpc/node';
import { createConnection, ProposedFeatures, type Diagnostic } from 'vscode-languageserver/node';
import { serve } from '../../server/src/main-engine.ts';
import { MemoryFiles } from '../unit/sources/sources-kit.ts';
import { pipe } from './pipe.ts';

export const folder = 'file:///w';

export interface OpenFile {
  readonly text: string;
  readonly version: number;
}

export interface FuzzServer {
  readonly connection: MessageConnection;
  /** The diagnostics of each file as they were last published. */
  readonly published: Map<string, readonly Diagnostic[]>;
  /** What the server logged as an error, or told the user. */
  readonly faults: string[];
  /** How many messages came so far: nothing comes any more when it stands. */
  readonly received: () => number;
  readonly dispose: () => void;
}

/** Files are read from `disk`, those in `open` are open from the start. */
export async function startServer(
  disk: MemoryFiles,
  open: ReadonlyMap<string, OpenFile>,
  cluster: unknown,
): Promise<FuzzServer> {
  const [toServer, toClient] = [pipe(), pipe()];
  const pathOf = (uri: string) => (uri.startsWith('file://') ? uri.slice('file://'.length) : undefined);
  const files = { list: disk.list, read: disk.read, stat: disk.stat, uriOf: (path: string) => `file://${path}` };
  const pause = () => new Promise<void>((resume) => setImmediate(resume));
  const today = () => '2026-01-01';
  serve(createConnection(ProposedFeatures.all, toServer.reader, toClient.writer), { files, pathOf, today, pause });
  const connection = createMessageConnection(toClient.reader, toServer.writer);
  const published = new Map<string, readonly Diagnostic[]>();
  const faults: string[] = [];
  let received = 0;
  let isRead = false;
  connection.onNotification(
    'textDocument/publishDiagnostics',
    ({ uri, diagnostics }: { uri: string; diagnostics: readonly Diagnostic[] }) => {
      received++;
      published.set(uri, diagnostics);
    },
  );
  const note = ({ type, message }: { type: number; message: string }) => {
    received++;
    isRead ||= message.includes('all files are read');
    // Errors of parameters that are wrong on purpose are logged too; those of the server have a stack, or say what they are.
    if (/internal error|^\s+at /m.test(message) || (type === 1 && /rule .* on /.test(message))) faults.push(message);
  };
  connection.onNotification('window/logMessage', note);
  connection.onNotification('window/showMessage', note);
  for (const method of ['client/registerCapability', 'workspace/codeLens/refresh', 'workspace/inlayHint/refresh'])
    connection.onRequest(method, () => null);
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    workspaceFolders: [{ uri: folder, name: 'w' }],
    capabilities: { textDocument: { publishDiagnostics: { relatedInformation: true } } },
  });
  await connection.sendNotification('initialized', {});
  for (const [uri, { text, version }] of open)
    await connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version, text },
    });
  while (!isRead) await pause();
  await connection.sendNotification('istioEgress/cluster', { cluster });
  return { connection, published, faults, received: () => received, dispose: () => connection.dispose() };
}
