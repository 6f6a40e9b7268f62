// The built server over stdio, as any editor starts it.
import assert from 'node:assert/strict';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { serverOnStory } from '../kit/story-folder.ts';

const { dir, story, client, uriOf, read } = await serverOnStory('lsp', { rulePageBase: 'rules:/' });

/** Replaces the first `old` in version 1 of a text, as one incremental change. */
function replacing(text: string, old: string, by: string) {
  const at = text.indexOf(old);
  assert.ok(at >= 0, `no ${old}`);
  const before = text.slice(0, at).split('\n');
  const start = { line: before.length - 1, character: before.at(-1)!.length };
  return { range: { start, end: { line: start.line, character: start.character + old.length } }, text: by };
}

test('the story is clean', () => {
  assert.deepEqual(
    client.published.filter(({ diagnostics }) => diagnostics.length > 0),
    [],
  );
});

test('typing in one file is answered with its version, and tells in a closed file what it broke there', async () => {
  const rule = uriOf('destination-rule.yaml');
  const entry = uriOf('service-entry.yaml');
  const text = read('destination-rule.yaml');
  await client.open(rule, text);
  assert.deepEqual(await client.publishedFor(rule, 1), []);
  await client.change(rule, 2, [replacing(text, 'mode: SIMPLE', 'mode: DISABLE')]);
  await client.publishedFor(rule, 2);
  const [finding] = await client.until(
    'the closed file is told',
    () => client.diagnostics(entry).length > 0 && client.diagnostics(entry),
  );
  assert.equal(finding?.code, 'plaintext-to-tls-port');
  assert.equal(finding.source, 'istio-egress');
  assert.equal(finding.codeDescription?.href, 'rules:/plaintext-to-tls-port.md');
  assert.ok(finding.relatedInformation?.some(({ location }) => location.uri === rule));
  await client.change(rule, 3, [
    replacing(text.replace('mode: SIMPLE', 'mode: DISABLE'), 'mode: DISABLE', 'mode: SIMPLE'),
  ]);
  assert.deepEqual(await client.publishedFor(rule, 3), []);
  await client.until('the closed file is clean again', () => client.diagnostics(entry).length === 0);
  await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri: rule } });
});

test('a finding has its fixes, the first preferred, and an edit that names the version', async () => {
  const uri = uriOf('service-entry.yaml');
  const text = read('service-entry.yaml')
    .replace('resolution: DNS', 'resolution: DNSS')
    .replace('istio.io/v1\n', 'istio.io/v1beta1\n');
  await client.open(uri, text, 7);
  const finding = (await client.publishedFor(uri, 7)).find(({ code }) => code === 'invalid-value');
  assert.ok(finding);
  const actions = await client.codeActions(uri, finding.range);
  assert.deepEqual(
    actions.map(({ isPreferred }) => isPreferred),
    [true, ...actions.slice(1).map(() => false)],
  );
  const [change] = actions[0]!.edit!.documentChanges!;
  assert.ok(change && 'edits' in change && change.textDocument.version === 7);
  assert.deepEqual(
    change.edits.map((edit) => 'newText' in edit && edit.newText.trim()),
    ['DNS'],
  );
  const [all] = await client.codeActions(uri, finding.range, ['source.fixAll.istioEgress']);
  assert.equal(all?.kind, 'source.fixAll.istioEgress');
  const [safe] = all.edit!.documentChanges!;
  assert.ok(safe && 'edits' in safe);
  assert.deepEqual(
    safe.edits.map((edit) => 'newText' in edit && edit.newText.trim()),
    ['networking.istio.io/v1'],
    'only what is safe',
  );
  await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  await client.until('the file on disk counts again', () => client.diagnostics(uri).length === 0);
});

test('what makes or changes another file is shown before it is done; a finding can be ignored with a reason', async () => {
  const uri = uriOf('namespace.yaml');
  await client.open(uri, read('namespace.yaml').replace('use-waypoint: egress-gateway', 'use-waypoint: egress'), 3);
  const finding = (await client.publishedFor(uri, 3)).find(({ code }) => code === 'unknown-waypoint');
  assert.ok(finding);
  const actions = await client.codeActions(uri, finding.range);
  const creating = actions.find(({ title }) => title.startsWith('Create waypoint'))?.edit;
  assert.deepEqual(Object.values(creating?.changeAnnotations ?? {}), [
    {
      label: 'Create waypoint common-infrastructure/egress',
      needsConfirmation: true,
      description: 'egress.yaml (new)',
    },
  ]);
  assert.ok(
    creating?.documentChanges?.every((change) =>
      ('edits' in change ? change.edits : [change]).every((edit) => 'annotationId' in edit),
    ),
  );
  assert.equal(actions[0]?.edit?.changeAnnotations, undefined, 'what stays in the file is done at once');
  const ignoring = actions.at(-1);
  assert.deepEqual([ignoring?.title, ignoring?.isPreferred], ['Ignore unknown-waypoint here', false]);
  const [change] = ignoring?.edit?.documentChanges ?? [];
  assert.ok(change && 'edits' in change);
  assert.deepEqual(
    change.edits.map((edit) => 'newText' in edit && edit.newText),
    ['    # istio-egress-ignore unknown-waypoint: say why\n'],
  );
  await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  await client.until('the file on disk counts again', () => client.diagnostics(uri).length === 0);
});

