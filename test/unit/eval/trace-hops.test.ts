// Each step of a trace says where the request is when it is decided.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRequest } from '../../../server/src/eval/trace/parse-request.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const manifests = (client: string, waypoint: string) => `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { ${client} } }
---
apiVersion: v1
kind: Namespace
metadata: { name: egress, labels: { ${waypoint} } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: egress }
spec:
  gatewayClassName: istio-waypoint
  listeners: [{ name: mesh, port: 15008, protocol: HBONE, allowedRoutes: { namespaces: { from: All } } }]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: egress }
spec: { hosts: [api.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }
`;

/** Hops in order, each once. */
function hops(text: string, url = 'http://api.example.com/'): string {
  const request = parseRequest({ url, from: 'shop/till' });
  assert.ok(!('problem' in request));
  const { steps } = trace(meshFromYaml(text).mesh, request);
  assert.ok(steps.length > 0);
  return steps
    .map(({ hop }) => hop)
    .filter((hop, i, all) => hop !== all[i - 1])
    .join(' ');
}

const ambient = 'istio.io/dataplane-mode: ambient';
for (const [what, client, waypoint, way] of [
  ['ambient through a waypoint', ambient, 'istio.io/use-waypoint: wp', 'client ztunnel waypoint host'],
  ['ambient without a waypoint', ambient, 'a: b', 'client ztunnel host'],
  ['a sidecar', 'istio-injection: enabled', 'istio.io/use-waypoint: wp', 'client sidecar host'],
  ['outside the mesh', 'a: b', 'istio.io/use-waypoint: wp', 'client host'],
] as const)
  test(what, () => assert.equal(hops(manifests(client, waypoint)), way));
