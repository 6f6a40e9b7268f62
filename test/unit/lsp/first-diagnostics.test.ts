// What is wrong in an open file by itself is told before the other files are read. Held by the order of what happens, not by time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Used } from '../../../server/src/base/long-run.ts';
import { shippedRules } from '../../../server/src/engine/analyze.ts';
import { folderReader } from '../../../server/src/engine/folder-reader.ts';
import { createGuard } from '../../../server/src/lsp/guard.ts';
import { Session } from '../../../server/src/lsp/session.ts';
import type { FileSystem } from '../../../server/src/sources/file-system.ts';
import { memoryFiles } from '../sources/sources-kit.ts';

const entry = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: shop }
spec:
  hosts: [api.example.com]
  colour: red
  ports: [{ number: 80, name: http, protocol: HTTP, targetPort: 443 }] # istio-egress-ignore double-tls: an example
  resolution: DNS
`;
const namespace = `apiVersion: v1
kind: Namespace
metadata: { name: shop }
`;
const patch = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api }
spec: { colour: red }
`;

const uriOf = (path: string) => `file://${path}`;

interface Happened {
  readonly events: string[];
  readonly session: Session;
  readonly open: (path: string, text: string) => TextDocument;
}

function started(texts: Readonly<Record<string, string>>, used?: () => Used): Happened {
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
    pages: new Map(),
    pageBase: '',
    reader: folderReader(files, pathOf),
    rendered: undefined,
    readText: (uri) => texts[pathOf(uri)],
    pathOf,
    today: () => '2026-01-01',
    send: async ({ uri, diagnostics }) => {
      events.push(`${pathOf(uri)}: ${diagnostics.map(({ code }) => String(code)).join(' ')}`);
    },
    guard: createGuard({
      log: { error: (text) => assert.fail(String(text)), warn: (text) => events.push(text) },
      notify: assert.fail,
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
    pause: () => Promise.resolve(),
  });
  const open = (path: string, text: string): TextDocument => {
    const document = TextDocument.create(uriOf(path), 'yaml', 1, text);
    documents.set(document.uri, document);
    session.changed(document);
    return document;
  };
  return { events, session, open };
}

test('an open file gets what is wrong in it before another one is read, and the rest once all are', async () => {
  const { events, session, open } = started({ '/w/entry.yaml': entry, '/w/namespace.yaml': namespace });
  open('/w/entry.yaml', entry);
  await session.start(['file:///w']);
  const order = events.filter((event) => /^(?:\/w|read \/w\/namespace)/.test(event));
  assert.deepEqual(order, [
    '/w/entry.yaml: unknown-field',
    'read /w/namespace.yaml',
    '/w/entry.yaml: unknown-field plaintext-to-tls-port unused-suppression',
  ]);
});

test('what the place of a file says of it counts from the first moment: a patch has no findings', async () => {
  const { events, session, open } = started({
    '/w/kustomization.yaml': 'patches: [{ path: patch.yaml }]\n',
    '/w/namespace.yaml': namespace,
    '/w/patch.yaml': patch,
  });
  open('/w/patch.yaml', patch);
  await session.start(['file:///w']);
  const told = events.filter((event) => event.startsWith('/w/patch.yaml'));
  assert.ok(told.length > 0 && told.every((event) => event === '/w/patch.yaml: '), events.join('\n'));
});

test('reading a folder again takes nothing back meanwhile', async () => {
  const { events, session, open } = started({ '/w/entry.yaml': entry, '/w/namespace.yaml': namespace });
  open('/w/entry.yaml', entry);
  await session.start(['file:///w']);
  const before = events.length;
  await session.changedOnDisk(['file:///w/.istio-egress.yaml'], () => true);
  const again = events.slice(before).filter((event) => event.startsWith('/w/entry.yaml'));
  assert.deepEqual(
    new Set(again),
    new Set(['/w/entry.yaml: unknown-field plaintext-to-tls-port unused-suppression']),
    events.join('\n'),
  );
});

test('a reading that takes long says once where it is', async () => {
  let seconds = 0;
  const used = () => ({ seconds: (seconds += 6), gigabytes: 0.5 });
  const texts = { '/w/a.yaml': entry, '/w/b.yaml': namespace, '/w/c.yaml': namespace, '/w/d.yaml': namespace };
  const { events, session } = started(texts, used);
  await session.start(['file:///w']);
  const told = () => events.filter((event) => event.includes('processor time')).map((event) => event.split(' s of')[0]);
  const [first = '', ...others] = told();
  assert.match(first, /^reading file:\/\/\/w, at file:\/\/\/w\/[abcd]\.yaml, goes on after \d+$/);
  assert.deepEqual(others, []);
});
