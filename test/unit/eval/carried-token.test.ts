// A request that could carry a token is not taken for one without.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { couldCarryToken } from '../../../server/src/eval/authz/carried-token.ts';
import { parseRequest } from '../../../server/src/eval/trace/parse-request.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const jwt = 'eyJhbGciOiJub25lIn0.e30.c2ln';
const cases: readonly (readonly [string, Readonly<Record<string, string>>, boolean])[] = [
  ['/', {}, false],
  ['/a?page=2', { accept: '*/*', 'user-agent': 'curl/8' }, false],
  ['/', { ':authority': 'token.example.com' }, false],
  ['/', { authorization: 'Bearer x' }, true],
  ['/', { 'x-jwt-assertion': 'x' }, true],
  ['/', { 'x-user': jwt }, true],
  ['/', { cookie: `session=${jwt}` }, true],
  ['/?access_token=x', {}, true],
  [`/?q=${jwt}`, {}, true],
];

for (const [path, headers, could] of cases)
  test(`${path} ${JSON.stringify(headers)}: ${could}`, () => {
    assert.equal(couldCarryToken({ path, headers: new Map(Object.entries(headers)) }), could);
  });

const mesh = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: egress }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: egress, labels: { istio.io/use-waypoint: wp } }
spec: { hosts: [api.example.com], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: no-tokens, namespace: egress }
spec:
  targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: api }]
  action: DENY
  rules: [{ from: [{ source: { requestPrincipals: ["*"] } }] }]
`;

test('a DENY of tokens does not let a token in another place through', () => {
  const verdictOf = (path: string) => {
    const request = parseRequest({ from: 'shop/web', url: `http://api.example.com${path}` });
    assert.ok(!('problem' in request));
    return trace(meshFromYaml(mesh).mesh, request).verdict;
  };
  assert.equal(verdictOf('/'), 'allowed');
  assert.equal(verdictOf('/?access_token=x'), 'undetermined');
});
