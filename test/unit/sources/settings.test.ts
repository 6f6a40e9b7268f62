import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newestVersion, oldestVersion } from '../../../server/src/model/istio-releases.ts';
import { readConfigFile } from '../../../server/src/sources/config-file.ts';
import { workOf } from '../../kit/count-calls.ts';
import { findMeshSettings, mergeMeshSettings, readMeshSettings } from '../../../server/src/sources/mesh-settings.ts';

test('every key of .istio-egress.yaml', () => {
  const { errors, requirements, ...config } = readConfigFile(
    `istioVersion: 1.30
severities: { plaintext-to-tls-port: error, egress-open: off, other: false }
completeKinds: [ServiceEntry, Deployment, Gateway]
defaultNamespace: egress
ignore: [generated]
require:
  encrypted: true
  hosts: ["*.Example.com"]
  callers: [{ host: api.example.com, namespaces: [shop] }]
  exceptions: [{ host: a.example.com, statement: encrypted, reason: old, until: 2026-12-31 }]
mesh:
  rootNamespace: istio
  trustDomain: td
  clusterDomain: cd
  accessLogFile: ""
  defaultServiceExportTo: ["."]
  defaultDestinationRuleExportTo: ["~"]
  defaultVirtualServiceExportTo: [a]
  extensionProviders: [otel]
  defaultAccessLogProviders: [envoy]
  autoAllocateAddresses: false
  dnsCapture: true
  pilotEnv: { ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS: "true", OTHER: 1 }
  outboundTrafficPolicy: REGISTRY_ONLY
`,
    'file:///w/.istio-egress.yaml',
  );
  assert.deepEqual(errors, []);
  assert.deepEqual(config, {
    severities: { 'plaintext-to-tls-port': 'error', 'egress-open': 'off', other: 'off' },
    completeKinds: ['ServiceEntry', 'Workload', 'Gateway'],
    defaultNamespace: 'egress',
    ignore: ['generated'],
    mesh: {
      istioVersion: '1.30',
      rootNamespace: 'istio',
      trustDomain: 'td',
      clusterDomain: 'cd',
      accessLogFile: '',
      defaultServiceExportTo: ['.'],
      defaultDestinationRuleExportTo: ['~'],
      defaultVirtualServiceExportTo: ['a'],
      extensionProviders: ['otel'],
      defaultAccessLogProviders: ['envoy'],
      autoAllocateAddresses: false,
      dnsCapture: true,
      wildcardTls: true,
      outboundTrafficPolicy: 'REGISTRY_ONLY',
      origin: 'file:///w/.istio-egress.yaml',
    },
  });
  const { places, exceptions = [], ...required } = requirements ?? {};
  assert.deepEqual(required, {
    throughGateway: false,
    encrypted: true,
    notOpenToAll: false,
    logged: false,
    hosts: ['*.example.com'],
    callers: [{ host: 'api.example.com', namespaces: ['shop'] }],
  });
  assert.deepEqual(Object.keys(places ?? {}), ['encrypted', 'hosts', 'callers']);
  assert.deepEqual(
    exceptions.map(({ place: _, ...exception }) => exception),
    [{ host: 'a.example.com', statement: 'encrypted', reason: 'old', until: '2026-12-31' }],
  );
});

const versions: readonly (readonly [string, string | undefined])[] = [
  ['1.30', '1.30'],
  ['"1.24"', '1.24'],
  ['1.29.3', '1.29'],
  ['v1.31', '1.31'],
  ['1.3', undefined],
  ['1.99', undefined],
  ['latest', undefined],
  ['[1.30]', undefined],
  ['', undefined],
];
for (const [written, expected] of versions) {
  test(`istioVersion: ${written} is ${expected ?? 'not a version'}`, () =>
    assert.equal(readConfigFile(`istioVersion: ${written}`, 'u').mesh.istioVersion, expected));
}

