// What the golden meshes cannot show: what is not known, what another version does, and what fixes ask.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bindWaypoint,
  isWaypointClass,
  waypointLabelOf,
  waypointsFor,
} from '../../../server/src/mesh/binding/waypoint-binding.ts';
import { decidingListener } from '../../../server/src/mesh/binding/waypoint-gateway.ts';
import type { ServiceEntryVisibility } from '../../../server/src/mesh/settings.ts';
import { meshFromYaml, type Files, type MeshOptions } from '../../kit/mesh-from-yaml.ts';

const entry = (labels = '', namespace = 'team') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: httpbin, namespace: ${namespace}, labels: { ${labels} } }
spec: { hosts: [httpbin.org] }
---`;
const namespace = (name: string, labels = '') => `
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { ${labels} } }
---`;
const gateway = (from: string, { name = 'wp', className = 'istio-waypoint', labels = '' } = {}) => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: egress, labels: { ${labels} } }
spec:
  gatewayClassName: ${className}
  listeners: [{ name: mesh, port: 15008, protocol: HBONE, allowedRoutes: { namespaces: ${from} } }]
---`;
const use = 'istio.io/use-waypoint: wp, istio.io/use-waypoint-namespace: egress';
const bind = (files: Files, options: MeshOptions = {}) => {
  const { mesh, find } = meshFromYaml(files, options);
  const binding = bindWaypoint(mesh, find('ServiceEntry', 'httpbin'));
  return binding.state === 'unusable' ? binding.reason : binding.state;
};

test('§1.4 without the Namespace it is not known what it is labelled with', () => {
  assert.equal(bind(entry()), 'unknown');
  assert.equal(bind(entry() + namespace('other')), 'unknown');
  assert.equal(bind(entry() + namespace('team')), 'unbound');
});

test('§1.4 two manifests of one Namespace that disagree leave it open', () => {
  assert.equal(
    bind({
      'a.yaml': entry() + namespace('team'),
      'b.yaml': namespace('team', use),
      'c.yaml': gateway('{ from: All }'),
    }),
    'unknown',
  );
  assert.equal(
    bind({
      'a.yaml': entry() + namespace('team', use),
      'b.yaml': namespace('team', use),
      'c.yaml': gateway('{ from: All }'),
    }),
    'bound',
  );
});

test('§1.10 a Gateway that is not there is missing where Gateways are vouched for, else unknown', () => {
  assert.equal(bind(entry(use)), 'missing');
  assert.equal(bind(entry(use), { completeKinds: [] }), 'unknown');
  const template = gateway('{ from: All }', { name: '"{{ .Values.name }}"' });
  assert.equal(bind({ 'a.yaml': entry(use), 'templates/b.yaml': template }), 'unknown');
});

test('two Gateways of one name that admit different namespaces leave it open', () => {
  assert.equal(
    bind({ 'a.yaml': entry(use) + gateway('{ from: All }'), 'b.yaml': gateway('{ from: Same }') }),
    'unknown',
  );
  assert.equal(
    bind({ 'a.yaml': entry(use) + gateway('{ from: Same }'), 'b.yaml': gateway('{ from: Same }') }),
    'attachment-denied',
  );
});

test('§1.16 a selector over a Namespace that is not described is open, but for the name that every one has', () => {
  const selecting = (selector: string) => entry(use) + gateway(`{ from: Selector, selector: ${selector} }`);
  assert.equal(bind(selecting('{ matchLabels: { egress: "yes" } }')), 'unknown');
  assert.equal(bind(selecting('{ matchLabels: { kubernetes.io/metadata.name: team } }')), 'bound');
  assert.equal(bind(selecting('{ matchLabels: { kubernetes.io/metadata.name: other } }')), 'attachment-denied');
  assert.equal(
    bind(selecting('{ matchLabels: { kubernetes.io/metadata.name: other, egress: "yes" } }')),
    'attachment-denied',
    'no label can help',
  );
  assert.equal(
    bind(selecting('{ matchExpressions: [{ key: egress, operator: Like, values: [a] }] }') + namespace('team')),
    'unknown',
  );
});

test('§1.11 the class is not asked for', () => {
  assert.equal(bind(entry(use) + gateway('{ from: All }', { className: 'istio' })), 'bound');
});

test('§1.12 what an undescribed class of another vendor is for is not known', () => {
  const vendor = entry(use) + gateway('{ from: All }', { className: 'acme-waypoint' });
  const described = (labels: string) =>
    `\napiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: { name: acme-waypoint, labels: { ${labels} } }\nspec: { controllerName: acme.example.com/waypoint }`;
  assert.equal(bind(vendor), 'unknown');
  assert.equal(bind(vendor + described('')), 'bound');
  assert.equal(bind(vendor + described('istio.io/waypoint-for: workload')), 'traffic-type');
  assert.equal(
    bind(
      entry(use) + gateway('{ from: All }', { className: 'acme-waypoint', labels: 'istio.io/waypoint-for: service' }),
    ),
    'bound',
  );
});

