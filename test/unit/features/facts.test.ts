// Computed facts as they are said: each case a mesh, a resource, and its line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factsOf } from '../../../server/src/features/facts/facts.ts';
import { sayFacts } from '../../../server/src/features/facts/say.ts';
import { titleOf } from '../../../server/src/features/facts/title.ts';
import type { Line } from '../../../server/src/features/facts/fact-wording.ts';
import type { Kind } from '../../../server/src/model/kinds.ts';
import type { AnyResource } from '../../../server/src/model/resource.ts';
import { meshFromYaml, type MeshOptions } from '../../kit/mesh-from-yaml.ts';

const join = (...documents: readonly string[]) => documents.join('\n---\n');

const namespace = (label = '') => `apiVersion: v1
kind: Namespace
metadata:
  name: egress
  labels: { istio.io/dataplane-mode: ambient${label === '' ? '' : `, istio.io/use-waypoint: ${label}`} }`;
const gateway = (more = '') => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gw, namespace: egress${more} }
spec:
  gatewayClassName: istio-waypoint
  listeners: [{ name: mesh, port: 15008, protocol: HBONE }]`;
const entry = ({
  labels = '',
  hosts = 'api.example.com',
  resolution = 'resolution: DNS',
  ports = '[{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]',
  name = 'api',
  ns = 'egress',
} = {}) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: ${ns}, labels: { ${labels} } }
spec:
  hosts: ['${hosts}']
  ports: ${ports}
  ${resolution}`;
const rule = ({
  name = 'api',
  ns = 'egress',
  host = 'api.example.com',
  tls = 'mode: SIMPLE',
  more = '',
} = {}) => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: ${ns} }
spec:
  host: '${host}'
  ${more}
  trafficPolicy: { tls: { ${tls} } }`;
const policy = ({
  target = '',
  action = 'ALLOW',
  annotations = '',
  name = 'callers',
} = {}) => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: egress, annotations: { ${annotations} } }
spec:
  action: ${action}
  ${target === '' ? '' : `targetRefs: [${target}]`}
  rules: [{ to: [{ operation: { methods: [GET] } }] }]`;
const toEntry = '{ group: networking.istio.io, kind: ServiceEntry, name: api }';
const toGateway = '{ group: gateway.networking.k8s.io, kind: Gateway, name: gw }';

function facts(text: string, kind: Kind, name: string, options: MeshOptions = {}) {
  const { mesh, find } = meshFromYaml(text, options);
  return factsOf(mesh, find(kind, name) as AnyResource);
}

function plain({ label, words }: Line): string {
  return `${label}: ${words.map((part) => (typeof part === 'string' ? part : part.text)).join('')}`;
}

function said(...given: Parameters<typeof facts>): readonly string[] {
  const found = facts(...given);
  return found ? sayFacts(found).map(plain) : [];
}

const bound = join(namespace('gw'), gateway(), entry());

