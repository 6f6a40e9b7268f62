// discoverySelectors: what lies in a namespace that istiod does not look into does not exist for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyzeFiles } from '../../../server/src/engine/analyze.ts';
import { keysBehind } from '../../../server/src/mesh/index/fact.ts';
import { destinationRuleFor } from '../../../server/src/mesh/destination-rules/destination-rule-for.ts';
import { bindWaypoint } from '../../../server/src/mesh/binding/waypoint-binding.ts';
import { meshFromYaml, type MeshOptions } from '../../kit/mesh-from-yaml.ts';

const enabled = { matchLabels: new Map([['discovery', 'on']]), matchExpressions: [] };
const byName = (...values: string[]) => ({
  matchLabels: new Map<string, string>(),
  matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values }],
});
const selecting = (...discoverySelectors: readonly (typeof enabled | ReturnType<typeof byName>)[]): MeshOptions => ({
  settings: { discoverySelectors },
});
const namespace = (name: string, labels = '') =>
  `\napiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { ${labels} } }\n---`;
const entry = (name = 'httpbin') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: team, labels: { istio.io/use-waypoint: wp, istio.io/use-waypoint-namespace: egress } }
spec: { hosts: [httpbin.org], ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }
---`;
const gateway = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: egress }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE, allowedRoutes: { namespaces: { from: All } } }] }
---`;
const rule = (home: string) => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${home}, namespace: ${home} }
spec: { host: httpbin.org, trafficPolicy: { tls: { mode: SIMPLE } } }
---`;
const all = entry() + gateway + rule('egress') + rule('team');
const on = 'discovery: "on"';

const bindingIn = (files: string, options: MeshOptions) => {
  const { mesh, find } = meshFromYaml(files, options);
  const binding = bindWaypoint(mesh, find('ServiceEntry', 'httpbin'));
  return binding.state === 'unusable' ? binding.reason : binding.state;
};
const ruleIn = (files: string, options: MeshOptions) => {
  const { mesh, find } = meshFromYaml(files, options);
  const choice = destinationRuleFor(mesh, find('ServiceEntry', 'httpbin'), 'httpbin.org');
  return choice.state === 'selected' ? choice.rule.name : choice.state;
};

test('§1.21 without selectors every namespace is seen', () => {
  assert.equal(bindingIn(all, {}), 'bound');
  assert.equal(bindingIn(all, selecting()), 'bound');
});

test('§1.21 a Gateway of a namespace that is not selected is missing', () => {
  assert.equal(bindingIn(all + namespace('egress') + namespace('team', on), selecting(enabled)), 'missing');
  assert.equal(bindingIn(all + namespace('egress', on) + namespace('team', on), selecting(enabled)), 'bound');
});

test('§1.21 a Gateway of a namespace that is not described may be seen', () => {
  assert.equal(bindingIn(all + namespace('team', on), selecting(enabled)), 'unknown');
  assert.equal(bindingIn(all, selecting(byName('egress', 'team'))), 'bound', 'every namespace has its name as a label');
  assert.equal(bindingIn(all, selecting(byName('team'))), 'missing');
});

test('§1.21 one of several selectors is enough', () => {
  assert.equal(bindingIn(all + namespace('egress'), selecting(enabled, byName('egress', 'team'))), 'bound');
});

test('§1.21 a DestinationRule of a namespace that is not selected is no rule', () => {
  const named = (...names: string[]) => selecting(byName('istio-system', ...names));
  assert.equal(ruleIn(all, named('egress', 'team')), 'egress');
  const elsewhere = entry() + gateway + rule('team');
  assert.equal(ruleIn(elsewhere, named('egress', 'team')), 'team');
  assert.equal(
    ruleIn(elsewhere + namespace('team'), selecting(byName('egress', 'istio-system'), enabled)),
    'none',
    'nor is there an entry to look one up for',
  );
  assert.equal(
    ruleIn(elsewhere, selecting(byName('egress', 'istio-system'), enabled)),
    'unknown',
    'the namespace may have the label',
  );
});

test('§1.21 what is known of a kind', () => {
  const { mesh } = meshFromYaml(all + namespace('egress', on) + namespace('out'), selecting(enabled));
  assert.deepEqual(
    ['egress', 'out', 'team'].map((home) => mesh.discovers(home)),
    [true, false, undefined],
  );
  assert.deepEqual(
    ['egress', 'out', 'team'].map((home) => mesh.knows('ServiceEntry', home)),
    [true, true, false],
  );
  assert.equal(mesh.knows('Gateway'), true, 'the only Gateway is seen');
  assert.equal(mesh.knows('ServiceEntry'), false, 'one may be seen or not');
  assert.deepEqual(mesh.hostOwners('httpbin.org'), []);
});

test('§1.21 kinds of Kubernetes itself are there all the same', () => {
  const role =
    '\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: { name: r, namespace: out }\nrules: []\n---';
  const { mesh } = meshFromYaml(role + namespace('out'), selecting(enabled));
  assert.equal(mesh.named('Role', 'out', 'r').length, 1);
  assert.equal(mesh.named('Namespace', '', 'out').length, 1);
});

test('§1.21 whoever was answered is woken by the Namespace', () => {
  const read = new Set<string>();
  const { mesh, index, find } = meshFromYaml(all, { ...selecting(enabled), record: (key) => read.add(key) });
  bindWaypoint(mesh, find('ServiceEntry', 'httpbin'));
  assert.ok([...read].flatMap((key) => [...keysBehind(index.known.of(key))]).includes('Namespace//egress'));
});

const findings = (files: string, selectors: string) =>
  analyzeFiles([
    { uri: 'file:///mesh.yaml', text: `meshConfig:\n  discoverySelectors: ${selectors}\n` },
    { uri: 'file:///a.yaml', text: files },
  ]);

test('§1.21 rules are silent about namespaces that istiod does not see, until a label is set', () => {
  const twice = entry() + entry('again');
  const found = (text: string, selectors: string) =>
    findings(text, selectors)
      .findings.map(({ rule: id }) => id)
      .filter((id) => id === 'duplicate-host-in-namespace');
  assert.equal(found(twice, '[]').length > 0, true);
  assert.deepEqual(found(twice + namespace('team'), '[{ matchLabels: { discovery: "on" } }]'), []);
  const { workspace } = findings(twice + namespace('team'), '[{ matchLabels: { discovery: "on" } }]');
  workspace.setFile('file:///a.yaml', twice + namespace('team', on));
  workspace.refresh();
  assert.ok(workspace.findings('file:///a.yaml').some(({ rule: id }) => id === 'duplicate-host-in-namespace'));
});

test('§1.21 another value of a selector is another setting', () => {
  const twice = entry() + entry('again') + namespace('team', on);
  const { workspace } = findings(twice, '[{ matchLabels: { discovery: "off" } }]');
  const count = () =>
    workspace.findings('file:///a.yaml').filter(({ rule: id }) => id === 'duplicate-host-in-namespace').length;
  assert.equal(count(), 0);
  workspace.setFile('file:///mesh.yaml', 'meshConfig:\n  discoverySelectors: [{ matchLabels: { discovery: "on" } }]\n');
  workspace.refresh();
  assert.ok(count() > 0);
});
