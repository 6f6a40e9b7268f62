// Progress of long work: only after a while, ended with the work, and never in its way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withProgress } from '../../../server/src/lsp/long-reading.ts';

function client() {
  const events: string[] = [];
  const progress = {
    begin: (title: string) => void events.push(`begin ${title}`),
    done: () => void events.push('done'),
  };
  return { events, create: () => Promise.resolve(progress) };
}

const later = (ms: number) => new Promise<string>((resolve) => setTimeout(() => resolve('read'), ms));
const failed = (error: unknown) => assert.fail(String(error));

test('what is over soon shows nothing', async () => {
  const { events, create } = client();
  assert.equal(await withProgress(later(1), { create, title: 'reading', afterMs: 200, failed }), 'read');
  await later(220);
  assert.deepEqual(events, []);
});

test('what takes longer shows its title until it is over, also where it fails', async () => {
  const { events, create } = client();
  assert.equal(await withProgress(later(80), { create, title: 'reading', afterMs: 5, failed }), 'read');
  assert.deepEqual(events, ['begin reading', 'done']);
  const broken = later(80).then(() => Promise.reject(new Error('gone')));
  await assert.rejects(withProgress(broken, { create, title: 'reading', afterMs: 5, failed }), /gone/);
  assert.deepEqual(events.slice(2), ['begin reading', 'done']);
});

test('a client that refuses, answers late or shows no progress does not hold the work', async () => {
  const told: string[] = [];
  const refusing = () => Promise.reject(new Error('refused'));
  const note = (error: unknown) => void told.push(String(error));
  assert.equal(await withProgress(later(50), { create: refusing, title: 'reading', afterMs: 5, failed: note }), 'read');
  assert.deepEqual(told, ['Error: refused']);
  const { events, create } = client();
  const slow = () => later(60).then(create);
  assert.equal(await withProgress(later(30), { create: slow, title: 'reading', afterMs: 5, failed }), 'read');
  await later(70);
  assert.deepEqual(events, []);
  assert.equal(await withProgress(later(1), { create: undefined, title: 'reading', afterMs: 0, failed }), 'read');
});
