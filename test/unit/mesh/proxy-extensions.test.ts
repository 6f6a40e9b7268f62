// Where extensions of proxies apply: each case an object beside a waypoint or a sidecar, and whether it changes what they send.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  extensionsAtSidecar,
  firstExtensionAtSidecar,
  firstExtensionAtWaypoint,
  isExtensionAtSidecar,
  isExtensionAtWaypoint,
} from '../../../server/src/mesh/binding/proxy-extensions.ts';
import { kindOfExtension } from '../../../server/src/mesh/binding/extensions-of-pods.ts';
import { selects } from '../../../server/src/mesh/label-selector.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

const waypoint = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: way, namespace: egress }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: hosts, labels: { istio.io/use-waypoint: way, istio.io/use-waypoint-namespace: egress } }
spec: { hosts: [api.example.com], ports: [{ number: 443, name: tls, protocol: TLS }], resolution: DNS }
---
`;

const toGateway = 'targetRefs: [{ group: gateway.networking.k8s.io, kind: Gateway, name: way }]';
const toEntry = 'targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: api }]';
const toClass = 'targetRefs: [{ group: gateway.networking.k8s.io, kind: GatewayClass, name: istio-waypoint }]';
const patch = (context: string, applyTo = 'CLUSTER') =>
  `configPatches: [{ applyTo: ${applyTo}, match: { context: ${context} }, patch: { operation: MERGE, value: {} } }]`;

interface Case {
  readonly kind: string;
  readonly apiVersion?: string;
  readonly namespace?: string;
  /** Fields of its spec. */
  readonly spec: readonly string[];
  readonly applies: boolean;
  readonly istioVersion?: string;
}

const envoyFilter = { kind: 'EnvoyFilter', apiVersion: 'networking.istio.io/v1alpha3' };
const wasm = { kind: 'WasmPlugin', apiVersion: 'extensions.istio.io/v1alpha1' };
const extension = { kind: 'TrafficExtension', apiVersion: 'extensions.istio.io/v1alpha1' };
const proxyConfig = { kind: 'ProxyConfig', apiVersion: 'networking.istio.io/v1beta1' };
const environment = 'environmentVariables: { EXAMPLE: "1" }';

const atWaypoint: readonly Case[] = [
  { ...envoyFilter, spec: [toGateway, patch('ANY')], applies: true },
  { ...envoyFilter, spec: [toGateway, patch('SIDECAR_OUTBOUND')], applies: true },
  { ...envoyFilter, spec: [toGateway, patch('SIDECAR_INBOUND')], applies: true },
  { ...envoyFilter, spec: [toGateway, patch('GATEWAY')], applies: false },
  { ...envoyFilter, spec: [toGateway, patch('GATEWAY', 'BOOTSTRAP')], applies: true },
  { ...envoyFilter, spec: [toGateway, 'configPatches: []'], applies: false },
  { ...envoyFilter, spec: [toGateway, patch('ANY')], namespace: 'hosts', applies: false },
  { ...envoyFilter, spec: [toEntry, patch('ANY')], namespace: 'hosts', applies: true },
  { ...envoyFilter, spec: [toClass, patch('ANY')], namespace: 'istio-system', applies: true },
  { ...envoyFilter, spec: [toClass, patch('ANY')], namespace: 'istio-system', istioVersion: '1.24', applies: false },
  { ...envoyFilter, spec: [toClass, patch('ANY')], applies: false },
  { ...envoyFilter, spec: [patch('ANY')], applies: false },
  { ...envoyFilter, spec: [patch('ANY')], namespace: 'istio-system', applies: false },
  { ...wasm, spec: [toGateway], applies: true },
  { ...wasm, spec: [toGateway, 'match: [{ mode: SERVER }]'], applies: true },
  { ...wasm, spec: [toGateway, 'match: [{ mode: CLIENT }]'], applies: false },
  { ...wasm, spec: ['selector: { matchLabels: { gateway.networking.k8s.io/gateway-name: way } }'], applies: false },
  { ...extension, spec: [toEntry], namespace: 'hosts', applies: true },
  { ...extension, spec: [toEntry], namespace: 'hosts', istioVersion: '1.29', applies: false },
  { ...proxyConfig, spec: [environment], applies: true },
  { ...proxyConfig, spec: [environment], namespace: 'istio-system', applies: true },
  { ...proxyConfig, spec: [environment], namespace: 'hosts', applies: false },
  { ...proxyConfig, spec: ['concurrency: 2'], applies: false },
  { kind: 'TrafficPolicy', apiVersion: 'gateway.kgateway.dev/v1alpha1', spec: [toGateway], applies: true },
  {
    kind: 'AuthPolicy',
    apiVersion: 'kuadrant.io/v1',
    spec: [toGateway.replace('Refs: [', 'Ref: ').replace(']', '')],
    applies: true,
  },
  {
    kind: 'TrafficPolicy',
    apiVersion: 'gateway.kgateway.dev/v1alpha1',
    spec: [toEntry],
    namespace: 'hosts',
    applies: false,
  },
  { kind: 'RequestAuthentication', apiVersion: 'security.istio.io/v1', spec: [toGateway], applies: false },
];

const atSidecar: readonly Case[] = [
  { ...envoyFilter, spec: [patch('ANY')], applies: true },
  { ...envoyFilter, spec: [patch('SIDECAR_OUTBOUND')], namespace: 'istio-system', applies: true },
  { ...envoyFilter, spec: [patch('SIDECAR_INBOUND')], applies: false },
  { ...envoyFilter, spec: [patch('GATEWAY')], applies: false },
  { ...envoyFilter, spec: [patch('ANY')], namespace: 'hosts', applies: false },
  { ...envoyFilter, spec: ['workloadSelector: { labels: { app: curl } }', patch('ANY')], applies: true },
  { ...envoyFilter, spec: ['workloadSelector: { labels: { app: web } }', patch('ANY')], applies: false },
  { ...envoyFilter, spec: [toGateway, patch('ANY')], applies: false },
  { ...wasm, spec: ['selector: { matchLabels: { app: curl } }'], applies: true },
  { ...wasm, spec: ['match: [{ mode: SERVER }]'], applies: false },
  { ...proxyConfig, spec: [environment], applies: true },
];

const objectOf = ({ kind, apiVersion = 'networking.istio.io/v1', spec }: Case, namespace: string) => `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: { name: one, namespace: ${namespace} }
spec:
${spec.map((field) => `  ${field}\n`).join('')}`;

const nameOf = ({ kind, namespace, spec, istioVersion, applies }: Case) =>
  `${kind}${namespace === undefined ? '' : ` of ${namespace}`} ${spec.join(', ')}${istioVersion === undefined ? '' : ` in ${istioVersion}`}: ${applies ? 'applies' : 'does not apply'}`;

describe('at a waypoint', () => {
  for (const one of atWaypoint)
    test(nameOf(one), () => {
      const settings = one.istioVersion === undefined ? {} : { istioVersion: one.istioVersion };
      const { index, find } = meshFromYaml(waypoint + objectOf(one, one.namespace ?? 'egress'), { settings });
      const [gateway, entry] = [find('Gateway', 'way'), find('ServiceEntry', 'api')];
      const [extension] = index.view().all('ProxyExtension');
      assert.equal(firstExtensionAtWaypoint(index.view(), gateway, entry, 'no-token') !== undefined, one.applies);
      if (extension && !kindOfExtension(extension).tokensOnly)
        assert.equal(isExtensionAtWaypoint(index.view(), gateway, entry, extension), one.applies);
    });
});

describe('a request with a token', () => {
  const authentication = objectOf(
    { kind: 'RequestAuthentication', apiVersion: 'security.istio.io/v1', spec: [toGateway], applies: true },
    'egress',
  );
  for (const carried of ['token', 'no-token'] as const)
    test(`${carried}: a RequestAuthentication of the waypoint ${carried === 'token' ? 'decides' : 'changes nothing'}`, () => {
      const { index, find } = meshFromYaml(waypoint + authentication);
      const found = firstExtensionAtWaypoint(
        index.view(),
        find('Gateway', 'way'),
        find('ServiceEntry', 'api'),
        carried,
      );
      assert.equal(found !== undefined, carried === 'token');
    });
});

describe('at a sidecar', () => {
  for (const one of atSidecar)
    test(nameOf(one), () => {
      const { index } = meshFromYaml(objectOf(one, one.namespace ?? 'shop'));
      const found = extensionsAtSidecar(index.view(), { namespace: 'shop', labels: new Map([['app', 'curl']]) });
      assert.equal(found.length > 0, one.applies);
    });
});

describe('of many with selectors, those at the sidecars of a pod', () => {
  const selectors = ['', 'app: a', 'app: b', 'app: a, tier: x', 'tier: x', 'app: c'];
  const filters = ['istio-system', 'shop'].flatMap((home) =>
    [1, 2, 3, 4, 5, 0].map((which, i) =>
      objectOf(
        {
          ...envoyFilter,
          spec: [`workloadSelector: { labels: { ${selectors[which]} } }`, patch('ANY')],
          applies: true,
        },
        home,
      ).replace('name: one', `name: one-${i}`),
    ),
  );
  const deployments = [
    ['shop', 'one', 'app: a, tier: x', 'first'],
    ['shop', 'two', 'app: b', 'second'],
  ].map(
    ([home, name, labels, account]) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${home} }
spec: { selector: { matchLabels: { ${labels} } }, template: { metadata: { labels: { ${labels} } }, spec: { serviceAccountName: ${account} } } }
`,
  );
  const { mesh } = meshFromYaml([...filters, ...deployments].join('---'));
  interface Known {
    readonly labels?: Readonly<Record<string, string>>;
    readonly serviceAccount?: string;
    /** Labels that the pods can have; undefined for any. */
    readonly possible: readonly Readonly<Record<string, string>>[] | undefined;
  }
  const pods: Readonly<Record<string, Known>> = {
    labels: { labels: { app: 'a', tier: 'x' }, possible: [{ app: 'a', tier: 'x' }] },
    'labels that no selector has': { labels: { app: 'z' }, possible: [{ app: 'z' }] },
    'an account': { serviceAccount: 'second', possible: [{ app: 'b' }] },
    'an account without workloads': { serviceAccount: 'third', possible: undefined },
    'the namespace': { possible: [{ app: 'a', tier: 'x' }, { app: 'b' }] },
  };
  for (const [known, { labels = {}, serviceAccount, possible }] of Object.entries(pods))
    test(`of which it is known: ${known}`, () => {
      const client = { namespace: 'shop', labels: new Map(Object.entries(labels)), serviceAccount };
      const all = ['istio-system', 'shop'].flatMap((home) => mesh.inNamespace('ProxyExtension', home));
      const expected = all.filter(
        ({ spec }) => !possible || possible.some((one) => selects(spec.selector, new Map(Object.entries(one)))),
      );
      assert.deepEqual(extensionsAtSidecar(mesh, client), expected);
      assert.equal(firstExtensionAtSidecar(mesh, client), expected[0]);
      assert.deepEqual(
        all.filter((one) => isExtensionAtSidecar(mesh, client, one)),
        expected,
      );
    });
});
