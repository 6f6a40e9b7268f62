// Messages that no client should send: each is answered or logged, and the server goes on.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, test } from 'node:test';
import { LspClient } from '../kit/lsp-client.ts';

const dir = mkdtempSync(join(tmpdir(), 'istio-egress-malformed-'));
after(() => rmSync(dir, { recursive: true, force: true }));
const entry =
  'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: a, namespace: b }\nspec:\n  hosts: [a.example.com]\n  ports: [{ number: 80, name: http, protocol: HTTPP }]\n  resolution: DNS\n';

const values: readonly unknown[] = [
  undefined,
  null,
  7,
  'text',
  [],
  [null],
  {},
  { uri: 7 },
  { textDocument: null },
  { textDocument: { uri: 'not a uri' } },
];
const methods = [
  'textDocument/didOpen',
  'textDocument/didChange',
  'textDocument/didClose',
  'textDocument/didSave',
  'textDocument/willSave',
  'workspace/didChangeConfiguration',
  'workspace/didChangeWatchedFiles',
  'workspace/didChangeWorkspaceFolders',
  'window/workDoneProgress/cancel',
  'istioEgress/trust',
  'istioEgress/handedFiles',
  'istioEgress/cluster',
  'istioEgress/noSuchNotification',
  '$/cancelRequest',
  '$/setTrace',
  '$/noSuchNotification',
];

/** By the protocol's own bytes: the client's library would not send some of these. */
async function send(client: LspClient, method: string, params: unknown): Promise<void> {
  await client.connection.sendNotification(method, ...(params === undefined ? [] : [params]));
}

test('malformed and unknown notifications', { timeout: 60_000 }, async () => {
  writeFileSync(join(dir, 'entry.yaml'), entry);
  const uri = pathToFileURL(join(dir, 'entry.yaml')).href;
  const client = await LspClient.start({ folders: [pathToFileURL(dir).href] });
  try {
    for (const method of methods) for (const value of values) await send(client, method, value);
    await send(client, 'textDocument/didChange', {
      textDocument: { uri, version: 2 },
      contentChanges: [{ text: 'x' }],
    });
    await send(client, 'textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text: entry } });
    for (const change of [
      null,
      {},
      { range: null, text: 'a' },
      { range: { start: { line: -1, character: 1e9 }, end: {} }, text: 'a' },
      { range: {}, text: 7 },
    ])
      await send(client, 'textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [change] });
    await client.change(uri, 3, [{ text: entry }]);
    const hover = await client.connection.sendRequest('textDocument/hover', {
      textDocument: { uri },
      position: { line: 4, character: 12 },
    });
    assert.notEqual(hover, null);
    await client.until(
      'diagnostics of the last text',
      () => client.codes(uri).includes('invalid-combination') || client.codes(uri).length > 0,
    );
  } finally {
    await client.stop();
  }
});

test('a settings file that cannot be read is a diagnostic of that file', { timeout: 60_000 }, async () => {
  const folder = join(dir, 'settings');
  mkdirSync(join(folder, 'inner'), { recursive: true });
  writeFileSync(join(folder, 'entry.yaml'), entry);
  const file = join(folder, '.istio-egress.yaml');
  writeFileSync(file, Buffer.from([0x73, 0x3a, 0x20, 0xff]));
  const client = await LspClient.start({ folders: [pathToFileURL(folder).href] });
  try {
    const uri = pathToFileURL(file).href;
    const told = await client.until('the diagnostic', () => client.diagnostics(uri)[0]);
    assert.match(
      JSON.stringify(told.message),
      /^"This file cannot be read \(not valid UTF-8 text\), so none of its settings apply\."$/,
    );
    assert.deepEqual(told.range.start, { line: 0, character: 0 });
    rmSync(file);
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 3 }] });
    await client.until('no diagnostic of a file that is gone', () => client.diagnostics(uri).length === 0);
  } finally {
    await client.stop();
  }
});
