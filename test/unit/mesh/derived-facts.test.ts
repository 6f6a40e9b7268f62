// Facts that are worked out once, and again only after an edit of what they rest on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sameValue } from '../../../server/src/base/same-value.ts';
import { keysBehind, type KnownKey } from '../../../server/src/mesh/index/fact.ts';
import { MeshIndex } from '../../../server/src/mesh/index/index-builder.ts';
import { NotReady } from '../../../server/src/mesh/index/working-out.ts';
import type { Mesh } from '../../../server/src/mesh/mesh.ts';
import { defaultMeshSettings } from '../../../server/src/mesh/settings.ts';
import { resourcesFromYaml } from '../../kit/mesh-from-yaml.ts';

const namespace = (name: string, labels = '') =>
  resourcesFromYaml(`apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { ${labels} } }`)[0]!;

const changed = (steps: Iterable<KnownKey | undefined>): readonly string[] =>
  [...steps].flatMap((known) => (known ? [known.key] : []));

function start() {
  const index = new MeshIndex({ mesh: defaultMeshSettings });
  const work: string[] = [];
  const count = (mesh: Mesh) =>
    mesh.derived('count', (view) => {
      work.push('count');
      return view.inNamespace('Namespace', '').length;
    });
  const isMany = (mesh: Mesh) =>
    mesh.derived('many', (view) => {
      work.push('many');
      return count(view) > 1;
    });
  const text = (mesh: Mesh) =>
    mesh.derived('text', (view) => {
      work.push('text');
      return isMany(view) ? 'many' : 'few';
    });
  return { index, work, count, isMany, text };
}

test('a fact is worked out once for all who ask, and its key stands for the keys behind it', () => {
  const { index, work, text } = start();
  index.add(namespace('a'));
  const read = new Set<string>();
  const view = index.view(({ key }) => read.add(key));
  assert.equal(text(view), 'few');
  assert.equal(text(index.view(({ key }) => read.add(key))), 'few');
  assert.deepEqual(work, ['text', 'many', 'count']);
  assert.deepEqual([...read], ['?text']);
  assert.deepEqual([...keysBehind(index.known.of('?text'))], ['Namespace@']);
});

test('after an edit, facts are worked out again up to the first that comes out the same', () => {
  const { index, work, text } = start();
  for (const name of ['a', 'b']) index.add(namespace(name));
  const record = () => index.view(() => {});
  text(record());
  work.length = 0;
  index.add(namespace('c'));
  assert.equal(text(record()), 'many');
  assert.deepEqual(work, ['count', 'many']);
  work.length = 0;
  assert.equal(text(record()), 'many');
  assert.deepEqual(work, []);
});

test('an edit tells which facts changed, and forgets those that nobody reads', () => {
  const { index, work, text, isMany } = start();
  index.add(namespace('a'));
  const view = index.view(() => {});
  text(view);
  isMany(view);
  index.add(namespace('b'));
  assert.deepEqual(changed(index.facts.checked(({ key }) => key === '?text')), ['?text']);
  assert.ok(!index.facts.areInDoubt);
  index.add(namespace('c'));
  assert.deepEqual([...index.facts.checked(({ key }) => key === '?text')], [undefined, undefined, undefined]);
  // Asked for before it is checked: its other readers are told all the same.
  for (const resource of index.view().inNamespace('Namespace', '').slice(1)) index.remove(resource);
  assert.equal(text(index.view(() => {})), 'few');
  assert.ok(index.facts.areInDoubt);
  assert.deepEqual(changed(index.facts.checked(({ key }) => key === '?text')), ['?text']);
  index.add(namespace('d'));
  work.length = 0;
  assert.deepEqual([...index.facts.checked(() => false)], []);
  assert.deepEqual(work, []);
  assert.equal(index.facts.known('?count'), undefined);
});

