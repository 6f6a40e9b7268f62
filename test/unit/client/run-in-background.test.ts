import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInBackground } from '../../../client/src/run-in-background.ts';
import { createGuard } from '../../../server/src/lsp/guard.ts';

const settled = () => new Promise((resume) => setImmediate(resume));

test('work that nobody waits for: a failure is in the output, with its name', async () => {
  const errors: string[] = [];
  const output = { error: (message: unknown) => errors.push(String(message)) };
  runInBackground(output, 'reading', Promise.resolve(1));
  runInBackground(output, 'reading', Promise.reject(new Error('gone')));
  runInBackground(output, 'asking', Promise.reject('left'));
  await settled();
  assert.match(errors[0]!, /^reading: Error: gone\n/);
  assert.deepEqual(errors.slice(1), ['asking: left']);
});

test('the same in the server, where the person is told once', async () => {
  const errors: string[] = [];
  const told: string[] = [];
  const guard = createGuard({
    log: { error: (message) => errors.push(message), warn: assert.fail },
    notify: (message) => told.push(message),
  });
  guard.background('rendering', Promise.reject(new Error('gone')));
  guard.background('reading', Promise.reject(new Error('gone')));
  await settled();
  assert.deepEqual(
    errors.map((text) => text.split('\n')[0]),
    ['rendering: Error: gone', 'reading: Error: gone'],
  );
  assert.equal(told.length, 1);
});
