// Long work waits for the findings of an edit, and goes on where someone never stops to type.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WaitingEdits } from '../../../server/src/lsp/waiting-edits.ts';

test('edits in a row are checked once, and a pause ends after that', async () => {
  const happened: string[] = [];
  const edits = new WaitingEdits<string>((first) =>
    happened.push(`checked ${[...edits.take().keys()].join(' ')}, ${first} first`),
  );
  let isTyped = false;
  await edits.pause(async () => {
    for (const uri of isTyped ? [] : ['a', 'b', 'a']) edits.add(uri, 'folder');
    isTyped = true;
  });
  happened.push('next slice');
  assert.deepEqual(happened, ['checked a b, a first', 'next slice']);
  assert.ok(!edits.has('a'));
});

test('what a question took before is not checked again', async () => {
  let checks = 0;
  const edits = new WaitingEdits<string>(() => checks++);
  edits.add('a', 'folder');
  assert.deepEqual([...edits.take()], [['a', 'folder']]);
  await edits.pause(() => Promise.resolve());
  assert.equal(checks, 0);
});

test('a pause waits for one check, although each lets another edit through', async () => {
  let checks = 0;
  const edits = new WaitingEdits<string>(() => {
    edits.take();
    checks++;
  });
  const key = async () => edits.add('a', 'folder');
  for (let slice = 1; slice <= 3; slice++) {
    await edits.pause(key);
    assert.equal(checks, slice);
  }
});
