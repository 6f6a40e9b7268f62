// Of several policies or rules that deny a request, a trace names the one that is in the proxy's log: the first by the name of its rule.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policiesAt } from '../../../server/src/eval/authz/attached-policies.ts';
import { evaluate } from '../../../server/src/eval/authz/evaluate.ts';
import { readLine } from '../../kit/authz-case.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';
import { authzCases } from './authz-cases.ts';

const { connection } = readLine(authzCases[0]!.lines[0]!);
const never = '{ from: [{ source: { namespaces: [nobody] } }] }';

interface Written {
  readonly name: string;
  readonly target: string;
  readonly rules: string;
  /** Of one with action CUSTOM. */
  readonly provider?: string;
}

function denying(policies: readonly Written[]) {
  const yaml = policies.map(
    ({ name, target, rules, provider }) => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: egress }
spec: { ${provider ? `action: CUSTOM, provider: { name: ${provider} }` : 'action: DENY'}, targetRefs: [${target}], rules: [${rules}] }
`,
  );
  const { mesh, find } = meshFromYaml([...objects, ...yaml].join('---\n'), { written: true });
  const { because } = evaluate(
    policiesAt(mesh, find('Gateway', 'egress/gate'), find('ServiceEntry', 'egress/httpbin')),
    connection,
    { providers: [] },
  );
  assert.ok(because.by === 'deny-rule');
  return `${because.policy.name} ${because.rule}`;
}

const objects = [
  `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gate, namespace: egress }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
`,
  `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: httpbin, namespace: egress, labels: { istio.io/use-waypoint: gate } }
spec: { hosts: [httpbin.org], resolution: DNS, ports: [{ number: 80, name: http, protocol: HTTP }] }
`,
];
const gateway = '{ group: gateway.networking.k8s.io, kind: Gateway, name: gate }';
const entry = '{ group: networking.istio.io, kind: ServiceEntry, name: httpbin }';

test('policies of the gateway and of the entry are in one order', () => {
  assert.equal(
    denying([
      { name: 'b', target: entry, rules: '{}' },
      { name: 'a', target: gateway, rules: '{}' },
    ]),
    'a 0',
  );
  assert.equal(
    denying([
      { name: 'b', target: gateway, rules: '{}' },
      { name: 'a', target: entry, rules: `${never}, {}` },
    ]),
    'a 1',
  );
});

test('rules are in the order of their numbers as text', () => {
  const rules = Array.from({ length: 11 }, (_, at) => (at === 2 || at === 10 ? '{}' : never));
  assert.equal(denying([{ name: 'a', target: entry, rules: rules.join(', ') }]), 'a 10');
});

test('policies of several providers are in the order of these', () => {
  assert.equal(
    denying([
      { name: 'a', target: entry, rules: '{}', provider: 'sso' },
      { name: 'b', target: entry, rules: '{}', provider: 'audit' },
    ]),
    'b 0',
  );
});