test("hover documents the field, and a finding brings its rule's page", async () => {
  const uri = uriOf('service-entry.yaml');
  const lines = read('service-entry.yaml').split('\n');
  const line = lines.findIndex((one) => one.includes('resolution:'));
  const hover = await client.connection.sendRequest<{ contents: { value: string } }>('textDocument/hover', {
    textDocument: { uri },
    position: { line, character: 4 },
  });
  assert.match(hover.contents.value, /\*\*resolution\*\*/);
  assert.match(hover.contents.value, /`DNS`/);
});

test('a file that something else writes is read again', async () => {
  const uri = uriOf('waypoint.yaml');
  const text = read('waypoint.yaml');
  writeFileSync(join(story, 'waypoint.yaml'), text.replace('port: 15008', 'port: 15009'));
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
  await client.until('the change is seen', () => client.codes(uri).includes('waypoint-listener-invalid'));
  writeFileSync(join(story, 'waypoint.yaml'), text);
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
  await client.until('and its undoing', () => client.diagnostics(uri).length === 0);
});

test('settings count without a restart', async () => {
  const uri = uriOf('telemetry.yaml');
  const text = read('telemetry.yaml').replace('accessLogging', 'accessLoging');
  await client.open(uri, text);
  assert.deepEqual(
    (await client.publishedFor(uri, 1)).map(({ code, severity }) => [code, severity]),
    [['unknown-field', 1]],
  );
  client.settings = { severities: { 'unknown-field': 'information' } };
  await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: {} });
  await client.until('the severity is the new one', () => client.diagnostics(uri)[0]?.severity === 3);
  client.settings = { severities: { 'unknown-field': 'off' } };
  await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: {} });
  await client.until('the rule is silent', () => client.diagnostics(uri).length === 0);
  client.settings = {};
  await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: {} });
  await client.until('the default is back', () => client.codes(uri).includes('unknown-field'));
  await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
});

test('symbols are the resources with their hosts and ports', async () => {
  const symbols = await client.connection.sendRequest<{ name: string; children: { name: string }[] }[]>(
    'textDocument/documentSymbol',
    { textDocument: { uri: uriOf('service-entry.yaml') } },
  );
  assert.equal(symbols.length, 1);
  assert.match(symbols[0]!.name, /^ServiceEntry common-infrastructure\//);
  assert.deepEqual(
    symbols[0]!.children.map(({ name }) => name),
    ['httpbin.org', '80 HTTP'],
  );
});

test('two folders do not know each other, and a folder can come later', async () => {
  const other = join(dir, 'other');
  cpSync(story, other, { recursive: true });
  const folder = pathToFileURL(other).href;
  await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
    event: { added: [{ uri: folder, name: 'other' }], removed: [] },
  });
  const uri = pathToFileURL(join(other, 'waypoint.yaml')).href;
  rmSync(join(other, 'waypoint.yaml'));
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 3 }] });
  await client.until('the other folder lost its waypoint', () =>
    client.codes(pathToFileURL(join(other, 'namespace.yaml')).href).includes('unknown-waypoint'),
  );
  assert.deepEqual(client.codes(uriOf('namespace.yaml')), []);
  await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
    event: { added: [], removed: [{ uri: folder, name: 'other' }] },
  });
  await client.until(
    'its diagnostics leave with it',
    () => client.diagnostics(pathToFileURL(join(other, 'namespace.yaml')).href).length === 0,
  );
});

test('what no editor should send does not take the server down', async () => {
  for (const [method, params] of [
    ['textDocument/hover', { textDocument: { uri: 'file:///nowhere.yaml' }, position: { line: 99999, character: -3 } }],
    [
      'textDocument/codeAction',
      {
        textDocument: { uri: uriOf('waypoint.yaml') },
        range: { start: { line: 9999, character: 0 }, end: { line: 0, character: 0 } },
        context: { diagnostics: [] },
      },
    ],
    ['textDocument/documentSymbol', { textDocument: { uri: 'nonsense' } }],
  ] as const)
    await client.connection.sendRequest(method, params).catch((error: unknown) => error);
  const uri = 'untitled:half.yaml';
  await client.open(uri, 'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nspec:\n  hosts: [a\n  \tports: {');
  assert.ok((await client.publishedFor(uri, 1)).length > 0);
  const answer = await client.connection.sendRequest<{ files: number; resources: number }>(
    'istioEgress/checkWorkspace',
  );
  assert.ok(answer.files >= 7 && answer.resources >= 9, JSON.stringify(answer));
});
