// Bytes through real Envoy do what traces say. By hand, with more meshes: by-hand.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { envoy } from '../kit/envoy.ts';
import { peers } from '../kit/peers.ts';
import { base, type Profile } from '../oracle/generate.ts';
import { profiles } from '../oracle/profiles/all.ts';
import { everySetting } from './every-setting.ts';
import { oddPolicies } from './odd-policies.ts';
import { runProfile } from './run-profile.ts';

const [oracle, proxy] = [peers('oracle'), envoy()];
const missing = [oracle, proxy].find(({ available }) => !available);
const skip = missing && !missing.available ? missing.why : false;

const kinds: readonly (readonly [string, Profile, number])[] = [
  ['of the common kind', base, 20],
  ['with routes', profiles['routes']!, 16],
  ['with Services of the cluster', profiles['services']!, 40],
  ['with settings', profiles['settings']!, 8],
  ['with visibility', profiles['visibility']!, 8],
  ['of random policies, and odd requests', oddPolicies, 12],
  ['with every setting of routes and TLS', everySetting, 10],
];

for (const [name, profile, count] of kinds)
  test(`${count} random meshes ${name}`, { skip, timeout: 300_000 }, async (t) => {
    assert.ok(oracle.available && proxy.available);
    const total = await runProfile({ oracle, envoy: proxy, profile, seed: 11, count });
    assert.deepEqual(total.differences, []);
    assert.ok(total.requests >= 2 * count, `only ${total.requests} requests`);
    assert.ok(total.open < total.requests / 2, `${total.open} of ${total.requests} are left open`);
    t.diagnostic(
      `${total.requests} requests compared, ${total.requests - total.open} equal, ${total.open} left open, none different`,
    );
  });
