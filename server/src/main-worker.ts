// The language server in a browser's worker. Its files come from the editor: first all there are, then each change.
import { BrowserMessageReader, BrowserMessageWriter, createConnection, ProposedFeatures } from 'vscode-languageserver/browser';
import manifest from '../../package.json' with { type: 'json' };
import { folderReader } from './engine/folder-reader.ts';
import { HandedFileSystem } from './host/web/handed-files.ts';
import { handedFilesNotification, type HandedFiles } from './lsp/protocol.ts';
import { startServer } from './lsp/server.ts';
import { documentRules, pages, rules } from './rules/index.gen.ts';

declare const self: ConstructorParameters<typeof BrowserMessageReader>[0] & { onmessage: ((message: { readonly data: HandedFiles }) => void) | null };

self.onmessage = ({ data }: { readonly data: HandedFiles }) => {
  const files = new HandedFileSystem();
  files.take(data);
  // The reader takes `onmessage` over; what arrives from now on is the protocol's.
  const connection = createConnection(ProposedFeatures.all, new BrowserMessageReader(self), new BrowserMessageWriter(self));
  connection.onNotification(handedFilesNotification, (more: HandedFiles) => files.take(more));
  startServer(connection, {
    rules: { rules, documentRules }, pages: new Map(Object.entries(pages)), version: manifest.version,
    reader: folderReader(files, files.pathOf),
    readText(uri) {
      const read = files.read(uri);
      return read.ok ? read.text : undefined;
    },
    pause: () => new Promise((resume) => setTimeout(resume)),
  });
};
