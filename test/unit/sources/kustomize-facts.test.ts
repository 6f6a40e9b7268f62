// The namespace that kustomizations give to a file, however many ways lead from it to those that nothing lists.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Kustomization } from '../../../server/src/model/kustomization.ts';
import { kustomizeFacts } from '../../../server/src/sources/kustomize-facts.ts';

interface Layer {
  readonly namespace?: string | undefined;
  readonly resources: readonly string[];
}

function namespacesIn(layers: Readonly<Record<string, Layer>>): Readonly<Record<string, string>> {
  const facts = kustomizeFacts(
    new Map(
      Object.entries(layers).map(([name, { namespace, resources }]): [string, Kustomization] => [
        `/w/${name}/kustomization.yaml`,
        { namespace, resources, helpers: [], makesMore: false },
      ]),
    ),
  );
  return Object.fromEntries(
    [...facts].flatMap(([path, { namespace }]) => (namespace === undefined ? [] : [[path.slice(3), namespace]])),
  );
}

test('the outermost kustomization that names a namespace gives it, and two that differ give none', () => {
  const base = { namespace: 'inner', resources: ['a.yaml'] };
  const over = (namespace?: string): Layer => ({ namespace, resources: ['../base'] });
  assert.deepEqual(namespacesIn({ base }), { 'base/a.yaml': 'inner' });
  assert.deepEqual(namespacesIn({ base, over: over() }), { 'base/a.yaml': 'inner' });
  assert.deepEqual(namespacesIn({ base, over: over('outer') }), { 'base/a.yaml': 'outer' });
  assert.deepEqual(namespacesIn({ base, over: over('outer'), other: over('other') }), {});
  assert.deepEqual(namespacesIn({ base, over: over('outer'), other: over() }), {});
});

test('more ways than can be followed', () => {
  const depth = 40;
  const lattice = Object.fromEntries(
    Array.from({ length: depth }, (_, at) =>
      ['x', 'y'].map((side): [string, Layer] => [
        `${side}${at}`,
        { namespace: at === 0 ? 'outer' : `n${at}`, resources: [`../x${at + 1}`, `../y${at + 1}`, 'a.yaml'] },
      ]),
    ).flat(),
  );
  const found = namespacesIn(lattice);
  assert.equal(found['y39/a.yaml'], 'outer');
  assert.deepEqual(new Set(Object.values(found)), new Set(['outer']));
});

test('many kustomizations that list each other, each with a namespace, give none', () => {
  const all = Array.from({ length: 30 }, (_, at) => `k${at}`);
  const resources = [...all.map((name) => `../${name}`), 'a.yaml'];
  assert.deepEqual(namespacesIn(Object.fromEntries(all.map((name) => [name, { namespace: name, resources }]))), {});
});

test('what each kustomization hands on is what following every way finds', () => {
  const namespace = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined });
  const layers = fc.array(fc.record({ namespace, outer: fc.array(fc.nat(9), { maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 9,
  });
  fc.assert(
    fc.property(layers, (drawn) => {
      // Each is listed by earlier ones only, so there are no circles.
      const outerOf = drawn.map(({ outer }, at) => [...new Set(outer.filter((one) => one < at))]);
      const written = drawn.map(({ namespace }, at): [string, Layer] => [
        `k${at}`,
        {
          namespace,
          resources: ['a.yaml', ...drawn.flatMap((_, one) => (outerOf[one]!.includes(at) ? [`../k${one}`] : []))],
        },
      ]);
      const ways = (at: number, inner: string | undefined): readonly (string | undefined)[] => {
        const own = drawn[at]!.namespace ?? inner;
        return outerOf[at]!.length === 0 ? [own] : outerOf[at]!.flatMap((one) => ways(one, own));
      };
      const expected = drawn.flatMap((_, at): [string, string][] => {
        const [only, ...more] = new Set(ways(at, undefined));
        return only === undefined || more.length > 0 ? [] : [[`k${at}/a.yaml`, only]];
      });
      assert.deepEqual(namespacesIn(Object.fromEntries(written)), Object.fromEntries(expected));
    }),
  );
});
