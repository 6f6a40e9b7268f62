// A file of expectations in an editor: mistakes at their places, completion and hover of the built server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletionItem, CompletionList, Hover } from 'vscode-languageserver-types';
import { serverOnStory } from '../kit/story-folder.ts';

const { client, uriOf } = await serverOnStory('expectations');
const uri = uriOf('new.egress-test.yaml');

test('mistakes are diagnostics at their places, and disappear when they are fixed', async () => {
  await client.open(
    uri,
    '- from: default/curl\n  request: httpbin.org\n  expcet: allowed\n- from: default/curl\n  request: http://httpbin.org/\n  expect: maybe\n',
  );
  const wrong = await client.publishedFor(uri, 1);
  assert.deepEqual(
    wrong
      .map(({ range: { start, end }, severity, source }) => [
        start.line,
        start.character,
        end.character,
        severity,
        source,
      ])
      .sort(([a = 0], [b = 0]) => Number(a) - Number(b)),
    [
      [0, 2, 6, 1, 'istio-egress'],
      [2, 2, 8, 1, 'istio-egress'],
      [5, 10, 15, 1, 'istio-egress'],
    ],
  );
  await client.change(uri, 2, [{ text: '- from: default/curl\n  request: httpbin.org\n  expect: allowed\n' }]);
  assert.deepEqual(
    (await client.publishedFor(uri, 2)).map(({ range, message }) => [range.start, message]),
    [[{ line: 1, character: 11 }, 'httpbin.org is not a valid URL, such as http://httpbin.org/get']],
  );
  await client.change(uri, 3, [{ text: '- from: default/curl\n  request: http://httpbin.org/get\n  expect: \n' }]);
  await client.publishedFor(uri, 3);
  await client.change(uri, 4, [
    { text: '- from: default/curl\n  request: http://httpbin.org/get\n  expect: denied\n' },
  ]);
  assert.deepEqual(await client.publishedFor(uri, 4), []);
});

test('values are completed from the files; hover says what the request does', async () => {
  const complete = (line: number, character: number): Promise<CompletionItem[]> =>
    client.connection.sendRequest('textDocument/completion', { textDocument: { uri }, position: { line, character } });
  const expect = await complete(2, 12);
  assert.deepEqual(
    expect.map(({ label, textEdit }) => [label, textEdit && 'range' in textEdit ? textEdit.range : undefined])[0],
    ['allowed', { start: { line: 2, character: 10 }, end: { line: 2, character: 16 } }],
  );
  assert.ok((await complete(0, 8)).some(({ label }) => label === 'default/curl'));
  const [fresh] = await complete(3, 0);
  assert.deepEqual([fresh?.label, fresh?.insertTextFormat], ['case', undefined]);
  const hover = await client.connection.sendRequest<Hover>('textDocument/hover', {
    textDocument: { uri },
    position: { line: 2, character: 11 },
  });
  assert.match(JSON.stringify(hover.contents), /With these manifests the request is allowed/);
});

test('a manifest gets no completion of expectations files', async () => {
  const { items } = await client.connection.sendRequest<CompletionList>('textDocument/completion', {
    textDocument: { uri: uriOf('service-entry.yaml') },
    position: { line: 0, character: 0 },
  });
  assert.ok(!items.some(({ label }) => label === 'case' || label === 'expect'));
});
