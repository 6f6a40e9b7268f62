import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../kit/fast-check.ts';
import {
  coversAsWritten,
  expandHost,
  hostMatches,
  hostsOverlap,
  looksInCluster,
  normalizeHost,
  overlapAsWritten,
  patternsFor,
  serviceHost,
} from '../../../server/src/names/hosts.ts';

test('§3.3 §3.5 a host matches itself, and wildcards by what stands behind the star', () => {
  for (const [pattern, host, expected] of [
    ['httpbin.org', 'httpbin.org', true],
    ['httpbin.org', 'www.httpbin.org', false],
    ['HTTPBin.org.', 'httpbin.org', true],
    ['*.org', 'httpbin.org', true],
    ['*.org', 'org', false],
    ['*.httpbin.org', 'httpbin.org', false],
    ['*.httpbin.org', 'a.b.httpbin.org', true],
    ['*bin.org', 'httpbin.org', true],
    ['*', 'httpbin.org', true],
    ['*', '*.example.com', true],
    ['*.example.com', '*.example.com', true],
    ['*.com', '*.example.com', true],
    ['*.example.com', '*.com', false],
    ['foo.example.com', '*.example.com', false],
    ['*.foo.example.com', '*.example.com', false],
  ] as const)
    assert.equal(hostMatches(pattern, host), expected, `${pattern} ${host}`);
});

test('§3.3 the patterns of a host, most specific first', () => {
  assert.deepEqual(patternsFor('a.example.com'), ['a.example.com', '*.example.com', '*.com', '*']);
  assert.deepEqual(patternsFor('*.Example.com'), ['*.example.com', '*.com', '*']);
  assert.deepEqual(patternsFor('*'), ['*']);
  assert.deepEqual(patternsFor('localhost.'), ['localhost', '*']);
  assert.deepEqual(patternsFor('*in.example.com'), ['*in.example.com', '*.example.com', '*.com', '*']);
});

const label = fc.stringMatching(/^[a-c]{1,2}$/);
const anyHost = fc
  .tuple(fc.constantFrom('', '*.'), fc.array(label, { minLength: 1, maxLength: 4 }))
  .map(([star, labels]) => star + labels.join('.'));

test('patternsFor lists exactly the patterns that match', () => {
  fc.assert(
    fc.property(anyHost, anyHost, (pattern, host) => {
      assert.equal(patternsFor(host).includes(pattern), hostMatches(pattern, host));
    }),
  );
});

test('§3.3 short names belong to the services of their namespace', () => {
  for (const [name, expected] of [
    ['reviews', 'reviews.shop.svc.cluster.local'],
    ['reviews.other', 'reviews.other'],
    ['httpbin.org', 'httpbin.org'],
    ['*', '*'],
    ['', ''],
    ['*bin', '*bin.shop.svc.cluster.local'],
    ['10.0.0.1', '10.0.0.1'],
    ['fd00::1', 'fd00::1'],
    ['a:b:c', 'a:b:c.shop.svc.cluster.local'],
  ] as const)
    assert.equal(expandHost(name, 'shop', 'cluster.local'), expected);
  assert.equal(serviceHost({ name: 'a', namespace: 'b' }, 'corp'), 'a.b.svc.corp');
});

test('names that Services have', () => {
  for (const name of [
    'reviews',
    'reviews.shop.svc',
    'reviews.shop.svc.cluster.local',
    '*.shop.svc.cluster.local',
    '*.svc.cluster.local',
    '*.cluster.local',
    '*.local',
    'REVIEWS.shop.SVC',
  ])
    assert.equal(looksInCluster(name, 'cluster.local'), true, name);
  for (const name of [
    'httpbin.org',
    '*.org',
    '*',
    '',
    '10.0.0.1',
    'printer.local',
    'reviews.shop',
    '*.example.com',
    'reviews.shop.svc.example.com',
  ])
    assert.equal(looksInCluster(name, 'cluster.local'), false, name);
});

test('hosts that validation compares are compared as they are written', () => {
  for (const [a, b, expected] of [
    ['httpbin.org', 'httpbin.org', true],
    ['httpbin.org', 'HTTPBin.org', false],
    ['httpbin.org', 'httpbin.org.', false],
    ['*.org', 'httpbin.org', true],
    ['httpbin.org', '*.ORG', false],
    ['*.example.com', '*.com', true],
    ['*.example.com', '*.org', false],
  ] as const) {
    assert.equal(overlapAsWritten(a, b), expected, `${a} ${b}`);
    assert.equal(overlapAsWritten(b, a), expected, `${b} ${a}`);
  }
  assert.equal(coversAsWritten('*.com', '*.example.com'), true);
  assert.equal(coversAsWritten('*.example.com', '*.com'), false);
  assert.equal(hostsOverlap('*.example.com', 'A.Example.com.'), true);
  assert.equal(hostsOverlap('a.example.com', '*.Example.com'), true);
});

test('the normal form', () => {
  assert.equal(normalizeHost('A.B.'), 'a.b');
  assert.equal(normalizeHost('.'), '.');
});

test('a host that is too long for DNS is below no other, however many dots it has', () => {
  const host = 'a.'.repeat(500_000);
  assert.deepEqual(patternsFor(host), [host.slice(0, -1), '*']);
  assert.equal(patternsFor(`${'a.'.repeat(120)}example.com`).length, 123);
});
