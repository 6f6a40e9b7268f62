// Whether a waypoint logs requests to a host, and what decides it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessLogFor } from '../../../server/src/mesh/telemetry/telemetry-in-scope.ts';
import { meshFromYaml, type MeshOptions } from '../../kit/mesh-from-yaml.ts';

const world = (namespace = 'team') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: httpbin, namespace: ${namespace} }
spec: { hosts: [httpbin.org] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: egress }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---`;
const telemetry = (name: string, namespace: string, spec: string) => `
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: { name: ${name}, namespace: ${namespace} }
spec: { ${spec} }
---`;
const onEntry = 'targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: httpbin }], ';
const onGateway = 'targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: wp }], ';
const onClass = 'targetRefs: [{ group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint }], ';
const log = (...providers: string[]) =>
  `accessLogging: [{ providers: [${providers.map((name) => `{ name: ${name} }`).join(', ')}] }]`;
const off = 'accessLogging: [{ disabled: true }]';
const client = 'accessLogging: [{ match: { mode: CLIENT }, providers: [{ name: envoy }] }]';
const stdout = { settings: { accessLogFile: '/dev/stdout' } };

/** `state providers | reasons`. */
function ask(files: string, options: MeshOptions = {}): string {
  const { mesh, find } = meshFromYaml(files, options);
  const { state, providers, reasons } = accessLogFor(mesh, find('ServiceEntry', 'httpbin'), find('Gateway', 'wp'));
  const why = reasons.map((one) =>
    [one.why, one.telemetry?.name, one.provider].filter((part) => part !== undefined).join(' '),
  );
  return [[state, ...providers].join(' '), ...why].join(' | ');
}

for (const [title, files, expected, options] of [
  ['§5.6 nothing configured, no file', world(), 'not-logged', {}],
  ['§5.6 nothing configured, a file', world(), 'logged', stdout],
  ['§5.6 a default provider', world(), 'logged envoy', { settings: { defaultAccessLogProviders: ['envoy'] } }],
  ["§5.2 the root namespace's", world() + telemetry('t', 'istio-system', log('envoy')), 'logged envoy', {}],
  ["§5.2 the waypoint's namespace's", world() + telemetry('t', 'egress', log('envoy')), 'logged envoy', {}],
  ["§5.2 the entry's namespace's", world() + telemetry('t', 'team', log('envoy')), 'logged envoy', {}],
  [
    "§5.2 the entry's namespace's before 1.31",
    world() + telemetry('t', 'team', log('envoy')),
    'not-logged | version t',
    { settings: { istioVersion: '1.30' } },
  ],
  ["§5.2 a client's namespace's", world() + telemetry('t', 'client', log('envoy')), 'not-logged', {}],
  [
    '§5.2 the nearer switches off',
    world() + telemetry('t', 'istio-system', log('envoy')) + telemetry('u', 'egress', off),
    'not-logged | disabled u',
    {},
  ],
  [
    '§5.2 the nearer switches off what the mesh setting would log',
    world() + telemetry('t', 'istio-system', log('envoy')) + telemetry('u', 'team', off),
    'not-logged | disabled u',
    stdout,
  ],
  [
    '§5.2 the nearer replaces the providers',
    world() + telemetry('t', 'istio-system', log('envoy')) + telemetry('u', 'team', log('otel')),
    'logged otel',
    { settings: { extensionProviders: ['otel'] } },
  ],
  ['§5.1 attached to the entry', world() + telemetry('t', 'team', onEntry + log('envoy')), 'logged envoy', {}],
  [
    '§5.1 attached to an entry of that name elsewhere',
    world() + telemetry('t', 'egress', onEntry + log('envoy')),
    'not-logged',
    {},
  ],
  [
    '§5.1 a selector never attaches',
    world() + telemetry('t', 'egress', `selector: { matchLabels: { app: a } }, ${log('envoy')}`),
    'not-logged',
    {},
  ],
  [
    '§5.1 attached to the waypoint, the entry beside it',
    world('egress') + telemetry('t', 'egress', onGateway + log('envoy')),
    'logged envoy',
    {},
  ],
  [
    '§5.3 attached to the waypoint, the entry in another namespace',
    world() + telemetry('t', 'egress', onGateway + log('envoy')),
    'not-logged | gateway-out-of-reach t',
    {},
  ],
  [
    '§5.3 attached to the class, in the root namespace',
    world() + telemetry('t', 'istio-system', onClass + log('envoy')),
    'not-logged',
    {},
  ],
  [
    '§5.3 attached to the class, and the entry in the root namespace',
    world('istio-system') + telemetry('t', 'istio-system', onClass + log('envoy')),
    'logged envoy',
    {},
  ],
  [
    '§5.2 attached switches off',
    world() + telemetry('t', 'egress', log('envoy')) + telemetry('u', 'team', onEntry + off),
    'not-logged | disabled u',
    {},
  ],
  [
    '§5.4 several for the namespace that differ',
    world() + telemetry('t', 'egress', log('envoy')) + telemetry('u', 'egress', off),
    'unknown | age t | age u',
    {},
  ],
  [
    '§5.4 several for the namespace, one without logging',
    world() +
      telemetry('t', 'egress', log('envoy')) +
      telemetry('u', 'egress', 'metrics: [{ providers: [{ name: prometheus }] }]'),
    'unknown | age t',
    {},
  ],
  [
    '§5.4 several for the namespace that agree',
    world() + telemetry('t', 'egress', log('envoy')) + telemetry('u', 'egress', log('envoy')),
    'logged envoy',
    {},
  ],
  [
    '§5.2 several attached that differ',
    world() + telemetry('t', 'team', onEntry + log('envoy')) + telemetry('u', 'team', onEntry + log('otel')),
    'unknown | age t | age u',
    { settings: { extensionProviders: ['otel'] } },
  ],
  ['§5.5 for clients only', world() + telemetry('t', 'egress', client), 'not-logged | client-mode t', {}],
  [
    '§5.5 for clients only: the file stays',
    world() + telemetry('t', 'egress', client),
    'logged | client-mode t',
    stdout,
  ],
  [
    '§5.5 for both sides',
    world() +
      telemetry('t', 'egress', 'accessLogging: [{ match: { mode: CLIENT_AND_SERVER }, providers: [{ name: envoy }] }]'),
    'logged envoy',
    {},
  ],
  [
    '§5.5 an entry without a mode',
    world() + telemetry('t', 'egress', 'accessLogging: [{ match: {}, providers: [{ name: envoy }] }]'),
    'logged envoy',
    {},
  ],
  [
    '§5.6 without a provider anywhere',
    world() + telemetry('t', 'egress', 'accessLogging: [{}]'),
    'not-logged | no-provider t',
    {},
  ],
  [
    '§5.6 without a provider: that of the layer above',
    world() + telemetry('t', 'istio-system', log('envoy')) + telemetry('u', 'egress', 'accessLogging: [{}]'),
    'logged envoy',
    {},
  ],
  [
    '§5.7 a provider that the settings do not have',
    world() + telemetry('t', 'egress', log('loki')),
    'not-logged | unknown-provider t loki',
    { settings: { extensionProviders: ['otel'] } },
  ],
  [
    '§5.7 a provider that the settings do not have: the file stays',
    world() + telemetry('t', 'egress', log('loki')),
    'logged | unknown-provider t loki',
    { settings: { extensionProviders: ['otel'], accessLogFile: '/dev/stdout' } },
  ],
  [
    '§5.7 a provider, and settings that show none',
    world() + telemetry('t', 'egress', log('loki')),
    'unknown | unknown-provider t loki',
    {},
  ],
  [
    '§5.7 names compare in lower case',
    world() + telemetry('t', 'egress', log('OTel')),
    'logged OTel',
    { settings: { extensionProviders: ['otel'] } },
  ],
  [
    '§5.7 a built-in provider that writes no log',
    world() + telemetry('t', 'egress', log('prometheus')),
    'not-logged | provider-without-log t prometheus',
    {},
  ],
  ['Telemetries that are not vouched for', world(), 'unknown | not-vouched', { completeKinds: [] }],
] as const satisfies readonly (readonly [string, string, string, MeshOptions])[])
  test(title, () => assert.equal(ask(files, options), expected));

test('§5.5 the reason points at the mode', () => {
  const files = world() + telemetry('t', 'egress', client);
  const { mesh, find } = meshFromYaml(files);
  const { reasons, by } = accessLogFor(mesh, find('ServiceEntry', 'httpbin'), find('Gateway', 'wp'));
  assert.deepEqual(
    by.map(({ name }) => name),
    ['t'],
  );
  assert.deepEqual(reasons[0]?.span, find('Telemetry', 't').spec.accessLogging[0]?.mode?.span);
});
