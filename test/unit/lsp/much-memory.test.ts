// A server whose memory passes 1 GiB says so in the log, also while work goes on that was told to take long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Used } from '../../../server/src/base/long-run.ts';
import { createGuard } from '../../../server/src/lsp/guard.ts';

const guardOf = (warnings: string[], used: () => Used) =>
  createGuard({
    log: { error: assert.fail, warn: (text) => void warnings.push(text) },
    notify: assert.fail,
    used,
  });

test('1 GiB of memory is told once, beside what was told for its time', () => {
  const warnings: string[] = [];
  let used: Used = { seconds: 0, gigabytes: 0.1 };
  const guard = guardOf(warnings, () => used);
  const check = guard.watch();
  const steps = (count: number) => {
    for (let i = 0; i < count; i++) check.step('checking file:///w');
  };
  steps(1000);
  used = { seconds: 12, gigabytes: 0.6 };
  steps(1000);
  used = { seconds: 20, gigabytes: 1.1 };
  steps(1000);
  used = { seconds: 60, gigabytes: 1.4 };
  steps(1000);
  check.end();
  const more = guard.watch();
  more.step('checking file:///w');
  more.end();
  const advice = 'Files that need not be checked can be listed under "ignore" in .istio-egress.yaml.';
  assert.deepEqual(warnings, [
    `checking file:///w goes on after 12 s of processor time, and the language server holds 0.6 GiB of memory. ${advice}`,
    `checking file:///w goes on after 20 s of processor time, and the language server holds 1.1 GiB of memory. ${advice}`,
  ]);
});

test('both at once are one line', () => {
  const warnings: string[] = [];
  let used: Used = { seconds: 0, gigabytes: 0.1 };
  const guard = guardOf(warnings, () => used);
  guard.run('checking file:///w/a.yaml', () => {
    used = { seconds: 12, gigabytes: 1.2 };
  });
  assert.equal(warnings.length, 1);
});
