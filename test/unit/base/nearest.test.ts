import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearest } from '../../../server/src/base/nearest.ts';

const FIELDS = ['hosts', 'ports', 'resolution', 'location', 'exportTo', 'endpoints', 'addresses'];

for (const [word, expected] of [
  ['resolutoin', 'resolution'],
  ['host', 'hosts'],
  ['exportto', 'exportTo'],
  ['ADDRESSES', 'addresses'],
  ['locations', 'location'],
  ['spec', undefined],
  ['x', undefined],
  ['', undefined],
] as const) {
  test(`nearest to "${word}" is ${expected}`, () => assert.equal(nearest(word, FIELDS), expected));
}

test('case decides between candidates that are equally near', () => {
  assert.equal(nearest('simple', ['SIMPLEX', 'Simplex', 'simplex']), 'simplex');
  assert.equal(nearest('Tls', ['tls', 'TLS']), 'tls');
});

test('a distance can be set', () => {
  assert.equal(nearest('ab', ['abcd'], { maxDistance: 2 }), 'abcd');
  assert.equal(nearest('ab', ['abcd'], { maxDistance: 1 }), undefined);
});
