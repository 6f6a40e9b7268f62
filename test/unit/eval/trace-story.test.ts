// The story: what the request of the README does, and what it does once each piece is missing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceJson } from '../../../server/src/eval/trace/to-json.ts';
import { storyFiles, stepsAt, traceOf } from '../../kit/trace.ts';

const story = storyFiles();
const get = { url: 'http://httpbin.org/get', from: 'default/curl' };
const without = (name: string) => Object.fromEntries(Object.entries(story).filter(([file]) => file !== name));

test('GET is allowed, through the waypoint, in TLS to port 443', () => {
  const { verdict, waypoint, upstream, log, candidates, steps } = traceOf(story, get);
  assert.equal(verdict, 'allowed');
  assert.deepEqual(waypoint, { namespace: 'common-infrastructure', name: 'egress-gateway' });
  assert.deepEqual(upstream, {
    address: 'httpbin.org',
    port: 443,
    protocol: 'http',
    tls: { mode: 'SIMPLE', sni: 'httpbin.org', verifiesName: true, roots: 'system', subjectAltNames: [] },
  });
  assert.deepEqual(log, { upstreamCluster: 'inbound-vip|80|http|httpbin.org', status: 200 });
  assert.deepEqual(candidates, []);
  for (const { evidence, stage } of steps) assert.ok(evidence.length > 0, stage);
});

test('POST is denied by what no policy allows, and the policy is named', () => {
  const denied = traceOf(story, { ...get, url: 'http://httpbin.org/post', method: 'POST' });
  assert.equal(denied.verdict, 'denied');
  assert.match(denied.summary, /AuthorizationPolicy common-infrastructure\/httpbin/);
  assert.deepEqual(
    denied.steps.at(-1)!.evidence.map(({ resource }) => resource.name),
    ['httpbin'],
  );
  assert.deepEqual(denied.log, { upstreamCluster: 'inbound-vip|80|http|httpbin.org', status: 403 });
});

test('https fails, as port 443 is not listed', () => {
  const https = traceOf(story, { ...get, url: 'https://httpbin.org' });
  assert.equal(https.verdict, 'fails');
  assert.match(https.summary, /Port 443 .* does not list the port/);
});

test('without the DestinationRule plaintext reaches a TLS port', () => {
  const plain = traceOf(without('destination-rule.yaml'), get);
  assert.equal(plain.verdict, 'fails');
  assert.match(plain.summary, /Plaintext reaches TLS port 443/);
  assert.deepEqual(stepsAt(plain, 'authorization').length, 1);
});

test('without the label the waypoint is bypassed', () => {
  const bypass = traceOf(
    { ...story, 'namespace.yaml': story['namespace.yaml']!.replace(/^.*istio.io\/use-waypoint:.*\n/m, '') },
    get,
  );
  assert.equal(bypass.verdict, 'bypasses');
  assert.equal(bypass.waypoint, undefined);
});

test('a namespace that no file describes is assumed to be captured, and the step says so', () => {
  const assumed = traceOf(without('client.yaml'), get);
  assert.equal(assumed.verdict, 'allowed');
  assert.match(stepsAt(assumed, 'capture')[0]!, /^unknown .*assumed/);
  const { steps } = traceJson(assumed, () => undefined);
  assert.deepEqual(
    steps.filter((step) => step.assumed).map(({ stage }) => stage),
    ['capture', 'waypoint', 'tls'],
  );
});