/** Text with the place of the one mistake marked by «». */
const mistakes: readonly (readonly [string, RegExp])[] = [
  ['istioVersion: «latest»', new RegExp(`from ${oldestVersion} to ${newestVersion}\\.`)],
  ['«istoVersion»: 1.30', /`istoVersion` is not a known setting\. Did you mean `istioVersion`\?/],
  ['severities: { a: «eror» }', /Expected one of error, .*Did you mean `error`\?/],
  ['severities: «[a]»', /Expected a severity for each rule/],
  ['completeKinds: [«ServiceEntri»]', /`ServiceEntri` is not a kind that is checked\. Did you mean `ServiceEntry`\?/],
  ['completeKinds: «ServiceEntry»', /Expected a list of kinds/],
  ['defaultNamespace: «7»', /Expected a string/],
  ['ignore: [«7»]', /Expected a string/],
  ['mesh: «x»', /Expected keys and values/],
  ['mesh: { «rootNamespaces»: a }', /is not a known mesh setting\. Did you mean `rootNamespace`\?/],
  ['mesh: { dnsCapture: «"yes"» }', /Expected `true` or `false`/],
  ['mesh: { outboundTrafficPolicy: «registry_only» }', /Did you mean `REGISTRY_ONLY`\?/],
  ['mesh: { extensionProviders: «otel» }', /Expected a list/],
  ['«- a»', /Expected settings as keys and values/],
];
for (const [marked, message] of mistakes) {
  test(`a mistake is reported with its place: ${marked}`, () => {
    const text = marked.replace(/[«»]/g, '');
    const { errors } = readConfigFile(text, 'u');
    assert.equal(errors.length, 1);
    assert.match(errors[0]!.message, message);
    assert.deepEqual(errors[0]!.span, { start: marked.indexOf('«'), end: marked.indexOf('»') - 1 });
  });
}

test('an error affects only its own case, and broken YAML is reported', () => {
  assert.equal(readConfigFile('defaultNamespace: a\nnonsense: 1\n', 'u').defaultNamespace, 'a');
  assert.ok(readConfigFile('mesh: {', 'u').errors.length > 0);
  assert.deepEqual(readConfigFile('', 'u').errors, []);
  assert.deepEqual(
    readConfigFile('mesh:\nseverities:\ncompleteKinds:\nignore:\ndefaultNamespace:\nistioVersion:\n', 'u').errors,
    [],
  );
});

