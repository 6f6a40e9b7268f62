import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longRunNote, type Used } from '../../../server/src/host/node/long-run-note.ts';

function told(steps: number, used: Used): readonly string[] {
  const texts: string[] = [];
  const step = longRunNote(
    (text) => texts.push(text),
    () => used,
  );
  for (let i = 0; i < steps; i++) step();
  return texts;
}

test('a run of more than 10 s of processor time, or with more than 1 GiB, says so once', () => {
  assert.deepEqual(told(10_000, { seconds: 12.4, gigabytes: 0.2 }), [
    'istio-egress: still checking, after 12 s of processor time and with 0.2 GiB of memory: name fewer folders or files for a shorter run\n',
  ]);
  assert.equal(told(10_000, { seconds: 2, gigabytes: 1.5 }).length, 1);
});

test('a shorter run says nothing', () => {
  assert.deepEqual(told(10_000, { seconds: 9.9, gigabytes: 0.9 }), []);
});
