// Whole resources in an empty document: what the mesh lacks, each of which ends its need and starts no finding, then templates.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../../../server/src/base/text-edit.ts';
import type { ManifestChoice } from '../../../server/src/features/completion/choice.ts';
import { manifestChoices } from '../../../server/src/features/completion/complete.ts';
import { templates } from '../../../server/src/features/templates/templates.ts';
import type { EngineSettings } from '../../../server/src/engine/settings.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const namespace = `apiVersion: v1
kind: Namespace
metadata: { name: out, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: way } }
`;
const waypoint = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: way, namespace: out }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
`;
const entry = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: pay, namespace: out }
spec:
  hosts: [api.pay.example]
  ports: [{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]
  resolution: DNS
`;
const rule = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: pay, namespace: out }
spec: { host: api.pay.example, trafficPolicy: { tls: { mode: SIMPLE } } }
`;
const mutual = rule.replace('SIMPLE', 'MUTUAL, credentialName: pay-client');
const role = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: other, namespace: out }
rules: []
`;
const route = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: pay, namespace: out }
spec:
  hosts: [api.pay.example]
  http: [{ route: [{ destination: { host: new.pay.example, port: { number: 80 } } }] }]
`;
const policy = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: all, namespace: out }
spec:
  targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: way }]
  rules: [{ to: [{ operation: { hosts: [api.pay.example, "lost.pay.example:*"] } }] }]
`;

function workspaceOf(documents: readonly string[], settings: Partial<EngineSettings> = {}) {
  const workspace = newWorkspace(settings);
  workspace.setFile('file:///mesh.yaml', documents.join('---\n'));
  workspace.setFile('file:///new.yaml', '');
  workspace.refresh();
  return workspace;
}

type Workspace = ReturnType<typeof workspaceOf>;

function offered(
  workspace: Workspace,
  uri = 'file:///new.yaml',
  text = '',
  offset = text.length,
): readonly ManifestChoice[] {
  return manifestChoices({ workspace, uri, text, offset }).choices;
}

function findingsOf(workspace: Workspace): readonly string[] {
  workspace.refresh();
  return [...workspace.uris].flatMap((uri) =>
    workspace.findings(uri).map(({ rule: id, message }) => `${id}: ${message}`),
  );
}

/** A policy that distinguishes hosts by name is weak as soon as there are two, whatever declares the second. */
const follows = (finding: string): boolean => finding.startsWith('policy-host-is-spoofable:');

const needs: readonly (readonly [title: string, documents: readonly string[]])[] = [
  ['Gateway out/way: the waypoint that a label names', [namespace, entry, rule]],
  ['ServiceEntry for api.pay.example', [namespace, waypoint, rule]],
  ['ServiceEntry for new.pay.example', [namespace, waypoint, entry, rule, route]],
  ['ServiceEntry for lost.pay.example', [namespace, waypoint, entry, rule, policy]],
  ['TLS origination for api.pay.example', [namespace, waypoint, entry]],
  [
    'TLS origination for api.pay.example',
    [namespace.replace(/labels: .*\}/, 'labels: { istio-injection: enabled } }'), entry],
  ],
  ['Role and RoleBinding that let Gateway out/way read Secret pay-client', [namespace, waypoint, entry, mutual, role]],
  ['AuthorizationPolicy for ServiceEntry pay', [namespace, waypoint, entry, rule]],
  ['Telemetry: access log of waypoint way', [namespace, waypoint, entry, rule]],
];

for (const [title, documents] of needs)
  test(`offered while it is lacking: ${title}`, () => {
    const workspace = workspaceOf(documents);
    const before = findingsOf(workspace);
    const all = offered(workspace);
    const choice = all.find(({ label }) => label === title);
    assert.ok(choice, all.map(({ label }) => label).join('\n'));
    assert.ok(
      all.indexOf(choice) < all.findIndex(({ label }) => label === 'Egress namespace with its waypoint'),
      'before the templates',
    );
    workspace.setFile('file:///new.yaml', choice.newText);
    assert.deepEqual(
      findingsOf(workspace).filter((one) => !before.includes(one) && !follows(one)),
      [],
      choice.newText,
    );
    assert.ok(!offered(workspace, 'file:///other.yaml').some(({ label }) => label === title), 'still offered');
  });

test('nothing is lacking where everything is there', () => {
  const complete = policy.replace(/rules: .*/, 'rules: [{ from: [{ source: { namespaces: [shop] } }] }]');
  const log = `apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: log, namespace: out }