const titles: readonly (readonly [what: string, text: string, kind: Kind, name: string, title: string])[] = [
  [
    'nothing originates TLS, nobody is kept out',
    bound,
    'ServiceEntry',
    'api',
    'via egress/gw · plain HTTP to :443 · anyone may call',
  ],
  [
    'TLS and a policy',
    join(bound, rule(), policy({ target: toEntry })),
    'ServiceEntry',
    'api',
    'via egress/gw · TLS SIMPLE to :443 · 1 policy',
  ],
  [
    'policies on the entry and on the Gateway',
    join(bound, rule(), policy({ target: toEntry }), policy({ target: toGateway, name: 'all' })),
    'ServiceEntry',
    'api',
    'via egress/gw · TLS SIMPLE to :443 · 2 policies',
  ],
  [
    'a dry run keeps nobody out',
    join(bound, policy({ target: toEntry, annotations: "istio.io/dry-run: 'true'" })),
    'ServiceEntry',
    'api',
    'via egress/gw · plain HTTP to :443 · anyone may call',
  ],
  [
    'a policy without a target does not count',
    join(bound, policy()),
    'ServiceEntry',
    'api',
    'via egress/gw · plain HTTP to :443 · anyone may call',
  ],
  ['no waypoint', join(namespace(), entry()), 'ServiceEntry', 'api', 'direct, no waypoint · plain HTTP to :443'],
  [
    'no such waypoint',
    join(namespace('gone'), entry()),
    'ServiceEntry',
    'api',
    'direct, waypoint egress/gone cannot be used · plain HTTP to :443',
  ],
  ['a namespace that nobody describes', entry(), 'ServiceEntry', 'api', 'waypoint unknown'],
  [
    'no address',
    join(namespace('gw'), gateway(), entry({ resolution: '' })),
    'ServiceEntry',
    'api',
    'via egress/gw · plain HTTP to :443 · no address: waypoint skipped · anyone may call',
  ],
  [
    'TLS of the client',
    join(namespace('gw'), gateway(), entry({ ports: '[{ number: 443, name: tls, protocol: TLS }]' })),
    'ServiceEntry',
    'api',
    "via egress/gw · client's TLS to :443 · anyone may call",
  ],
  [
    'what age decides is not told',
    join(bound, rule(), rule({ name: 'other', tls: 'mode: DISABLE' })),
    'ServiceEntry',
    'api',
    'via egress/gw · anyone may call',
  ],
  ['a rule that is selected', join(bound, rule()), 'DestinationRule', 'api', 'TLS SIMPLE for api.example.com'],
  [
    'one in a namespace that is not visited',
    join(bound, rule({ ns: 'shop' })),
    'DestinationRule',
    'api',
    'not applied: the waypoint does not read its namespace',
  ],
  [
    'one without a waypoint',
    join(namespace(), entry(), rule()),
    'DestinationRule',
    'api',
    'not applied: no waypoint is bound to apply it',
  ],
  [
    'one with a workloadSelector',
    join(bound, rule({ more: 'workloadSelector: { matchLabels: { app: a } }' })),
    'DestinationRule',
    'api',
    'not applied: it has a workloadSelector, so waypoints ignore it',
  ],
  [
    'one for nothing',
    join(bound, rule({ host: 'other.example.com' })),
    'DestinationRule',
    'api',
    'no ServiceEntry has the host other.example.com',
  ],
  [
    'a wildcard over several',
    join(bound, entry({ name: 'b', hosts: 'b.example.com' }), rule({ host: '*.example.com' })),
    'DestinationRule',
    'api',
    'TLS SIMPLE for 2 hosts',
  ],
  [
    'two of one age',
    join(bound, rule(), rule({ name: 'other', tls: 'mode: DISABLE' })),
    'DestinationRule',
    'api',
    '1 host: the rule created first is used',
  ],
  ['a waypoint', join(bound, policy({ target: toGateway })), 'Gateway', 'gw', 'waypoint of 1 object · 1 policy'],
  [
    'a waypoint that serves no services',
    join(namespace('gw'), gateway(', labels: { istio.io/waypoint-for: workload }'), entry()),
    'Gateway',
    'gw',
    'waypoint of 0 objects · 1 not bound',
  ],
  [
    'a policy on an entry',
    join(bound, policy({ target: toEntry })),
    'AuthorizationPolicy',
    'callers',
    'ALLOW · enforced for ServiceEntry api',
  ],
  [
    'a policy on an entry without a waypoint',
    join(namespace(), entry(), policy({ target: toEntry })),
    'AuthorizationPolicy',
    'callers',
    'ALLOW · 1 of 1 target not enforced',
  ],
  [
    'a policy on nothing',
    join(bound, policy({ action: 'DENY' })),
    'AuthorizationPolicy',
    'callers',
    'DENY · no waypoint applies it',
  ],
  ['a namespace', bound, 'Namespace', 'egress', '1 ServiceEntry via egress/gw'],
  [
    'a namespace whose waypoint is nowhere',
    join(namespace('gone'), entry()),
    'Namespace',
    'egress',
    '0 ServiceEntries via egress/gone · not in these files · 1 not bound',
  ],
  [
    'a namespace that wants none',
    join(namespace('none'), gateway(), entry()),
    'Namespace',
    'egress',
    'no waypoint (label none)',
  ],
];
for (const [what, text, kind, name, title] of titles) {
  test(`in a line: ${what}`, () => {
    const found = facts(text, kind, name);
    assert.equal(found && titleOf(found), title);
  });
}

test('an entry in full: what decides each fact is named', () => {
  assert.deepEqual(said(join(bound, rule(), policy({ target: toEntry })), 'ServiceEntry', 'api'), [
    'Waypoint: egress/gw, by the label of Namespace egress',
    'Address: allocated by the mesh',
    'DestinationRule: egress/api',
    'Port 80: TLS SIMPLE to :443, originated by DestinationRule egress/api: SNI from the Host header, roots system, name must be the Host header',
    'Callers: only clients that a policy allows: ALLOW egress/callers',
  ]);
});

test('the selected rule, what it shadows, and why another is not selected', () => {
  const lines = said(
    join(bound, rule(), rule({ name: 'wide', host: '*.example.com' }), rule({ name: 'far', ns: 'shop' })),
    'ServiceEntry',
    'api',
  );
  const line = lines.find((one) => one.startsWith('DestinationRule'))!;
  assert.match(line, /^DestinationRule: egress\/api; /);
  assert.match(line, /shop\/far is not used: the waypoint does not read its namespace/);
  assert.match(line, /egress\/wide is not used: another rule is used instead/);
});

test('a rule that sidecars use for the second host of an entry is not said to be unused', () => {
  const home = `apiVersion: v1
kind: Namespace
metadata: { name: egress, labels: { istio-injection: enabled } }`;
  const two = entry().replace("['api.example.com']", '[other.example.com, api.example.com]');
  const lines = said(join(home, two, rule()), 'ServiceEntry', 'api');
  assert.deepEqual(
    lines.filter((line) => line.includes('not used')),
    [],
  );
});

