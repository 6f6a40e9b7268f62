// Facts that one reader alone asked for are let go; the reader rests on the same keys of resources.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countMembers } from '../../../server/src/base/members.ts';
import { keysIn, KnownKeys, type Fact } from '../../../server/src/mesh/index/fact.ts';
import { withoutSoleFacts } from '../../../server/src/mesh/index/sole-facts.ts';
import { factOf } from '../../kit/fact.ts';

function start() {
  const known = new KnownKeys();
  const fact = (key: string, keys: readonly string[]): Fact => {
    const made = known.add(known.of(key), factOf);
    known.rest(
      made,
      keys.map((one) => known.of(one)),
    );
    return made;
  };
  const subjects = new Map<number, readonly string[]>();
  const run = (subject: number, keys: readonly string[]) => {
    const work = known.replacing(
      'subjects',
      subject,
      [],
      keys.map((one) => known.of(one)),
    );
    while (!work.next().done);
    subjects.set(subject, keys);
  };
  const letGo = (subject: number, seen = new Set<Fact>()) =>
    withoutSoleFacts(
      known,
      subject,
      subjects.get(subject)!.map((one) => known.of(one)),
      seen,
    )?.map(({ key }) => key);
  return { known, fact, run, letGo };
}

test('a subject rests on what its own facts rested on, and on facts that others share', () => {
  const { known, fact, run, letGo } = start();
  fact('?shared', ['host=x']);
  fact('?inner', ['host=x', 'vs=x']);
  fact('?outer', ['?inner', '?shared']);
  run(1, ['?outer', 'dr=x']);
  run(2, ['?shared']);
  assert.deepEqual(letGo(1), ['dr=x', '?shared', 'host=x', 'vs=x']);
  assert.deepEqual(
    [...known.facts()].map(({ own }) => own.key),
    ['?shared'],
  );
  assert.equal(known.find('?outer'), undefined);
  assert.equal(known.find('?inner'), undefined);
  assert.deepEqual(known.find('host=x')!.subjects, 1);
  assert.deepEqual(
    [...known.readersOf('host=x')].map(({ own }) => own.key),
    ['?shared'],
  );
  assert.equal(letGo(2), undefined, 'another subject asks for it too');
});

test('a fact that many share rests on what its own facts rested on', () => {
  const { known, fact, run, letGo } = start();
  fact('?inner', ['host=x']);
  const shared = fact('?shared', ['?inner', 'vs=x']);
  run(1, ['?shared']);
  run(2, ['?shared']);
  assert.equal(letGo(1), undefined);
  assert.deepEqual(
    keysIn(shared.behind).map(({ key }) => key),
    ['vs=x', 'host=x'],
  );
  assert.equal(known.size, 1);
});

test('what many rest on wakes no more subjects than before', () => {
  const { known, fact, run, letGo } = start();
  for (let i = 0; i < 100; i++) {
    fact(`?of ${i}`, ['Sidecar@']);
    run(i, [`?of ${i}`]);
  }
  for (let i = 0; i < 100; i++) letGo(i);
  assert.ok(countMembers(known.find('Sidecar@')!.subjects) <= 3);
  assert.ok(known.size >= 30, `${known.size} facts`);
});

test('a fact that rests on many keys is kept', () => {
  const { known, fact, run, letGo } = start();
  fact(
    '?wide',
    Array.from({ length: 100 }, (_, i) => `host=${i}`),
  );
  run(1, ['?wide']);
  assert.equal(letGo(1), undefined);
  assert.equal(known.size, 1);
});

test('a fact that many share is looked at once for all of them', () => {
  const { known, fact, run, letGo } = start();
  fact('?inner', ['host=x']);
  const shared = fact('?shared', ['?inner']);
  for (const subject of [1, 2]) run(subject, ['?shared']);
  const seen = new Set<Fact>();
  letGo(1, seen);
  assert.deepEqual([...seen], [shared]);
  fact('?later', ['host=y']);
  known.rest(shared, [known.of('?later')]);
  letGo(2, seen);
  assert.deepEqual(
    keysIn(shared.behind).map(({ key }) => key),
    ['?later'],
  );
  letGo(2);
  assert.deepEqual(
    keysIn(shared.behind).map(({ key }) => key),
    ['host=y'],
  );
});
