import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Used } from '../../../server/src/base/long-run.ts';
import { longRunNote } from '../../../server/src/host/node/long-run-note.ts';

function told(steps: number, used: Used, doing = (_: number) => 'checking'): readonly string[] {
  const texts: string[] = [];
  const note = longRunNote(
    (text) => texts.push(text),
    () => used,
  );
  for (let i = 0; i < steps; i++) note.step(doing(i));
  note.end();
  return texts;
}

test('a run of more than 10 s of processor time, or with more than 1 GiB, says so once', () => {
  assert.deepEqual(told(10_000, { seconds: 12.4, gigabytes: 0.2 }), [
    'istio-egress: still checking; used so far: 12 s of processor time and 0.2 GiB of memory: name fewer folders or files for a shorter run\n',
  ]);
  assert.equal(told(10_000, { seconds: 2, gigabytes: 1.5 }).length, 1);
});

test('a single step that took long is told when another kind of step follows, or at the end', () => {
  const texts: string[] = [];
  let seconds = 1;
  const note = longRunNote(
    (text) => texts.push(text),
    () => ({ seconds, gigabytes: 0.1 }),
  );
  note.step('reading files');
  seconds = 11;
  note.step('reading files');
  assert.deepEqual(texts, []);
  note.end();
  assert.deepEqual(texts, [
    'istio-egress: used: 11 s of processor time and 0.1 GiB of memory: name fewer folders or files for a shorter run\n',
  ]);
  assert.equal(told(2, { seconds: 11, gigabytes: 0.1 }, (i) => `step ${i}`).length, 1);
});

test('a shorter run says nothing, and neither does a command that reads no files', () => {
  assert.deepEqual(told(10_000, { seconds: 9.9, gigabytes: 0.9 }), []);
  assert.deepEqual(told(0, { seconds: 99, gigabytes: 9 }), []);
});

test('steps that each take long are told without waiting for many of them', () => {
  let [milliseconds, looks] = [0, 0];
  const texts: string[] = [];
  const note = longRunNote(
    (text) => texts.push(text),
    () => {
      looks++;
      return { seconds: milliseconds / 1000, gigabytes: 0.1 };
    },
    () => milliseconds,
  );
  for (; milliseconds <= 10_000; milliseconds += 100) note.step('checking');
  assert.deepEqual(texts, []);
  for (; milliseconds <= 10_500; milliseconds += 100) note.step('checking');
  assert.equal(texts.length, 1);
  assert.ok(looks < 50, `${looks} looks`);
});