test('what a fact rests on is worked out before it, each at a step of its own', () => {
  const { index, work, text } = start();
  for (const name of ['a', 'b']) index.add(namespace(name));
  text(index.view(() => {}));
  index.remove(index.view().inNamespace('Namespace', '')[0]!);
  work.length = 0;
  const seen: string[] = [];
  for (const _ of index.facts.checked(({ key }) => key === '?text')) seen.push(work.splice(0).join());
  assert.deepEqual(seen, ['count', 'many', 'text', '']);
});

test('a fact that is worked out in steps begins anew after an edit between them, and whoever asks has all of it', () => {
  const { index, work, isMany } = start();
  const names = (mesh: Mesh) =>
    mesh.derivedInSteps('names', function* (view) {
      const found: string[] = [];
      for (const { name } of view.inNamespace('Namespace', '')) {
        work.push(name);
        found.push(name);
        yield undefined;
      }
      return `${found.join()} ${isMany(view)}`;
    });
  const first = 'abcdefghijkl'.split('');
  for (const name of first) index.add(namespace(name));
  const record = () => index.view(() => {});
  assert.equal(names(record()), `${first.join()} true`);
  index.add(namespace('m'));
  work.length = 0;
  const steps = index.facts.checked(({ key }) => key === '?names');
  while (!work.includes('a')) steps.next();
  const begun = work.splice(0);
  assert.deepEqual(begun, ['count', 'many', ...first.slice(0, 10)]);
  index.add(namespace('n'));
  assert.deepEqual(changed(steps), ['?names']);
  assert.deepEqual(work, ['count', 'many', ...first, 'm', 'n']);
  assert.equal(names(record()), `${[...first, 'm', 'n'].join()} true`);
  assert.ok(!index.facts.areInDoubt);
});

/** Each look reads as much as there are Namespaces. */
function startLong() {
  const { index } = start();
  for (let i = 0; i < 100; i++) index.add(namespace(`n${i}`));
  const looks: number[] = [];
  const long = (mesh: Mesh) =>
    mesh.derivedInSteps('long', function* (view) {
      for (let i = 0; i < 50; i++) {
        looks.push(view.inNamespace('Namespace', '').length);
        yield undefined;
      }
      return looks.length;
    });
  const short = (mesh: Mesh) => mesh.derived('short', (view) => long(view) + 1);
  return { index, looks, short };
}

/** As a rule is run: it begins again with what was not ready. */
function* asked(index: MeshIndex, ask: (mesh: Mesh) => unknown): Generator<undefined, unknown> {
  for (let tries = 0; ; tries++)
    try {
      return index.facts.refusing(tries, () => ask(index.view(() => {})));
    } catch (error) {
      if (!(error instanceof NotReady)) throw error;
      yield* index.facts.ready(error);
    }
}

test('what takes long is worked out in steps before who asks for it goes on, known or not', () => {
  const { index, looks, short } = startLong();
  for (const edit of [1, 2]) {
    looks.length = 0;
    const steps = asked(index, short);
    let most = 0;
    let next = steps.next();
    for (let before = 0; !next.done; next = steps.next()) {
      most = Math.max(most, looks.length - before);
      before = looks.length;
    }
    assert.equal(looks.length, 50, `edit ${edit}: the work that was begun is gone on with`);
    assert.equal(next.value, 51);
    assert.ok(most < 20, `${most} looks in a step`);
    index.add(namespace(`more ${edit}`));
  }
});

test('who began again too often, or did not say that it can, waits for what takes long', () => {
  const { index, looks, short } = startLong();
  assert.equal(
    index.facts.refusing(10, () => short(index.view(() => {}))),
    51,
  );
  index.add(namespace('more'));
  looks.length = 0;
  assert.equal(short(index.view(() => {})), 51);
});

