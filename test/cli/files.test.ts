// Files that are named one by one are not the whole folder: what others may hold is not called missing.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';

const cli = resolve(import.meta.dirname, '../../dist/cli.js');
const dir = mkdtempSync(join(tmpdir(), 'istio-egress-files-'));
after(() => rmSync(dir, { recursive: true, force: true }));

const manifest = `apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: pay, namespace: shop, labels: { istio.io/use-waypoint: egress } }
spec:
  hosts: [pay.example.com]
  ports: [{ number: 80, name: http, protocol: HTTP }]
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: stock, namespace: shop }
spec: { host: stock.shop.svc.cluster.local, trafficPolicy: { connectionPool: { tcp: { maxConnections: 9 } } } }
`;
const file = join(dir, 'shop.yaml');
writeFileSync(file, manifest);

function check(...args: readonly string[]): { readonly code: number | null; readonly out: string } {
  const { status, stdout } = spawnSync(process.execPath, [cli, 'check', ...args], {
    input: manifest,
    encoding: 'utf8',
  });
  return { code: status, out: stdout };
}

test('a folder that lacks what its manifests name fails', () => {
  const { code, out } = check(dir);
  assert.equal(code, 1, out);
  assert.match(out, /unknown-waypoint/);
  assert.match(out, /unknown-destination-host/);
});

test('files that are named do not fail for what other files may hold', () => {
  for (const path of [file, '-']) assert.deepEqual([path, check(path).code], [path, 0]);
});

test('they do for kinds that are said to be complete', () => {
  const { code, out } = check('--complete', 'ServiceEntry,Service', file);
  assert.equal(code, 1, out);
  assert.match(out, /unknown-destination-host/);
});
