// Facts that are worked out once, and again only after an edit of what they rest on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sameValue } from '../../../server/src/base/same-value.ts';
import { MeshIndex } from '../../../server/src/mesh/index/index-builder.ts';
import type { Mesh } from '../../../server/src/mesh/mesh.ts';
import { defaultMeshSettings } from '../../../server/src/mesh/settings.ts';
import { resourcesFromYaml } from '../../kit/mesh-from-yaml.ts';

const namespace = (name: string, labels = '') =>
  resourcesFromYaml(`apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { ${labels} } }`)[0]!;

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
  const view = index.view((key) => read.add(key));
  assert.equal(text(view), 'few');
  assert.equal(text(index.view((key) => read.add(key))), 'few');
  assert.deepEqual(work, ['text', 'many', 'count']);
  assert.deepEqual([...read], ['?text']);
  assert.deepEqual([...index.facts.keysBehind('?text')], ['Namespace@']);
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
  assert.deepEqual(
    [...index.facts.checked((key) => key === '?text')].filter((key) => key !== undefined),
    ['?text'],
  );
  assert.ok(!index.facts.areInDoubt);
  index.add(namespace('c'));
  assert.deepEqual([...index.facts.checked((key) => key === '?text')], [undefined, undefined, undefined]);
  // Asked for before it is checked: its other readers are told all the same.
  for (const resource of index.view().inNamespace('Namespace', '').slice(1)) index.remove(resource);
  assert.equal(text(index.view(() => {})), 'few');
  assert.ok(index.facts.areInDoubt);
  assert.deepEqual([...index.facts.checked((key) => key === '?text')], ['?text']);
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
  for (const _ of index.facts.checked((key) => key === '?text')) seen.push(work.splice(0).join());
  assert.deepEqual(seen, ['count', 'many', 'text', '']);
});

test('for one reader, only what others rest on too is worked out before it asks', () => {
  const { index, work, text, isMany } = start();
  for (const name of ['a', 'b']) index.add(namespace(name));
  text(index.view(() => {}));
  index.remove(index.view().inNamespace('Namespace', '')[0]!);
  work.length = 0;
  assert.deepEqual([...index.facts.sharedChecked(['?text'], () => false)], []);
  assert.deepEqual(work, []);
  assert.equal([...index.facts.sharedChecked(['?text'], (key) => key === '?count')].length, 1);
  assert.deepEqual(work, ['count']);
  assert.equal(isMany(index.view(() => {})), false);
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
  for (const name of ['a', 'b']) index.add(namespace(name));
  const record = () => index.view(() => {});
  assert.equal(names(record()), 'a,b true');
  index.add(namespace('c'));
  work.length = 0;
  const steps = index.facts.checked((key) => key === '?names');
  for (let i = 0; i < 4; i++) steps.next();
  assert.deepEqual(work, ['count', 'many', 'a', 'b']);
  index.add(namespace('d'));
  assert.deepEqual(
    [...steps].filter((key) => key !== undefined),
    ['?names'],
  );
  assert.deepEqual(work, ['count', 'many', 'a', 'b', 'count', 'many', 'a', 'b', 'c', 'd']);
  assert.equal(names(record()), 'a,b,c,d true');
  assert.ok(!index.facts.areInDoubt);
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
  const steps = index.facts.checked((key) => key === '?text');
  for (let step = steps.next(); step.value === undefined; step = steps.next()) assert.ok(!step.done);
  index.remove(index.view().inNamespace('Namespace', '')[0]!);
  index.facts.known('?text'); // who asks has all in doubt marked
  assert.deepEqual([...steps], []);
  assert.ok(index.facts.areInDoubt);
  assert.deepEqual(
    [...index.facts.checked((key) => key === '?text')].filter((key) => key !== undefined),
    ['?text'],
  );
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
  assert.deepEqual([...index.facts.checked(() => true)], [undefined, '?broken']);
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
