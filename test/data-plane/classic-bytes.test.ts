// Bytes of clients with sidecars, through real Envoys as their sidecars and as the egress gateway, do what traces say. By hand, with more
// meshes: by-hand.ts --profile 'classic-*'.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { envoy } from '../kit/envoy.ts';
import { peers } from '../kit/peers.ts';
import { changedRequests, classicProfiles } from '../oracle/classic/sample.ts';
import { runClassicMeshes } from './classic/run-profile.ts';

const [oracle, proxy] = [peers('oracle'), envoy()];
const missing = [oracle, proxy].find(({ available }) => !available);
const skip = missing && !missing.available ? missing.why : false;

const more: Readonly<Record<string, number>> = { http: 2, passthrough: 2, tcp: 2, mutual: 3, mixed: 2, copies: 2 };
const meshes = Object.keys({ ...classicProfiles, ...changedRequests }).flatMap((profile) =>
  Array.from({ length: more[profile] ?? 1 }, (_, i) => ({ profile, seed: 11 + i })),
);

test(`${meshes.length} random meshes of clients with sidecars and an egress gateway`, {
  skip,
  timeout: 600_000,
}, async (t) => {
  assert.ok(oracle.available && proxy.available);
  const total = await runClassicMeshes({ oracle, envoy: proxy, meshes });
  assert.deepEqual(total.differences, []);
  assert.ok(total.requests >= 10 * meshes.length, `only ${total.requests} requests`);
  assert.ok(total.open < total.requests / 4, `${total.open} of ${total.requests} are left open`);
  t.diagnostic(
    `${total.requests} requests compared, ${total.requests - total.open} equal, ${total.open} left open, none different`,
  );
});
