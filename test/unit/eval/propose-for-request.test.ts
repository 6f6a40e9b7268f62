// A policy that is proposed for a denied request lets that request through, and is proposed only where it can.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proposeForRequest } from '../../../server/src/eval/log/propose-for-request.ts';
import { parseRequest } from '../../../server/src/eval/trace/parse-request.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import { proposalYaml } from '../../../server/src/features/proposal-yaml.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const base = `
apiVersion: v1
kind: Namespace
metadata: { name: egress, labels: { istio.io/use-waypoint: wp, istio.io/dataplane-mode: ambient } }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
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
spec:
  hosts: [api.example.com]
  ports: [{ number: 80, name: http, protocol: HTTP }, { number: 5432, name: tcp, protocol: TCP }]
  resolution: DNS
---
`;
const policy = (action: string, target: string, rules: string) => `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${action.toLowerCase()}, namespace: egress }
spec:
  targetRefs: [${target}]
  action: ${action}
  rules:${rules}
`;
const entry = '{ group: networking.istio.io, kind: ServiceEntry, name: api }';
const some = `
  - from: [{ source: { serviceAccounts: [shop/other] } }]`;

function ask(text: string, url: string, method = 'GET') {
  const { mesh } = meshFromYaml(base + text);
  const request = parseRequest({ url, from: 'shop/till', method });
  assert.ok(!('problem' in request));
  const traced = trace(mesh, request);
  return { verdict: traced.verdict, proposal: proposeForRequest(mesh, request, traced) };
}

for (const [url, method] of [
  ['http://api.example.com/a?b=c', 'POST'],
  ['tcp://api.example.com:5432', 'GET'],
] as const) {
  test(`${method} ${url}: a rule to add to the one policy`, () => {
    const before = policy('ALLOW', entry, some);
    const { verdict, proposal } = ask(before, url, method);
    assert.equal(verdict, 'denied');
    assert.equal(proposal?.title, 'A rule to add to AuthorizationPolicy egress/allow');
    const rule = proposalYaml(proposal)
      .split('\n')
      .map((line) => `  ${line}`)
      .join('\n');
    assert.equal(ask(`${before.trimEnd()}\n${rule}`, url, method).verdict, 'allowed');
  });

  test(`${method} ${url}: a policy of its own where two policies are there`, () => {
    const before = `${policy('ALLOW', entry, some)}---${policy('ALLOW', entry, some).replace('name: allow', 'name: second')}`;
    const { proposal } = ask(before, url, method);
    assert.equal(proposal?.title, 'An AuthorizationPolicy that allows it');
    assert.equal(ask(`${before}---\n${proposalYaml(proposal)}`, url, method).verdict, 'allowed');
  });
}

test('nothing is proposed for what is allowed, fails, or is denied by a rule', () => {
  const deny = `
  - to: [{ operation: { methods: [POST] } }]`;
  const url = 'http://api.example.com/';
  assert.deepEqual(ask('', url), { verdict: 'allowed', proposal: undefined });
  assert.deepEqual(ask('', 'http://api.example.com:81/'), { verdict: 'fails', proposal: undefined });
  assert.deepEqual(ask(policy('DENY', entry, deny), url, 'POST'), { verdict: 'denied', proposal: undefined });
});
