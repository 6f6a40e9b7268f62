// What an editor asks on the way through manifests, over stdio: completion, definitions, rename, symbols, and diagnostics that it pulls.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
  CompletionItem,
  CompletionList,
  Diagnostic,
  Location,
  WorkspaceEdit,
} from 'vscode-languageserver-types';
import { serverOnStory } from '../kit/story-folder.ts';

const { client, uriOf, read } = await serverOnStory('navigation', { pulls: true });
const entry = uriOf('service-entry.yaml');
const rule = uriOf('destination-rule.yaml');
const expectations = uriOf('story.egress-test.yaml');

function positionIn(text: string, before: string) {
  const lines = text.slice(0, text.indexOf(before) + before.length).split('\n');
  return { line: lines.length - 1, character: lines.at(-1)!.length };
}
const atHost = { textDocument: { uri: rule }, position: positionIn(read('destination-rule.yaml'), 'host: httpb') };
const ask = <T>(method: string, params: object): Promise<T> => client.connection.sendRequest(method, params);

test('a definition leads into the file that declares the host', async () => {
  const [found] = await ask<Location[]>('textDocument/definition', atHost);
  assert.equal(found?.uri, entry);
});

test('a type definition leads to the entry of the host', async () => {
  const [found] = await ask<Location[]>('textDocument/typeDefinition', atHost);
  assert.equal(found?.uri, entry);
});

test('references and highlights', async () => {
  const all = await ask<Location[]>('textDocument/references', { ...atHost, context: { includeDeclaration: true } });
  const named = await ask<Location[]>('textDocument/references', { ...atHost, context: { includeDeclaration: false } });
  assert.deepEqual(new Set(all.map(({ uri }) => uri)), new Set([entry, rule, expectations]));
  assert.deepEqual(new Set(named.map(({ uri }) => uri)), new Set([rule, expectations]));
  assert.equal((await ask<unknown[]>('textDocument/documentHighlight', atHost)).length, 1);
});

test('a rename changes every file, and one that leads nowhere is refused with the reason', async () => {
  const prepared = await ask<{ placeholder: string }>('textDocument/prepareRename', atHost);
  assert.equal(prepared.placeholder, 'httpbin.org');
  const edit = await ask<WorkspaceEdit>('textDocument/rename', { ...atHost, newName: 'api.example.com' });
  assert.equal(edit.documentChanges?.length, 3);
  await assert.rejects(ask('textDocument/rename', { ...atHost, newName: 'not a host' }), /not valid as a host/);
});

test('a call hierarchy leads from a host to its callers, and from a caller to its hosts', async () => {
  const [host] = await ask<CallHierarchyItem[]>('textDocument/prepareCallHierarchy', atHost);
  assert.deepEqual([host?.name, host?.uri], ['httpbin.org', entry]);
  const incoming = await ask<CallHierarchyIncomingCall[]>('callHierarchy/incomingCalls', { item: host });
  assert.deepEqual(
    incoming.map(({ from }) => [from.name, from.detail, from.uri]),
    [['default/curl', 'port 80: GET', uriOf('client.yaml')]],
  );
  const outgoing = await ask<CallHierarchyOutgoingCall[]>('callHierarchy/outgoingCalls', { item: incoming[0]!.from });
  assert.deepEqual(
    outgoing.map(({ to }) => [to.name, to.detail]),
    [['httpbin.org', 'port 80: GET']],
  );
  await assert.rejects(ask('callHierarchy/outgoingCalls', { item: { ...host, data: 1 } }), /`item.data` must be/);
});

test('completion offers hosts of the mesh', async () => {
  const { items } = await ask<CompletionList>('textDocument/completion', atHost);
  assert.ok(items.some(({ label }) => label === 'httpbin.org'));
});

test('an item gets its documentation when it is selected, and keeps what it has', async () => {
  const position = positionIn(read('destination-rule.yaml'), '  tls:\n      mo');
  const { items } = await ask<CompletionList>('textDocument/completion', { textDocument: { uri: rule }, position });
  const item = items.find(({ label }) => label === 'mode')!;
  assert.equal(item.documentation, undefined);
  const resolved = await ask<CompletionItem>('completionItem/resolve', item);
  assert.match(JSON.stringify(resolved.documentation), /destination-rule\/#DestinationRule/);
  assert.deepEqual({ ...resolved, documentation: undefined }, { ...item, documentation: undefined });
});

test('symbols, folds, selections, links and tokens are answered', async () => {
  const symbols = await ask<{ name: string }[]>('workspace/symbol', { query: 'httpbin' });
  assert.ok(symbols.some(({ name }) => name === 'ServiceEntry/common-infrastructure/httpbin'));
  const document = { textDocument: { uri: entry } };
  assert.ok((await ask<unknown[]>('textDocument/foldingRange', document)).length > 3);
  const positions = [atHost.position];
  assert.equal((await ask<unknown[]>('textDocument/selectionRange', { ...document, positions })).length, 1);
  assert.deepEqual(await ask('textDocument/documentLink', document), []);
  assert.ok((await ask<{ data: number[] }>('textDocument/semanticTokens/full', document)).data.length > 10);
});

test('diagnostics are pulled: of the document, of the workspace, and again when they may be others', async () => {
  const pull = (previousResultId?: string) =>
    ask<{ kind: string; resultId: string; items: Diagnostic[] }>('textDocument/diagnostic', {
      textDocument: { uri: entry },
      ...(previousResultId === undefined ? {} : { previousResultId }),
    });
  await client.open(entry, read('service-entry.yaml').replace('resolution: DNS', 'resolution: DMS'));
  const first = await pull();
  assert.deepEqual(
    first.items.map(({ code }) => code),
    ['invalid-value'],
  );
  assert.equal((await pull(first.resultId)).kind, 'unchanged');
  const { items } = await ask<{ items: { uri: string; kind: string }[] }>('workspace/diagnostic', {
    previousResultIds: [],
  });
  assert.ok(items.some(({ uri, kind }) => uri === entry && kind === 'full'));
  await client.until('the client is told to ask again', () => client.diagnosticRefreshes > 0);
  assert.deepEqual(client.published, [], 'nothing is pushed beside');
});