test('SNI, names and roots are those of the rule', () => {
  const lines = said(
    join(
      bound,
      rule({ tls: 'mode: SIMPLE, sni: front.example.com, subjectAltNames: [x.example.com], credentialName: ca' }),
    ),
    'ServiceEntry',
    'api',
  );
  assert.ok(
    lines.some((line) => line.endsWith('SNI front.example.com, roots secret ca, name must be x.example.com')),
    lines.join('\n'),
  );
  const unverified = said(join(bound, rule({ tls: 'mode: SIMPLE, insecureSkipVerify: true' })), 'ServiceEntry', 'api');
  assert.ok(unverified.some((line) => line.endsWith('the certificate is not verified')));
});

test('why bytes leave as they came is linked to the place that says so', () => {
  const found = facts(join(bound, rule({ tls: 'mode: DISABLE' })), 'ServiceEntry', 'api')!;
  const port = sayFacts(found).find(({ label }) => label === 'Port 80')!;
  const why = port.words.find((part) => typeof part !== 'string');
  assert.ok(
    typeof why === 'object' &&
      why.resource.kind === 'DestinationRule' &&
      why.text === 'the selected rule turns TLS off',
  );
});

test('a route that leads elsewhere leaves it open what leaves', () => {
  const route = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: r, namespace: egress }
spec:
  hosts: [api.example.com]
  http: [{ route: [{ destination: { host: api.example.com, port: { number: 443 } } }] }]`;
  const text = join(
    namespace('gw'),
    gateway(),
    entry({
      ports:
        '[{ number: 80, name: http, protocol: HTTP, targetPort: 443 }, { number: 443, name: https, protocol: HTTPS }]',
    }),
    rule(),
    route,
  );
  assert.match(
    said(text, 'ServiceEntry', 'api').find((line) => line.startsWith('Port 80'))!,
    /a route, or the mesh's own mTLS, decides/,
  );
});

test('where policies may be missing, no client counts as allowed', () => {
  const found = facts(bound, 'ServiceEntry', 'api', { completeKinds: ['ServiceEntry', 'DestinationRule', 'Gateway'] })!;
  assert.equal(titleOf(found), 'via egress/gw · plain HTTP to :443');
  assert.match(sayFacts(found).map(plain).at(-1)!, /^Callers: anyone \(as far as these files show\)/);
});

test('another entry for the same host is named', () => {
  const lines = said(join(bound, entry({ name: 'copy' })), 'ServiceEntry', 'api');
  assert.ok(lines.includes('Also declared by: ServiceEntry egress/copy'), lines.join('\n'));
});

test('kinds without facts have none, nor have Gateways that are no waypoints, nor Namespaces without the label', () => {
  const ingress = gateway().replace('istio-waypoint', 'istio').replace('protocol: HBONE', 'protocol: HTTP');
  assert.equal(facts(join(namespace(), ingress), 'Gateway', 'gw'), undefined);
  assert.equal(facts(namespace(), 'Namespace', 'egress'), undefined);
});

test('a rule for everything tells the first twenty', () => {
  const many = Array.from({ length: 25 }, (_, i) => entry({ name: `e${i}`, hosts: `h${i}.example.com` }));
  const found = facts(join(namespace('gw'), gateway(), ...many, rule({ host: '*' })), 'DestinationRule', 'api')!;
  assert.ok(found.kind === 'DestinationRule');
  assert.deepEqual([found.selections.length, found.unlisted], [20, 5]);
  assert.equal(titleOf(found), 'TLS SIMPLE for 20+ hosts');
});

test('the impact of a waypoint for a whole mesh is limited to a hundred', () => {
  const many = Array.from({ length: 130 }, (_, i) => entry({ name: `e${i}`, hosts: `h${i}.example.com` }));
  const text = join(namespace('gw'), gateway(), ...many, policy({ target: toGateway }));
  const title = (kind: Kind, name: string) => titleOf(facts(text, kind, name)!);
  assert.equal(title('Namespace', 'egress'), '100+ ServiceEntries via egress/gw');
  assert.equal(title('Gateway', 'gw'), 'waypoint of 100+ objects · 1 policy');
  assert.ok(said(text, 'Gateway', 'gw').includes('…: 30 more, not checked here'));
  assert.ok(
    said(text, 'AuthorizationPolicy', 'callers').some((line) =>
      line.endsWith('enforced for 100+ objects that are bound to it'),
    ),
  );
});

test('entries that have a label of their own are bound by it, or not', () => {
  const text = join(
    namespace('gw'),
    gateway(),
    entry(),
    entry({ name: 'own', hosts: 'own.example.com', labels: 'istio.io/use-waypoint: gw' }),
    entry({ name: 'out', hosts: 'out.example.com', labels: 'istio.io/use-waypoint: none' }),
  );
  assert.equal(titleOf(facts(text, 'Gateway', 'gw')!), 'waypoint of 2 objects');
  assert.deepEqual(said(text, 'Namespace', 'egress'), [
    'Waypoint: egress/gw',
    'Bound: ServiceEntry egress/api',
    'Others: 2 ServiceEntries have labels of their own',
  ]);
});