const configMap = (name: string, mesh: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  mesh: |-\n${mesh.replace(/^/gm, '    ')}\n`;

const mesh: readonly { readonly what: string; readonly text: string; readonly settings: unknown }[] = [
  {
    what: 'the ConfigMap istio',
    text: configMap(
      'istio',
      `rootNamespace: root
trustDomain: td
accessLogFile: /dev/stdout
outboundTrafficPolicy: { mode: REGISTRY_ONLY }
defaultServiceExportTo: ["."]
defaultDestinationRuleExportTo: []
extensionProviders: [{ name: otel }, {}, { name: zipkin }]
defaultProviders: { accessLogging: [otel] }`,
    ),
    settings: {
      rootNamespace: 'root',
      trustDomain: 'td',
      accessLogFile: '/dev/stdout',
      outboundTrafficPolicy: 'REGISTRY_ONLY',
      defaultServiceExportTo: ['.'],
      extensionProviders: ['otel', 'zipkin'],
      defaultAccessLogProviders: ['otel'],
    },
  },
  { what: 'that of a revision', text: configMap('istio-canary', 'trustDomain: td'), settings: { trustDomain: 'td' } },
  { what: 'another ConfigMap with the key', text: configMap('mine', 'trustDomain: td'), settings: undefined },
  {
    what: 'one with errors inside',
    text: configMap('istio', 'trustDomain: td\nextensionProviders: [{'),
    settings: { trustDomain: 'td', extensionProviders: [] },
  },
  {
    what: 'an IstioOperator',
    text: `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
spec:
  meshConfig: { accessLogFile: "" }
  values: { global: { proxy: { clusterDomain: cd }, istioNamespace: root }, cni: { ambient: { dnsCapture: false } }, meshConfig: { accessLogFile: other } }
  components: { pilot: { k8s: { env: [{ name: PILOT_ENABLE_IP_AUTOALLOCATE, value: "false" }] } } }
`,
    settings: {
      accessLogFile: '',
      clusterDomain: 'cd',
      rootNamespace: 'root',
      dnsCapture: false,
      autoAllocateAddresses: false,
    },
  },
  {
    what: 'which connections sidecars take',
    text: 'global: { proxy: { excludeOutboundPorts: 5432, includeOutboundPorts: "", excludeIPRanges: "10.0.0.0/8,192.0.2.1/32" } }\n',
    settings: { outboundCapture: { excludePorts: '5432', excludeRanges: '10.0.0.0/8,192.0.2.1/32' } },
  },
  {
    what: 'values of istiod',
    text: 'meshConfig: { trustDomain: td }\nenv: { PILOT_ENABLE_IP_AUTOALLOCATE: true }\npilot: { env: { OTHER: "1" } }\n',
    settings: { trustDomain: 'td', autoAllocateAddresses: true },
  },
  {
    what: 'the Deployment of istiod',
    text: `apiVersion: apps/v1
kind: Deployment
metadata: { name: istiod-canary, namespace: istio-system }
spec: { template: { spec: { containers: [{ name: discovery, env: [{ name: ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS, value: "true" }] }] } } }
`,
    settings: { wildcardTls: true },
  },
  {
    what: 'values of istiod for all components',
    text: 'pilot: { env: { ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS: "false" } }\n',
    settings: { wildcardTls: false },
  },
  {
    what: "values under a chart's name",
    text: 'istiod:\n  meshConfig: { trustDomain: td }\ncni:\n  ambient: { dnsCapture: true }\n',
    settings: { trustDomain: 'td', dnsCapture: true },
  },
  {
    what: 'values with holes',
    text: 'meshConfig: { trustDomain: "${TD}", rootNamespace: "{{ .Release.Namespace }}", accessLogFile: /x }\n',
    settings: { accessLogFile: '/x' },
  },
  {
    what: 'values of the wrong types',
    text: 'meshConfig: { trustDomain: 7, outboundTrafficPolicy: ALLOW_ANY, extensionProviders: x, defaultServiceExportTo: "*" }\n',
    settings: undefined,
  },
  {
    what: 'visibility of entries',
    text: 'meshConfig: { serviceEntryVisibility: { defaultVisibility: NAMESPACE, applyToSidecars: true, policies: [{ visibility: PUBLIC, matchingRules: [{ namespaceSelector: { matchLabels: { a: b } } }] }, { visibility: NONE, matchingRules: [{}] }] } }\n',
    settings: {
      serviceEntryVisibility: {
        defaultVisibility: 'NAMESPACE',
        applyToSidecars: true,
        policies: [
          { visibility: 'PUBLIC', namespaceSelectors: [{ matchLabels: new Map([['a', 'b']]), matchExpressions: [] }] },
        ],
      },
    },
  },
  {
    what: 'namespaces that istiod looks into',
    text: 'meshConfig:\n  discoverySelectors:\n  - matchLabels: { a: b }\n  - matchExpressions: [{ key: c, operator: Exists }]\n',
    settings: {
      discoverySelectors: [
        { matchLabels: new Map([['a', 'b']]), matchExpressions: [] },
        { matchLabels: new Map(), matchExpressions: [{ key: 'c', operator: 'Exists', values: [] }] },
      ],
    },
  },
  { what: 'no selectors', text: 'meshConfig: { discoverySelectors: [] }\n', settings: undefined },
  {
    what: 'services of extension providers',
    text: `meshConfig:
  extensionProviders:
  - name: authz
    envoyExtAuthzGrpc: { service: auth/authz.example.com, port: "9000" }
  - name: logs
    envoyOtelAls: { service: logs.example.com, port: 4317 }
  - name: hole
    envoyOtelAls: { service: "\${LOGS}", port: 4317 }
  - name: none
    prometheus: {}
`,
    settings: {
      extensionProviders: ['authz', 'logs', 'hole', 'none'],
      providerServices: [
        { name: 'authz', service: 'auth/authz.example.com', port: 9000 },
        { name: 'logs', service: 'logs.example.com', port: 4317 },
      ],
    },
  },
  {
    what: 'a HelmRelease of Flux',
    text: 'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec: { values: { meshConfig: { outboundTrafficPolicy: { mode: REGISTRY_ONLY } } } }\n',
    settings: { outboundTrafficPolicy: 'REGISTRY_ONLY' },
  },
  {
    what: 'a HelmRelease of an umbrella chart',
    text: 'apiVersion: helm.toolkit.fluxcd.io/v2beta2\nkind: HelmRelease\nspec: { values: { istiod: { meshConfig: { trustDomain: td } } } }\n',
    settings: { trustDomain: 'td' },
  },
  {
    what: 'an Application of Argo CD: parameters override valuesObject, which overrides values',
    text: `apiVersion: argoproj.io/v1alpha1
kind: Application
spec:
  source:
    helm:
      parameters:
      - { name: meshConfig.trustDomain, value: parameter }
      - { name: 'global.list[0]', value: skipped }
      valuesObject: { meshConfig: { trustDomain: object, rootNamespace: object } }
      values: |
        meshConfig: { trustDomain: text, rootNamespace: text, accessLogFile: text }
`,
    settings: { trustDomain: 'parameter', rootNamespace: 'object', accessLogFile: 'text' },
  },
  {
    what: 'an ApplicationSet with several sources',
    text: 'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec: { template: { spec: { sources: [{ ref: values }, { helm: { valuesObject: { meshConfig: { trustDomain: td } } } }] } } }\n',
    settings: { trustDomain: 'td' },
  },
  {
    what: 'a HelmChart of K3s',
    text: 'apiVersion: helm.cattle.io/v1\nkind: HelmChart\nspec:\n  valuesContent: |\n    meshConfig: { trustDomain: td }\n',
    settings: { trustDomain: 'td' },
  },
  {
    what: 'a HelmRelease of another group',
    text: 'apiVersion: example.com/v1\nkind: HelmRelease\nspec: { values: { meshConfig: { trustDomain: td } } }\n',
    settings: undefined,
  },
  {
    what: 'a manifest that mentions the word',
    text: 'apiVersion: v1\nkind: Pod\nmetadata: { name: meshConfig }\n',
    settings: undefined,
  },
  { what: 'text that is no YAML', text: 'meshConfig: [', settings: undefined },
];
for (const { what, text, settings } of mesh) {
  test(`mesh settings: ${what}`, () => {
    const found = findMeshSettings(text, 'file:///m');
    if (settings === undefined) assert.deepEqual(found, []);
    else
      assert.deepEqual(
        found.map((one) => one.settings),
        [{ ...(settings as object), origin: 'file:///m' }],
      );
  });
}

test('a file named as mesh configuration may be MeshConfig itself', () => {
  assert.deepEqual(readMeshSettings('trustDomain: td\n', 'u'), { trustDomain: 'td', origin: 'u' });
  assert.deepEqual(readMeshSettings('meshConfig: { trustDomain: td }\n', 'u'), { trustDomain: 'td', origin: 'u' });
  assert.deepEqual(readMeshSettings('', 'u'), {});
});

test('what istiod reads wins over what generates it, then the first', () => {
  const merged = mergeMeshSettings([
    { from: 'helm-values', settings: { trustDomain: 'v1', clusterDomain: 'v1', origin: 'v1' } },
    { from: 'helm-values', settings: { trustDomain: 'v2', rootNamespace: 'v2', origin: 'v2' } },
    { from: 'config-map', settings: { trustDomain: 'c', origin: 'c' } },
  ]);
  assert.deepEqual(merged, { trustDomain: 'c', clusterDomain: 'v1', rootNamespace: 'v2', origin: 'c' });
  assert.deepEqual(mergeMeshSettings([]), {});
});

test('selectors of namespaces in the configuration file', () => {
  const read = readConfigFile('mesh:\n  discoverySelectors:\n  - matchLabels: { a: b }\n', 'u');
  assert.deepEqual(read.mesh, {
    discoverySelectors: [{ matchLabels: new Map([['a', 'b']]), matchExpressions: [] }],
    origin: 'u',
  });
  assert.deepEqual(read.errors, []);
  const wrong = readConfigFile('mesh:\n  discoverySelectors: { a: b }\n', 'u');
  assert.deepEqual(wrong.mesh, {});
  assert.match(wrong.errors[0]?.message ?? '', /list of label selectors/);
});

test('more patterns than are tried on each path are an error at the list', () => {
  const list = (count: number) => `[${Array.from({ length: count }, (_, i) => `a${i}*`).join(', ')}]`;
  assert.deepEqual(readConfigFile(`ignore: ${list(1000)}\n`, 'u').errors, []);
  const { ignore, errors } = readConfigFile(`ignore: ${list(1001)}\n`, 'u');
  assert.equal(ignore.length, 1000);
  assert.deepEqual(errors, [
    {
      message: 'Expected at most 1000 patterns, and this list has 1001.',
      span: { start: 8, end: 8 + list(1001).length },
    },
  ]);
});

test('thousands of severities of unknown rules: each is an error, and the work grows with them', async () => {
  const rules = ['double-tls', 'egress-open'];
  const text = (count: number) =>
    `severities:\n${Array.from({ length: count }, (_, i) => `  no-such-rule-${i}: off\n`).join('')}`;
  assert.equal(readConfigFile(text(10_000), 'u', rules).errors.length, 10_000);
  const workFor = (count: number) => workOf(() => readConfigFile(text(count), 'u', rules));
  await workFor(1);
  const [small, large] = [await workFor(200), await workFor(800)];
  assert.ok(large <= 8 * small, `${small} steps for 200, ${large} for 800`);
});
