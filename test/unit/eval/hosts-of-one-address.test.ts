// A connection to an address is followed for each host that the address stands for; of more hosts than the API server accepts for the first.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRequest } from '../../../server/src/eval/trace/parse-request.ts';
import { trace, traceEnds } from '../../../server/src/eval/trace/trace.ts';
import type { Mesh } from '../../../server/src/mesh/mesh.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const request = parseRequest({ from: 'shop/client', url: 'http://api-7.example.com/' });
assert.ok(!('problem' in request));

/** The API server refuses more than 256 hosts; what they would do is followed too. */
function withHosts(count: number): Mesh {
  const { mesh } = meshFromYaml(manifestsWith(count));
  return mesh.countingRefused?.(() => true) ?? mesh;
}

const manifestsWith = (count: number) => `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partners, namespace: shop }
spec: { hosts: [${Array.from({ length: count }, (_, i) => `api-${i}.example.com`).join(', ')}], addresses: [192.0.2.7], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }
`;

for (const { hosts, ends, open, says } of [
  { hosts: 40, ends: 40, open: 0, says: false },
  { hosts: 256, ends: 256, open: 0, says: false },
  { hosts: 1_000, ends: 21, open: 1, says: true },
])
  test(`an address of ${hosts} hosts`, () => {
    const mesh = withHosts(hosts);
    const found = traceEnds(mesh, request);
    assert.equal(found.length, ends);
    assert.equal(found.filter(({ ending }) => ending === undefined).length, open);
    const { verdict, steps } = trace(mesh, request);
    assert.equal(
      steps.some(({ message }) => message.includes('This tool follows 20 of them.')),
      says,
    );
    if (says) assert.equal(verdict, 'undetermined');
  });