test('§1.11 which classes are waypoints', () => {
  const classOf = (className: string, istioVersion?: string) =>
    isWaypointClass(
      meshFromYaml(gateway('{ from: All }', { className })).find('Gateway', 'wp'),
      ...(istioVersion ? [{ istioVersion }] : []),
    );
  assert.equal(classOf('istio-waypoint'), true);
  assert.equal(classOf('istio-agentgateway-waypoint'), true);
  assert.equal(classOf('istio-agentgateway-waypoint', '1.30'), undefined);
  for (const other of ['istio', 'istio-remote', 'istio-east-west']) assert.equal(classOf(other), false);
  assert.equal(classOf('acme-waypoint'), undefined);
});

test('§1.19 an entry that is seen in its namespace only takes no waypoint of another, since 1.31', () => {
  const visibility: ServiceEntryVisibility = {
    defaultVisibility: 'PUBLIC',
    applyToSidecars: false,
    policies: [
      {
        visibility: 'NAMESPACE',
        namespaceSelectors: [{ matchLabels: new Map([['tenant', 'a']]), matchExpressions: [] }],
      },
    ],
  };
  const files = entry(use) + gateway('{ from: All }');
  const settings = { serviceEntryVisibility: visibility };
  assert.equal(bind(files + namespace('team', 'tenant: a'), { settings }), 'cross-namespace');
  assert.equal(bind(files + namespace('team', 'tenant: b'), { settings }), 'bound');
  assert.equal(bind(files, { settings }), 'unknown');
  assert.equal(
    bind(files + namespace('team', 'tenant: a'), { settings: { ...settings, istioVersion: '1.30' } }),
    'bound',
  );
  const own =
    entry('istio.io/use-waypoint: wp', 'egress') + gateway('{ from: All }') + namespace('egress', 'tenant: a');
  assert.equal(bind(own, { settings }), 'bound');
});

test('§1.1 Services are bound the same way', () => {
  const { mesh, find } = meshFromYaml(
    `apiVersion: v1\nkind: Service\nmetadata: { name: api, namespace: egress }\n---${namespace('egress', 'istio.io/use-waypoint: wp')}${gateway('{ from: Same }')}`,
  );
  assert.equal(bindWaypoint(mesh, find('Service', 'api')).state, 'bound');
});

test('§1.3 the label that decides, whatever it names', () => {
  const labelOf = (files: string) => {
    const { mesh, find } = meshFromYaml(files);
    const label = waypointLabelOf(mesh, find('ServiceEntry', 'httpbin'));
    return label && `${label.on.kind} ${label.namespace}/${label.name}`;
  };
  assert.equal(labelOf(entry(use)), 'ServiceEntry egress/wp');
  assert.equal(labelOf(entry() + namespace('team', 'istio.io/use-waypoint: wp')), 'Namespace team/wp');
  assert.equal(
    labelOf(entry('istio.io/use-waypoint: none') + namespace('team', 'istio.io/use-waypoint: wp')),
    'ServiceEntry team/none',
  );
  assert.equal(labelOf(entry('istio.io/use-waypoint-namespace: egress') + namespace('team')), undefined);
  const { mesh, find } = meshFromYaml(namespace('team', use));
  assert.equal(waypointLabelOf(mesh, find('Namespace', 'team'))?.namespace, 'egress');
});

test('§1.3 an opt-out is reported', () => {
  const { mesh, find } = meshFromYaml(entry('istio.io/use-waypoint: none'));
  const binding = bindWaypoint(mesh, find('ServiceEntry', 'httpbin'));
  assert.ok(binding.state === 'unbound' && binding.optedOut?.field.value === 'none');
});

test('waypoints that entries of a namespace could use, the nearest first', () => {
  const { mesh } = meshFromYaml(
    [
      gateway('{ from: All }', { name: 'far' }),
      gateway('{ from: Same }', { name: 'closed' }),
      gateway('{ from: All }', { name: 'pods', labels: 'istio.io/waypoint-for: workload' }),
      gateway('{ from: All }', { name: 'ingress', className: 'istio' }),
      gateway('{ from: All }', { name: 'vendor', className: 'acme' }),
      gateway('{ from: Same }', { name: 'near' }).replace('namespace: egress', 'namespace: team'),
    ].join(''),
  );
  assert.deepEqual(
    waypointsFor(mesh, 'team').map(({ name }) => name),
    ['near', 'far'],
  );
  assert.deepEqual(
    waypointsFor(mesh, 'egress').map(({ name }) => name),
    ['far', 'closed'],
  );
});

