// The language server in a browser's worker. Its files come from the editor: first all there are, then each change.
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from 'vscode-languageserver/browser';
import { HandedFileSystem } from './host/web/handed-files.ts';
import { notifications } from './lsp/protocol.ts';
import type { FirstMessage } from './lsp/protocol/workspace.ts';

declare const self: {
  onmessage: ((message: { readonly data: FirstMessage }) => void) | null;
};
declare function importScripts(uri: string): void;
declare function reportError(error: unknown): void;

self.onmessage = ({ data }: { readonly data: FirstMessage }) => {
  start(data).catch(reportError); // to the browser: no connection is there yet
};

async function start(data: FirstMessage): Promise<void> {
  importScripts(data.engine);
  const { serve } = await import('./main-engine.ts');
  const files = new HandedFileSystem();
  files.take(data);
  // The reader takes `onmessage` over; what arrives from now on is the protocol's.
  const connection = createConnection(
    ProposedFeatures.all,
    new BrowserMessageReader(self),
    new BrowserMessageWriter(self),
  );
  const handedFiles = 'istioEgress/handedFiles';
  connection.onNotification(handedFiles, (more: unknown) => files.take(notifications[handedFiles].read(more, '')));
  serve(connection, {
    files,
    pathOf: files.pathOf,
    today: () => new Date().toISOString().slice(0, 10),
    pause: () => new Promise((resume) => setTimeout(resume)),
  });
}
