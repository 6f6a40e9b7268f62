// A session of the server on files in memory, and what happens in it, in order.
import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Used } from '../../../server/src/base/long-run.ts';
import { shippedRules } from '../../../server/src/engine/analyze.ts';
import { folderReader } from '../../../server/src/engine/folder-reader.ts';
import { createGuard } from '../../../server/src/lsp/guard.ts';
import { Session } from '../../../server/src/lsp/session.ts';
import type { FileSystem } from '../../../server/src/sources/file-system.ts';
import { memoryFiles } from '../sources/sources-kit.ts';

const uriOf = (path: string) => `file://${path}`;

interface Happened {
  readonly events: string[];
  readonly session: Session;
  readonly open: (path: string, text: string) => TextDocument;
}

/** `notify`: is given what users are told. */
export function started(
  texts: Readonly<Record<string, string>>,
  used?: () => Used,
  notify: (text: string) => void = assert.fail,
): Happened {
  const events: string[] = [];
  const memory = memoryFiles(texts);
  const files: FileSystem = {
    list: memory.list,
    stat: memory.stat,
    uriOf,
    read: (path) => {
      events.push(`read ${path}`);
      return memory.read(path);
    },
  };
  const documents = new Map<string, TextDocument>();
  const pathOf = (uri: string) => uri.slice('file://'.length);
  const session = new Session({
    documents: { get: (uri) => documents.get(uri), all: () => [...documents.values()] },
    rules: shippedRules,
    pages: () => new Map(),
    pageBase: '',
    reader: folderReader(files, pathOf),
    rendered: undefined,
    readText: (uri) => {
      events.push(`text of ${pathOf(uri)}`);
      return texts[pathOf(uri)];
    },
    pathOf,
    today: () => '2026-01-01',
    send: async ({ uri, diagnostics }) => {
      events.push(`${pathOf(uri)}: ${diagnostics.map(({ code }) => String(code)).join(' ')}`);
    },
    guard: createGuard({
      log: { error: (text) => assert.fail(String(text)), warn: (text) => events.push(text) },
      notify,
      used,
    }),
    editor: {
      snippets: false,
      suggestsAgain: false,
      annotates: false,
      resolvesActions: false,
      links: false,
      pullsDiagnostics: false,
    },
    refresher: { soon: () => {}, soonAfterTyping: () => {}, diagnosticsSoon: () => {}, stop: () => {} },
    pause: async () => void events.push('pause'),
  });
  const open = (path: string, text: string): TextDocument => {
    const document = TextDocument.create(uriOf(path), 'yaml', 1, text);
    documents.set(document.uri, document);
    session.changed(document);
    return document;
  };
  return { events, session, open };
}
