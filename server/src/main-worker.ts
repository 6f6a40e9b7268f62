// The language server in a browser's worker: it knows the files that the editor opens.
import { BrowserMessageReader, BrowserMessageWriter, createConnection, ProposedFeatures } from 'vscode-languageserver/browser';
import manifest from '../../package.json' with { type: 'json' };
import { startServer } from './lsp/server.ts';
import { documentRules, pages, rules } from './rules/index.gen.ts';

declare const self: ConstructorParameters<typeof BrowserMessageReader>[0];

startServer(createConnection(ProposedFeatures.all, new BrowserMessageReader(self), new BrowserMessageWriter(self)), {
  rules: { rules, documentRules }, pages: new Map(Object.entries(pages)), version: manifest.version, reader: undefined, readText: () => undefined,
  pause: () => new Promise((resume) => setTimeout(resume)),
});