spec: { accessLogging: [{ providers: [{ name: envoy }] }] }
`;
  const choices = offered(workspaceOf([namespace, waypoint, entry, rule, complete, log]));
  assert.equal(choices[0]?.label, 'Egress namespace with its waypoint');
});

test('files that are not all there prove no Gateway and no ServiceEntry missing', () => {
  const labels = offered(workspaceOf([namespace, rule], { isPartial: true })).map(({ label }) => label);
  assert.deepEqual(
    labels.filter((label) => /^(Gateway out|ServiceEntry for)/.test(label)),
    [],
  );
});

test('all templates are offered after `---`, and those of a later release are not', () => {
  const text = `${entry}---\n`;
  const titles = (version: string) => {
    const workspace = workspaceOf([], { mesh: { istioVersion: version } });
    workspace.setFile('file:///new.yaml', text);
    workspace.refresh();
    return offered(workspace, 'file:///new.yaml', text).map(({ label }) => label);
  };
  const newest = titles('1.31');
  assert.deepEqual(
    templates.filter(({ title }) => !newest.includes(title)),
    [],
  );
  assert.ok(!titles('1.27').some((title) => title.includes('wildcard')));
  assert.ok(titles('1.27').includes('ServiceEntry: TCP'));
});

test('what is typed is replaced, in the line ends of the file', () => {
  const text = '# egress\r\n---\r\nTele\r\n';
  const workspace = workspaceOf([namespace, waypoint]);
  const choice = offered(workspace, 'file:///new.yaml', text, text.indexOf('Tele') + 4).find(
    ({ label }) => label === 'Telemetry: egress access log',
  );
  assert.ok(choice);
  const after = applyEdits(text, [{ span: choice.replace, newText: choice.newText }]);
  assert.match(after, /^# egress\r\n---\r\napiVersion: telemetry\.istio\.io\/v1\r\n/);
  assert.doesNotMatch(after, /[^\r]\n|Tele\r/);
});

test('places take their values from the mesh, and a need keeps its own', () => {
  const second = entry.replace('name: pay', 'name: bank').replace('api.pay', 'api.bank');
  const choices = offered(workspaceOf([namespace, waypoint, entry, second]));
  const snippetOf = (title: string) => choices.find(({ label }) => label === title)?.snippet ?? '';
  const template = snippetOf('AuthorizationPolicy for a ServiceEntry');
  assert.match(template, /namespace: \$\{2:out\}/);
  assert.match(template, /\$\{3\|pay,bank\|\}/);
  assert.match(snippetOf('AuthorizationPolicy for ServiceEntry bank'), /name: \$\{3:bank\}/);
  assert.match(snippetOf('Egress waypoint'), /\$\{1:way-2\}/, 'a name that is free');
});

test('nothing is offered where a file holds something else', () => {
  const workspace = workspaceOf([namespace]);
  workspace.setFile('file:///patch.yaml', '', { leftAlone: 'kustomize-patch' });
  workspace.refresh();
  assert.deepEqual(offered(workspace, 'file:///patch.yaml'), []);
  assert.deepEqual(offered(workspace, 'file:///kustomization.yaml'), []);
});

test('a large mesh is answered from what is near', () => {
  const many = Array.from({ length: 3000 }, (_, i) =>
    entry
      .replace('name: pay', `name: e${i}`)
      .replace('api.pay', `h${i}.pay`)
      .replace('namespace: out', `namespace: n${i % 50}`),
  );
  const workspace = workspaceOf([namespace, waypoint, ...many, entry]);
  workspace.setFile('file:///new.yaml', '', { defaultNamespace: 'out' });
  workspace.refresh();
  assert.equal(offered(workspace)[0]?.label, 'TLS origination for api.pay.example');
  assert.ok(offered(workspace).length < 200);
});
