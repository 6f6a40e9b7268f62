// A trace as the way of its request, and its URL in parts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hopsOf } from '../../../client/src/webviews/trace/hops.ts';
import type { ShownStep, ShownTrace } from '../../../client/src/webviews/trace/protocol.ts';
import { joinUrl, splitUrl } from '../../../client/src/webviews/trace/url-parts.ts';

const place = { uri: 'file:///a.yaml', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } } };
const step = (hop: ShownStep['hop'], stage: ShownStep['stage'], outcome: ShownStep['outcome'] = 'yes'): ShownStep => ({
  ...(hop && { hop }),
  stage,
  outcome,
  message: `${stage} ${outcome}`,
  places: [{ ...place, label: stage }],
});
const trace = (verdict: ShownTrace['verdict'], steps: readonly ShownStep[], isReached = false): ShownTrace => ({
  verdict,
  summary: '',
  steps,
  waypoint: { namespace: 'egress', name: 'wp' },
  upstream: isReached ? { address: 'api.example.com', port: 443, how: 'TLS' } : null,
  log: null,
  candidates: [],
});
const request = { url: 'http://api.example.com/get', from: 'shop/till', method: 'GET' };
const told = (shown: ShownTrace) =>
  hopsOf(request, shown).map(({ kind, name, state, deciding }) =>
    [kind, name, state, deciding?.stage].filter((part) => part !== '' && part !== undefined).join(' '),
  );

const toWaypoint = [step('client', 'capture'), step('ztunnel', 'dns'), step('ztunnel', 'service')];
test('denied at the waypoint: the host is not reached', () => {
  const steps = [...toWaypoint, step('waypoint', 'listener'), step('waypoint', 'authorization', 'no')];
  assert.deepEqual(told(trace('denied', steps)), [
    'client shop/till passes capture',
    'ztunnel passes service',
    'waypoint egress/wp stops authorization',
    'host api.example.com unreached',
  ]);
});

test('allowed: the host is what is dialled', () => {
  const steps = [...toWaypoint, step('waypoint', 'route'), step('host', 'upstream')];
  assert.deepEqual(told(trace('allowed', steps, true)).slice(2), [
    'waypoint egress/wp passes route',
    'host api.example.com:443 passes upstream',
  ]);
});

test('a bypass is told where the request leaves the way', () => {
  const steps = [step('client', 'capture', 'no'), step('host', 'upstream')];
  assert.deepEqual(told(trace('bypasses', steps, true)), [
    'client shop/till around capture',
    'host api.example.com:443 passes upstream',
  ]);
});

test('what is unknown is told where it is; a step without a hop belongs to the one before', () => {
  const steps = [...toWaypoint, step('waypoint', 'listener'), step(undefined, 'route', 'unknown')];
  assert.deepEqual(told(trace('undetermined', steps)).slice(2), [
    'waypoint egress/wp doubt route',
    'host api.example.com unreached',
  ]);
  assert.deepEqual(told(trace('undetermined', [])), ['client shop/till passes', 'host api.example.com unreached']);
});

for (const url of [
  'http://a.test/',
  'https://a.test:8443/get?x=1#y',
  'tcp://db.test:5432',
  'http://[2001:db8::1]:80/',
  'http://a.test/?x',
])
  test(`${url} is the same after it was taken apart`, () => assert.equal(joinUrl(splitUrl(url)!), url));
test('what is no URL is not taken apart', () => assert.equal(splitUrl('a.test'), undefined));