test('§1.15 the listener whose allowedRoutes count', () => {
  const { mesh, find } = meshFromYaml(
    gateway('{ from: All }') + gateway('{ from: All }', { name: 'odd' }).replace('15008', '15009'),
  );
  assert.equal(decidingListener(mesh, find('Gateway', 'wp'))?.name?.value, 'mesh');
  assert.equal(decidingListener(mesh, find('Gateway', 'odd')), undefined);
});

const canary = (labels: string, annotations = '') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: httpbin, namespace: team, labels: { ${labels} }, annotations: { ${annotations} } }
spec: { hosts: [httpbin.org] }
---`;
const toCanary = 'istio.io/use-waypoint-canary: next, istio.io/use-waypoint-canary-namespace: egress';
const weight = (value: string) => `istio.io/use-waypoint-canary-weight: "${value}"`;
const team = (labels: string, annotations: string) =>
  `\napiVersion: v1\nkind: Namespace\nmetadata: { name: team, labels: { ${labels} }, annotations: { ${annotations} } }\n---`;
const both = gateway('{ from: All }') + gateway('{ from: All }', { name: 'next' });
const canaryIn = (files: string, options: MeshOptions = {}) => {
  const { mesh, find } = meshFromYaml(files, options);
  const binding = bindWaypoint(mesh, find('ServiceEntry', 'httpbin'));
  if (binding.state !== 'bound') return binding.state;
  const found = binding.canary;
  if (found?.state === 'weighted') return `${found.gateway.name} ${found.weight}`;
  return found?.state === 'ignored' ? found.reason : found?.state;
};

for (const [title, files, expected, options] of [
  ['none', canary(use) + both, undefined, {}],
  ['a share of the traffic', canary(`${use}, ${toCanary}`, weight('20')) + both, 'next 20', {}],
  ['all of it', canary(`${use}, ${toCanary}`, weight('100')) + both, 'next 100', {}],
  ['no weight is no share', canary(`${use}, ${toCanary}`) + both, 'next 0', {}],
  [
    'before 1.31',
    canary(`${use}, ${toCanary}`, weight('20')) + both,
    undefined,
    { settings: { istioVersion: '1.30' } },
  ],
  ['a weight above 100', canary(`${use}, ${toCanary}`, weight('101')) + both, 'invalid-weight', {}],
  ['a weight below 0', canary(`${use}, ${toCanary}`, weight('-1')) + both, 'invalid-weight', {}],
  ['a weight that is no whole number', canary(`${use}, ${toCanary}`, weight('2.5')) + both, 'invalid-weight', {}],
  ['a weight in percent', canary(`${use}, ${toCanary}`, weight('20%')) + both, 'invalid-weight', {}],
  [
    'the same as the waypoint',
    canary(`${use}, istio.io/use-waypoint-canary: wp, istio.io/use-waypoint-canary-namespace: egress`, weight('500')) +
      both,
    'same-as-primary',
    {},
  ],
  ['none by name', canary(`${use}, istio.io/use-waypoint-canary: none`, weight('20')) + both, undefined, {}],
  [
    "its namespace defaults to the object's",
    canary(`${use}, istio.io/use-waypoint-canary: next`, weight('20')) + both,
    'missing',
    {},
  ],
  ['one that is not there', canary(`${use}, ${toCanary}`, weight('20')) + gateway('{ from: All }'), 'missing', {}],
  [
    'one that refuses',
    canary(`${use}, ${toCanary}`, weight('20')) +
      gateway('{ from: All }') +
      gateway('{ from: Same }', { name: 'next' }),
    'attachment-denied',
    {},
  ],
  [
    'one for workloads',
    canary(`${use}, ${toCanary}`, weight('20')) +
      gateway('{ from: All }') +
      gateway('{ from: All }', { name: 'next', labels: 'istio.io/waypoint-for: workload' }),
    'traffic-type',
    {},
  ],
  [
    "the Namespace's is not asked for beside the object's own waypoint",
    canary(use, weight('20')) + team(`${use}, ${toCanary}`, '') + both,
    undefined,
    {},
  ],
  [
    "the Namespace's with the Namespace's waypoint",
    canary('') + team(`${use}, ${toCanary}`, weight('20')) + both,
    'next 20',
    {},
  ],
  [
    "the object's own weight before the Namespace's",
    canary('', weight('5')) + team(`${use}, ${toCanary}`, weight('20')) + both,
    'next 5',
    {},
  ],
  ["the object's own canary, the Namespace's weight", canary(toCanary) + team(use, weight('20')) + both, 'next 20', {}],
  ['a canary without a waypoint', canary(toCanary) + team('', '') + both, 'unbound', {}],
  [
    'one that may exist',
    canary(`${use}, ${toCanary}`, weight('20')) + gateway('{ from: All }'),
    'unknown',
    { completeKinds: [] },
  ],
] as const satisfies readonly (readonly [string, string, string | undefined, MeshOptions])[])
  test(`§1.7 canary: ${title}`, () => assert.equal(canaryIn(files, options), expected));