test('what is not ready is given up where an edit comes between two steps', () => {
  const { index, looks, short } = startLong();
  const steps = asked(index, short);
  steps.next();
  steps.next();
  index.add(namespace('more'));
  const before = looks.length;
  assert.equal(index.facts.known('?long'), undefined);
  for (const _ of asked(index, short)) continue;
  assert.deepEqual(
    looks.slice(before),
    Array.from({ length: 50 }, () => 101),
  );
});

test('what rests on an edit is marked a portion at a step, and at once for who asks before', () => {
  const { index, count } = start();
  index.add(namespace('a'));
  const more = (mesh: Mesh, i: number) => mesh.derived(`more ${i}`, (view) => count(view) + i);
  const many = 5000;
  const ask = () =>
    Array.from({ length: many }, (_, i) =>
      more(
        index.view(() => {}),
        i,
      ),
    );
  ask();
  index.add(namespace('b'));
  const steps = index.facts.checked(() => false);
  for (let i = 0; i < 3; i++) assert.equal(steps.next().done, false);
  assert.equal(index.facts.known(`?more ${many - 1}`), undefined);
  assert.deepEqual(ask().at(-1), many + 1);
  index.add(namespace('c'));
  assert.ok([...index.facts.checked(() => false)].length >= 5);
  assert.ok(!index.facts.areInDoubt);
  assert.ok(index.facts.isEmpty);
});

test('an edit that comes while changes are told is checked too, before anything is forgotten', () => {
  const { index, text } = start();
  index.add(namespace('a'));
  text(index.view(() => {}));
  index.add(namespace('b'));
  const steps = index.facts.checked(({ key }) => key === '?text');
  for (let step = steps.next(); step.value === undefined; step = steps.next()) assert.ok(!step.done);
  index.remove(index.view().inNamespace('Namespace', '')[0]!);
  index.facts.known('?text'); // who asks has all in doubt marked
  assert.deepEqual([...steps], []);
  assert.ok(index.facts.areInDoubt);
  assert.deepEqual(changed(index.facts.checked(({ key }) => key === '?text')), ['?text']);
});

test('a view that records nothing uses what is known and keeps its own to itself', () => {
  const { index, work, text, count } = start();
  index.add(namespace('a'));
  const plain = index.view();
  assert.equal(text(plain), 'few');
  assert.equal(text(plain), 'few');
  assert.deepEqual(work, ['text', 'many', 'count']);
  assert.equal(index.facts.known('?text'), undefined);
  count(index.view(() => {}));
  assert.deepEqual(index.facts.known('?count')?.value, 1);
});

test('a fact that cannot be worked out is an error for each who asks', () => {
  const { index } = start();
  const broken = (mesh: Mesh) =>
    mesh.derived('broken', (view) => {
      if (view.inNamespace('Namespace', '').length > 0) throw new Error('broken');
      return 0;
    });
  assert.equal(broken(index.view(() => {})), 0);
  index.add(namespace('a'));
  assert.deepEqual(changed(index.facts.checked(() => true)), ['?broken']);
  for (let i = 0; i < 2; i++) assert.throws(() => broken(index.view(() => {})), /broken/);
});

for (const [what, a, b, same] of [
  ['numbers', 1, 1, true],
  ['lists', [1, [2]], [1, [2]], true],
  ['lists of another length', [1], [1, 2], false],
  ['a list and an object', [], {}, false],
  ['objects', { a: { b: 1 } }, { a: { b: 1 } }, true],
  ['objects with other keys', { a: undefined }, { b: undefined }, false],
  ['maps', new Map([['a', [1]]]), new Map([['a', [1]]]), true],
  ['sets', new Set(['a']), new Set(['b']), false],
  ['a set and a list', new Set(['a']), ['a'], false],
  ['resources of one id', { id: 1, name: 'a' }, { id: 1, name: 'b' }, true],
  ['resources', { id: 1 }, { id: 2 }, false],
  ['null and an object', null, {}, false],
] as const)
  test(`sameValue: ${what}`, () => assert.equal(sameValue(a, b), same));
