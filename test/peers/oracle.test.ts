// The oracle is Istio's own config generator as a program: here it is held to the main road, so that other tests can lean on it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { peers } from '../kit/peers.ts';
import { waypointManifests } from '../kit/waypoint-manifests.ts';

const found = peers('oracle');
const skip = found.available ? false : found.why;

const entry = `
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: httpbin, namespace: egress }
spec:
  hosts: [httpbin.org]
  ports: [{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]
  resolution: DNS
`;
const rule = `
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: httpbin, namespace: egress }
spec:
  host: httpbin.org
  trafficPolicy: { tls: { mode: SIMPLE } }
`;

test('80 on the mesh side becomes TLS to 443, with the name taken from the request', { skip }, () => {
  const { hosts, waypoints } = ask(waypointManifests + entry + rule);
  assert.deepEqual(hosts, [
    {
      host: 'httpbin.org',
      serviceEntry: 'egress/httpbin',
      address: '240.240.0.1',
      addresses: ['240.240.0.1'],
      canonical: true,
      waypoint: 'egress/gate',
    },
  ]);
  const port = waypoints[0]?.ports[0];
  assert.equal(port?.chain, 'inbound-vip|80|http|httpbin.org');
  assert.deepEqual(port.routes?.[0]?.cluster, {
    name: 'inbound-vip|80|http|httpbin.org',
    type: 'STRICT_DNS',
    namespace: 'egress',
    endpoints: ['httpbin.org:443'],
    tls: { autoSni: true, autoSanValidation: true, ca: 'file-root:system' },
  });
});

test('without the rule plain text goes to 443', { skip }, () => {
  const cluster = ask(waypointManifests + entry).waypoints[0]?.ports[0]?.routes?.[0]?.cluster;
  assert.deepEqual([cluster?.endpoints, cluster?.tls], [['httpbin.org:443'], undefined]);
});

test('what Istio refuses is named and left out', { skip }, () => {
  const { problems, hosts } = ask(waypointManifests + entry.replace('[httpbin.org]', '[]') + rule);
  assert.deepEqual(hosts, []);
  assert.equal(problems?.[0]?.resource, 'ServiceEntry egress/httpbin');
  assert.equal(problems[0].level, 'error');
});

interface Report {
  readonly problems?: readonly { readonly resource?: string; readonly level: string; readonly message: string }[];
  readonly hosts: readonly object[];
  readonly waypoints: readonly {
    readonly ports: readonly {
      readonly chain: string;
      readonly routes?: readonly {
        readonly cluster: { readonly endpoints?: readonly string[]; readonly tls?: object };
      }[];
    }[];
  }[];
}

function ask(manifest: string): Report {
  assert.ok(found.available);
  const folder = mkdtempSync(path.join(tmpdir(), 'istio-egress-oracle-'));
  try {
    writeFileSync(path.join(folder, 'manifest.yaml'), manifest);
    return JSON.parse(execFileSync(found.bin('oracle'), [folder], { encoding: 'utf8' })) as Report;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
