// Computed facts over stdio: lenses, hints and hover of the built server, and the switches for them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodeLens, Hover, InlayHint } from 'vscode-languageserver-types';
import { serverOnStory } from '../kit/story-folder.ts';

const { client, uriOf, read } = await serverOnStory('features');
const entry = uriOf('service-entry.yaml');

const lenses = (uri: string): Promise<CodeLens[]> =>
  client.connection.sendRequest('textDocument/codeLens', { textDocument: { uri } });
const resolve = (lens: CodeLens): Promise<CodeLens> => client.connection.sendRequest('codeLens/resolve', lens);
const hints = (uri: string): Promise<InlayHint[]> =>
  client.connection.sendRequest('textDocument/inlayHint', {
    textDocument: { uri },
    range: { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } },
  });
const configure = async (settings: Record<string, unknown>) => {
  const before = client.refreshes;
  client.settings = settings;
  await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: {} });
  await client.until('the server asks to be asked anew', () => client.refreshes > before);
};

test('a file that no editor shows has no lenses and no hints', async () => {
  assert.deepEqual(await lenses(entry), []);
  assert.deepEqual(await hints(entry), []);
});

test('a lens is a place first, and says the facts when it is resolved', async () => {
  await client.open(entry, read('service-entry.yaml'));
  await client.publishedFor(entry, 1);
  const [lens, ...more] = await lenses(entry);
  assert.deepEqual([more.length, lens!.command], [0, undefined]);
  assert.equal(
    (await resolve(lens!)).command?.title,
    'via common-infrastructure/egress-gateway · TLS SIMPLE to :443 · 1 policy',
  );
});

test('a hint stands behind targetPort', async () => {
  const [hint, ...more] = await hints(entry);
  assert.equal(more.length, 0);
  assert.equal(hint!.label, '→ TLS :443');
  assert.equal(
    read('service-entry.yaml').split('\n')[hint!.position.line]!.slice(0, hint!.position.character).trim(),
    'targetPort: 443',
  );
});

test('what another file says changes them', async () => {
  const rule = uriOf('destination-rule.yaml');
  const before = client.refreshes;
  await client.open(rule, read('destination-rule.yaml').replace('mode: SIMPLE', 'mode: DISABLE'));
  await client.until('the editor is told', () => client.refreshes > before);
  assert.deepEqual(
    (await hints(entry)).map(({ label }) => label),
    ['→ plain :443'],
  );
  const [lens] = await lenses(entry);
  assert.match((await resolve(lens!)).command!.title, /plain HTTP to :443/);
  await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri: rule } });
});

test('hover links to the lines that decide', async () => {
  const line = read('service-entry.yaml')
    .split('\n')
    .findIndex((one) => one.startsWith('kind:'));
  const hover = await client.connection.sendRequest<Hover & { contents: { value: string } }>('textDocument/hover', {
    textDocument: { uri: entry },
    position: { line, character: 8 },
  });
  assert.match(
    hover.contents.value,
    /\*\*Waypoint\*\*: \[common-infrastructure\/egress-gateway\]\(file:.*waypoint\.yaml#L\d+\)/,
  );
});

test('both are switched off by settings, and on again, without a restart', async () => {
  await configure({ codeLens: { enabled: false }, inlayHints: { enabled: true } });
  assert.deepEqual([(await lenses(entry)).length, (await hints(entry)).length], [0, 1]);
  await configure({ codeLens: { enabled: true }, inlayHints: { enabled: false } });
  assert.deepEqual([(await lenses(entry)).length, (await hints(entry)).length], [1, 0]);
  await configure({ codeLens: 'nonsense', inlayHints: null });
  assert.deepEqual([(await lenses(entry)).length, (await hints(entry)).length], [1, 1]);
});

test('a lens of another time or of no one is answered without a word', async () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  for (const data of [
    undefined,
    null,
    7,
    { uri: entry },
    { uri: 'file:///gone.yaml', kind: 'ServiceEntry', namespace: 'x', name: 'y' },
    { uri: entry, kind: 'ServiceEntry', namespace: 'x', name: 'y' },
  ])
    assert.equal((await resolve({ range, data })).command?.title, '');
});

test('a place in a ServiceEntry suggests its URL, any place the clients that files show', async () => {
  const at = (uri: string, line: number) =>
    client.connection.sendRequest('istioEgress/requestAt', { uri, position: { line, character: 0 } });
  assert.deepEqual(
    await at(
      entry,
      read('service-entry.yaml')
        .split('\n')
        .findIndex((line) => line.includes('hosts:')),
    ),
    { url: 'http://httpbin.org/', clients: ['default/curl'] },
  );
  assert.deepEqual(await at(uriOf('waypoint.yaml'), 3), { url: null, clients: ['default/curl'] });
  assert.deepEqual(await at('file:///nowhere.yaml', 0), { url: null, clients: [] });
});
