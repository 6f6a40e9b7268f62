import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  expandHost,
  hostMatches,
  isIpAddress,
  looksInCluster,
  normalizeHost,
  patternsFor,
  protocolKind,
  serviceHost,
} from '../../../server/src/mesh/hosts/hosts.ts';

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

test('§2.22 what a protocol makes of a port, in any case of letters', () => {
  const kinds = {
    http: ['HTTP', 'http2', 'GRPC', 'GRPC-Web', 'HTTP_PROXY'],
    tls: ['HTTPS', 'tls'],
    tcp: ['TCP', 'Mongo', 'Redis', 'MySQL'],
    udp: ['UDP'],
    sniffed: ['', undefined, 'SMTP'],
  } as const;
  for (const [kind, protocols] of Object.entries(kinds))
    for (const protocol of protocols) assert.equal(protocolKind(protocol), kind, protocol);
});

test('addresses and normal form', () => {
  for (const ip of ['1.2.3.4', '::1', 'fd00::1', '2001:db8::7']) assert.equal(isIpAddress(ip), true, ip);
  for (const no of ['1.2.3', '1.2.3.400', 'a.b.c.d', 'httpbin.org', 'a:b']) assert.equal(isIpAddress(no), false, no);
  assert.equal(normalizeHost('A.B.'), 'a.b');
  assert.equal(normalizeHost('.'), '.');
});
