// Refactorings as code actions: offered without edits and completed when they are chosen, or at once for other editors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodeAction } from 'vscode-languageserver';
import { serverOnStory } from '../kit/story-folder.ts';

const title = 'Pass TLS through to port 443 instead of originating it for port 80';
const only = ['refactor'];
const lazy = await serverOnStory('refactor-lazy', { resolves: true });
const plain = await serverOnStory('refactor-plain', { plain: true });
const start = { line: 1, character: 0 };
const range = { start, end: start };

test('an action is offered without its edit; chosen, it shows what changes before it is applied', async () => {
  const uri = lazy.uriOf('service-entry.yaml');
  const offered = (await lazy.client.codeActions(uri, range)).find((action) => action.title === title);
  assert.ok(offered);
  assert.equal(offered.edit, undefined);
  assert.equal(offered.kind, 'refactor.rewrite');
  const chosen = await lazy.client.connection.sendRequest<CodeAction>('codeAction/resolve', offered);
  const annotations = Object.values(chosen.edit?.changeAnnotations ?? {});
  assert.equal(annotations.length, 1);
  assert.equal(annotations[0]!.needsConfirmation, true);
  assert.match(
    annotations[0]!.description ?? '',
    /^Changes \d+ of \d+ known requests: .+httpbin\.org.+ -> .+Files: .+$/,
  );
  for (const change of chosen.edit?.documentChanges ?? [])
    for (const edit of 'edits' in change ? change.edits : [change]) assert.ok('annotationId' in edit);
});

test('an action that cannot be done any more is refused with the reason; one of others comes back as it is', async () => {
  const data = { textDocument: { uri: lazy.uriOf('service-entry.yaml') }, range };
  const gone = { title: 'Something else', kind: 'refactor.rewrite', data };
  await assert.rejects(lazy.client.connection.sendRequest('codeAction/resolve', gone), /cannot be done here/);
  const other = { title: 'Fix', kind: 'quickfix', edit: {} };
  assert.deepEqual(await lazy.client.connection.sendRequest('codeAction/resolve', other), other);
});

test('an editor that shows no edit first reads the difference in the title, and only when it asks', async () => {
  const uri = plain.uriOf('service-entry.yaml');
  assert.deepEqual(
    (await plain.client.codeActions(uri, range)).map(({ kind }) => kind),
    [],
  );
  const [action] = await plain.client.codeActions(uri, range, only);
  assert.ok(action);
  assert.ok(action.title.startsWith(`${title} (Changes `), action.title);
  assert.ok((action.edit?.documentChanges?.length ?? 0) > 0);
});
