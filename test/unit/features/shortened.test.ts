// Answers to agents that are too long: what is kept of each list, and what is said of the rest.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RoomForItems, shortened } from '../../../server/src/features/agent-tools/shortened.ts';

const most = 400_000;
const items = (count: number) => Array.from({ length: count }, (_, at) => ({ text: `${at}`.padStart(90) }));

function cut(answer: object, counts?: Readonly<Record<string, number>>) {
  const text = shortened(`${JSON.stringify(answer)}\n`, counts);
  assert.ok(text.length < most + 1000, `${text.length} characters`);
  return JSON.parse(text) as {
    readonly findings: readonly unknown[];
    readonly skipped: readonly unknown[];
    readonly omitted?: number;
    readonly note?: string;
  };
}

test('a short answer, and a text that is not JSON, stay as they are', () => {
  const short = { findings: items(10), skipped: [] };
  assert.deepEqual(cut(short, { findings: 10 }), short);
  assert.equal(shortened('a'.repeat(2 * most)).length, 2 * most);
});

test('of one long list beside a short one the first items are kept', () => {
  const { findings, skipped, omitted, note } = cut({ findings: items(9000), skipped: items(10) });
  assert.equal(skipped.length, 10);
  assert.ok(findings.length > 3500);
  assert.equal(omitted, 9000 - findings.length);
  assert.equal(
    note,
    `${omitted} of 9000 findings are omitted: the answer is too long. Ask for one rule, or for fewer files.`,
  );
});

test('two long lists are both cut, and it is said of both', () => {
  const { findings, skipped, omitted, note } = cut({ findings: items(9000), skipped: items(8000) });
  assert.ok(findings.length > 1500 && skipped.length > 1500);
  assert.equal(omitted, 9000 - findings.length + 8000 - skipped.length);
  assert.match(note ?? '', / of 9000 findings are omitted: .* of 8000 skipped are omitted: the answer is too long\.$/);
});

test('items for which there is no room are counted, and not made', () => {
  let made = 0;
  const room = new RoomForItems((one: object) => one);
  const all = items(9000);
  for (const one of all)
    room.add(() => {
      made++;
      return one;
    });
  assert.equal(room.count, 9000);
  assert.ok(made < 4500 && room.items.length === made, `${made}`);
  const { findings, omitted } = cut({ findings: room.items, skipped: [] }, { findings: room.count });
  assert.equal(omitted, 9000 - findings.length);
});
