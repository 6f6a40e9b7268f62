// The meshes of the pages on sidecars and egress gateways, with Istio's four published ways: bytes do what the pages' traces say.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { envoy } from '../kit/envoy.ts';
import { peers } from '../kit/peers.ts';
import { meshesOfPage } from './classic/page-meshes.ts';
import { runSamples, type NamedSample } from './classic/run-profile.ts';
import type { Answer } from './messages.ts';
import type { MeshResult } from './run-mesh.ts';

const [oracle, proxy] = [peers('oracle'), envoy()];
const missing = [oracle, proxy].find(({ available }) => !available);
const skip = missing && !missing.available ? missing.why : false;

const published = [
  'HTTP',
  'HTTPS that passes through',
  'TLS origination at the gateway',
  'Mutual TLS origination at the gateway',
];
const pages = ['egress-gateway.md', 'shared-egress-gateway.md', 'sidecar-bytes.md'];
const samples: readonly NamedSample[] = pages
  .flatMap(meshesOfPage)
  .map(({ heading, sample }) => ({ name: heading, sample }));
const mutual = samples.find(({ name }) => name === published[3])!;
const impostor: NamedSample = { ...mutual, name: 'a gateway with another account', gatewayAccount: 'somebody' };
const results = new Map<string, MeshResult>();

before(async () => {
  if (!oracle.available || !proxy.available) return;
  const all = [...samples, impostor];
  const seen = (at: number, result: MeshResult) => results.set(all[at]!.name, result);
  await runSamples({ oracle, envoy: proxy, samples: all, seen });
});

for (const { name } of samples) test(name, { skip }, () => assert.deepEqual(results.get(name)?.differences, []));

test('so many requests', { skip }, (t) => {
  const all = [...results.values()];
  const sum = (of: 'requests' | 'open') => all.reduce((total, one) => total + one[of], 0);
  assert.ok(sum('requests') > 3 * samples.length);
  t.diagnostic(
    `${sum('requests')} requests compared, ${sum('requests') - sum('open')} equal, ${sum('open')} left open, none different`,
  );
});

/** Of the page's own request. */
function firstOf(name: string): Answer {
  return results.get(name)!.answers[0]!;
}

test('each published way reaches the site through the gateway as Istio means it', { skip }, () => {
  const seen = published.map(firstOf).map(({ arrivals: [arrival], lines }) => ({
    port: arrival?.port,
    layers: arrival?.layers,
    client: arrival?.client,
    gateway: lines.some((line) => line.proxy === 'gateway'),
  }));
  const client = 'DNS:client.of.a.secret';
  assert.deepEqual(seen, [
    { port: 80, layers: 0, client: undefined, gateway: true },
    { port: 443, layers: 1, client: undefined, gateway: true },
    { port: 443, layers: 1, client: undefined, gateway: true },
    { port: 443, layers: 1, client, gateway: true },
  ]);
});

test("the sidecar sends nothing to a gateway whose certificate is another account's", { skip }, () => {
  const { status, arrivals, lines } = firstOf(impostor.name);
  assert.deepEqual([status, arrivals.length], [503, 0]);
  assert.match(lines.map(({ text }) => text).join('\n'), /CERTIFICATE_VERIFY_FAILED/);
});
