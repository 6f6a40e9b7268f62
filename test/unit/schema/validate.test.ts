import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { YamlMap } from '../../../server/src/yaml/node.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { validateErrors, validateResource, type SchemaFinding } from '../../../server/src/schema/validate.ts';

/** The findings as `rule @line "text of the place" message`. */
function found(text: string, istioVersion = '1.31'): readonly string[] {
  const root = parseDocument(text).root as YamlMap;
  return validateResource(root, { istioVersion }).map((finding) => show(finding, text));
}

function show({ rule, at, message }: SchemaFinding, text: string): string {
  return `${rule} @${text.slice(0, at.start).split('\n').length} ${JSON.stringify(text.slice(at.start, at.end))} ${message}`;
}

const head = (kind: string, apiVersion = 'networking.istio.io/v1') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a }\n`;
const entry = `${head('ServiceEntry')}spec:\n  hosts: [httpbin.org]\n`;
const gateway = `${head('Gateway', 'gateway.networking.k8s.io/v1')}spec:\n  gatewayClassName: istio-waypoint\n`;
const policy = `${head('AuthorizationPolicy', 'security.istio.io/v1')}spec:\n`;

type Row = readonly [name: string, text: string, expected: readonly string[], istioVersion?: string];

function table(name: string, rows: readonly Row[]): void {
  describe(name, () => {
    for (const [row, text, expected, version] of rows) it(row, () => assert.deepEqual(found(text, version), expected));
  });
}

table('unknown fields', [
  [
    'nearest name',
    `${entry}  resolutoin: DNS\n`,
    [
      'unknown-field @6 "resolutoin" ServiceEntry has no field `spec.resolutoin`; the most similar name is `resolution`.',
    ],
  ],
  [
    'an underscore spelling',
    `${entry}  export_to: ["."]\n`,
    ['unknown-field @6 "export_to" ServiceEntry has no field `spec.export_to`; the most similar name is `exportTo`.'],
  ],
  [
    'at any depth',
    `${entry}  ports:\n  - number: 80\n    name: http\n    portocol: HTTP\n`,
    [
      'unknown-field @9 "portocol" ServiceEntry has no field `spec.ports[0].portocol`; the most similar name is `protocol`.',
    ],
  ],
  [
    'in flow style',
    `${entry}  ports: [{ number: 80, name: http, x: 1 }]\n`,
    ['unknown-field @6 "x" ServiceEntry has no field `spec.ports[0].x`.'],
  ],
  ['without a value', `${entry}  resol:\n`, ['unknown-field @6 "resol" ServiceEntry has no field `spec.resol`.']],
  [
    'belonging further out',
    `${entry}  ports:\n  - { number: 80, name: http, hosts: [a] }\n`,
    ['unknown-field @7 "hosts" ServiceEntry has no field `spec.ports[0].hosts`; `hosts` belongs in `spec`.'],
  ],
  [
    'belonging further in',
    `${head('DestinationRule')}spec:\n  host: a.com\n  tls: { mode: SIMPLE }\n`,
    ['unknown-field @6 "tls" DestinationRule has no field `spec.tls`; `tls` belongs in `spec.trafficPolicy`.'],
  ],
  [
    'belonging into the items of a list',
    `${entry}  protocol: HTTP\n`,
    ['unknown-field @6 "protocol" ServiceEntry has no field `spec.protocol`; `protocol` belongs in `spec.ports[]`.'],
  ],
  ['at the top', `${entry}data: {}\n`, ['unknown-field @6 "data" ServiceEntry has no field `data`.']],
  [
    'in metadata',
    `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: a, lables: {} }\nspec: { hosts: [a.com] }\n`,
    ['unknown-field @3 "lables" ServiceEntry has no field `metadata.lables`; the most similar name is `labels`.'],
  ],
  [
    'misspelt and therefore missing is said once',
    `${head('ServiceEntry')}spec:\n  host: [a.com]\n`,
    ['unknown-field @5 "host" ServiceEntry has no field `spec.host`; the most similar name is `hosts`.'],
  ],
  [
    'a misspelt spec is said once',
    `${head('ServiceEntry')}specs: { hosts: [a.com] }\n`,
    ['unknown-field @4 "specs" ServiceEntry has no field `specs`; the most similar name is `spec`.'],
  ],
  [
    'lost indentation is said once',
    'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\nname: a\nnamespace: b\nspec:\naction: ALLOW\nrules: []\n',
    ['unknown-field @4 "name" `name` is outside of `metadata`, which is empty: indent this line.'],
  ],
  ["status is the cluster's", `${entry}status: { anything: 1 }\n`, []],
  [
    'free fields',
    `${head('EnvoyFilter', 'networking.istio.io/v1alpha3')}spec:\n  configPatches:\n  - applyTo: CLUSTER\n    patch: { operation: MERGE, value: { any: { thing: 1 } } }\n`,
    [],
  ],
  [
    'free maps',
    `${entry}  ports: [{ number: 80, name: any-name }]\n  resolution: STATIC\n  endpoints: [{ address: 1.2.3.4, ports: { any-name: 80 }, labels: { "a/b": c } }]\n`,
    [],
  ],
  [
    'a key of the prototype is a key',
    `${entry}  __proto__: 1\n`,
    ['unknown-field @6 "__proto__" ServiceEntry has no field `spec.__proto__`.'],
  ],
]);

table('wrong types', [
  [
    'a number for a string',
    `${policy}  rules: [{ to: [{ operation: { ports: [80] } }] }]\n`,
    ['invalid-type @5 "80" `spec.rules[0].to[0].operation.ports[0]` must be a string, not the number 80.'],
  ],
  [
    'a string for a number',
    `${entry}  ports:\n  - { number: "80", name: http }\n`,
    ['invalid-type @7 "\\"80\\"" `spec.ports[0].number` must be an integer, not the string "80".'],
  ],
  [
    'a fraction for an integer',
    `${entry}  ports: [{ number: 80.5, name: http }]\n`,
    ['invalid-type @6 "80.5" `spec.ports[0].number` must be an integer, not the number 80.5.'],
  ],
  [
    'a whole number in any notation',
    `${entry}  ports: [{ number: 80.0, name: a }, { number: 0x1bb, name: b }, { number: 1_000, name: c }, { number: 0o17, name: d }]\n`,
    [],
  ],
  [
    'a value for a list',
    `${head('ServiceEntry')}spec:\n  hosts: httpbin.org\n`,
    ['invalid-type @5 "httpbin.org" `spec.hosts` must be a list, not the string "httpbin.org".'],
  ],
  [
    'a map for a list',
    `${entry}  ports: { number: 80, name: http }\n`,
    ['invalid-type @6 "{ number: 80, name: http }" `spec.ports` must be a list, not a map.'],
  ],
  ['a list for a map', `${head('ServiceEntry')}spec: []\n`, ['invalid-type @4 "[]" `spec` must be a map, not a list.']],
  [
    'an empty item',
    `${head('ServiceEntry')}spec:\n  hosts:\n  - a.com\n  -\n`,
    ['invalid-type @5 "hosts" `spec.hosts[1]` is empty; a list must not have empty items.'],
  ],
  [
    'an empty item that is written',
    `${head('ServiceEntry')}spec:\n  hosts: [a.com, null]\n`,
    ['invalid-type @5 "null" `spec.hosts[1]` is empty; a list must not have empty items.'],
  ],
  ['an empty field counts as not written', `${entry}  ports:\n  resolution: ~\n  location: null\n`, []],
  [
    'words of YAML 1.1 for a string',
    `${head('DestinationRule')}spec:\n  host: a.com\n  trafficPolicy: { tls: { sni: on } }\n`,
    [
      'invalid-type @6 "on" `spec.trafficPolicy.tls.sni` must be a string, not "on", which kubectl reads as the boolean true.',
    ],
  ],
  [
    'words of YAML 1.1 for a boolean',
    `${head('DestinationRule')}spec:\n  host: a.com\n  trafficPolicy: { tls: { insecureSkipVerify: no } }\n`,
    [],
  ],
  ['quoted words are strings', `${head('DestinationRule')}spec:\n  host: "no"\n`, []],
  ['text with a colon at its end in a flow list', `${entry}  addresses: [1.2.3.4, 2001:db8::]\n`, []],
  [
    'a label that is a number',
    `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: a\n  labels: { rev: 1 }\nspec: { hosts: [a.com] }\n`,
    ['invalid-type @5 "1" `metadata.labels.rev` must be a string, not the number 1.'],
  ],
  [
    'an empty label',
    `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: a\n  labels: { rev: }\nspec: { hosts: [a.com] }\n`,
    [],
  ],
  [
    'a type fault hides what follows from it',
    `${entry}  resolution: 5\n`,
    ['invalid-type @6 "5" `spec.resolution` must be a string, not the number 5.'],
  ],
]);

table('wrong values', [
  [
    'case counts',
    `${entry}  resolution: dns\n`,
    [
      'invalid-value @6 "dns" `spec.resolution` cannot be "dns"; use one of NONE, STATIC, DNS, DNS_ROUND_ROBIN, DYNAMIC_DNS.',
    ],
  ],
  [
    "range from the CRD's own rule",
    `${entry}  ports: [{ number: 0, name: a }]\n`,
    ['invalid-value @6 "0" `spec.ports[0].number` must be from 1 to 65535, not 0.'],
  ],
  [
    'range of int32',
    `${head('DestinationRule')}spec:\n  host: a.com\n  trafficPolicy: { connectionPool: { http: { maxRetries: 3000000000 } } }\n`,
    [
      'invalid-value @6 "3000000000" `spec.trafficPolicy.connectionPool.http.maxRetries` must be from -2147483648 to 2147483647, not 3000000000.',
    ],
  ],
  [
    'an empty list',
    `${head('ServiceEntry')}spec: { hosts: [] }\n`,
    ['invalid-value @4 "[]" `spec.hosts` must not be empty.'],
  ],
  [
    'a duration',
    `${head('DestinationRule')}spec:\n  host: a.com\n  trafficPolicy: { connectionPool: { tcp: { connectTimeout: 10 seconds } } }\n`,
    [
      'invalid-value @6 "10 seconds" `spec.trafficPolicy.connectionPool.tcp.connectTimeout` must be a duration such as 5s or 1m30s, longer than zero, not "10 seconds".',
    ],
  ],
  [
    'durations as Go writes them',
    `${head('DestinationRule')}spec:\n  host: a.com\n  trafficPolicy: { connectionPool: { tcp: { connectTimeout: 1.5h0.5m, idleTimeout: 100ms } } }\n`,
    [],
  ],
  [
    'form',
    `${head('HTTPRoute', 'gateway.networking.k8s.io/v1')}spec:\n  hostnames: [HTTPBIN.org]\n`,
    [
      'invalid-value @5 "HTTPBIN.org" `spec.hostnames[0]` must be a DNS name in lower case; only the first label may be "*", not "HTTPBIN.org".',
    ],
  ],
  [
    'length in characters',
    `${policy}  targetRefs: [{ kind: Service, name: "" }]\n`,
    ['invalid-value @5 "\\"\\"" `spec.targetRefs[0].name` must not be empty.'],
  ],
  ['any protocol on a listener', `${gateway}  listeners: [{ name: mesh, port: 15008, protocol: HBONE }]\n`, []],
]);

table('missing fields', [
  [
    'at the key of the map',
    `${head('ServiceEntry')}spec:\n  location: MESH_EXTERNAL\n`,
    ['missing-field @4 "spec" `spec.hosts` is missing; ServiceEntry requires it.'],
  ],
  [
    'in an item of a list',
    `${entry}  ports:\n  - number: 80\n`,
    ['missing-field @7 "number: 80" `spec.ports[0].name` is missing; ServiceEntry requires it.'],
  ],
  [
    'at the kind where the whole spec is missing',
    head('ServiceEntry'),
    ['missing-field @2 "ServiceEntry" `spec` is missing; ServiceEntry requires it.'],
  ],
  [
    'an empty spec',
    `${head('ServiceEntry')}spec:\n`,
    ['missing-field @2 "ServiceEntry" `spec` is missing; ServiceEntry requires it.'],
  ],
  ['a spec that may be missing', head('Telemetry', 'telemetry.istio.io/v1'), []],
  [
    'no metadata',
    'apiVersion: telemetry.istio.io/v1\nkind: Telemetry\n',
    ['missing-field @2 "Telemetry" `metadata` is missing; Telemetry requires it.'],
  ],
  [
    'no name',
    'apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata: { namespace: b }\n',
    ['missing-field @3 "metadata" `metadata.name` is missing; Telemetry requires it.'],
  ],
  [
    'generateName is a name',
    'apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata: { generateName: b- }\n',
    [],
  ],
  [
    'what has a default is not required',
    `${head('HTTPRoute', 'gateway.networking.k8s.io/v1')}spec:\n  parentRefs: [{ name: a }]\n`,
    [],
  ],
  [
    'no apiVersion',
    'kind: ServiceEntry\nmetadata: { name: a }\nspec: { hosts: [a.com] }\n',
    ['missing-field @1 "ServiceEntry" `apiVersion` is missing; ServiceEntry requires it.'],
  ],
  ['no apiVersion of a kind that is not ours', 'kind: Pod\nmetadata: { name: a }\n', []],
  [
    'no kind',
    'apiVersion: networking.istio.io/v1\nmetadata: { name: a }\n',
    ['missing-field @1 "networking.istio.io/v1" `kind` is missing.'],
  ],
  ['no kind in a group that is not ours', 'apiVersion: v1\nmetadata: { name: a }\n', []],
]);

table('kinds and versions', [
  [
    'a misspelt kind',
    head('VirtualServices'),
    [
      'unknown-kind @2 "VirtualServices" `networking.istio.io/v1` has no kind `VirtualServices`; the most similar name is `VirtualService`.',
    ],
  ],
  [
    'a kind in the group of another',
    head('Telemetry'),
    [
      'unknown-kind @1 "networking.istio.io/v1" `networking.istio.io/v1` has no kind `Telemetry`; use `telemetry.istio.io/v1`.',
    ],
  ],
  [
    'an older version',
    `${head('Telemetry', 'telemetry.istio.io/v1alpha1')}spec: {}\n`,
    [
      'deprecated-api-version @1 "telemetry.istio.io/v1alpha1" `telemetry.istio.io/v1alpha1` is an older version of Telemetry; use `telemetry.istio.io/v1` with Istio 1.31.',
    ],
  ],
  [
    'a kind of a later release',
    `${head('TrafficExtension', 'extensions.istio.io/v1alpha1')}spec: {}\n`,
    [
      'unknown-kind @1 "extensions.istio.io/v1alpha1" TrafficExtension exists as `extensions.istio.io/v1alpha1` from Istio 1.30 on; the target is 1.29.',
    ],
    '1.29',
  ],
  ["other people's kinds", 'apiVersion: apps/v1\nkind: Deployment\nspec: { nonsense: 1 }\n', []],
  [
    "an installer's file",
    'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: { profile: ambient }\n',
    [],
  ],
]);

const budget = `${head('DestinationRule')}spec:\n  host: a.com\n  trafficPolicy: { retryBudget: { percent: 20 } }\n`;
table('releases', [
  [
    'a field of a later release',
    budget,
    [
      'unsupported-in-version @6 "retryBudget" `spec.trafficPolicy.retryBudget` exists from Istio 1.27 on; the target is 1.26.',
    ],
    '1.26',
  ],
  ['a field of the release', budget, [], '1.27'],
  [
    'a value of a later release',
    `${entry}  resolution: DYNAMIC_DNS\n`,
    [
      'unsupported-in-version @6 "DYNAMIC_DNS" The value DYNAMIC_DNS of `spec.resolution` exists from Istio 1.28 on; the target is 1.27.',
    ],
    '1.27',
  ],
  [
    'later values are not proposed',
    `${entry}  resolution: dynamic\n`,
    [
      'invalid-value @6 "dynamic" `spec.resolution` cannot be "dynamic"; use one of NONE, STATIC, DNS, DNS_ROUND_ROBIN.',
    ],
    '1.27',
  ],
  [
    'the Gateway API is installed apart from Istio',
    `${gateway}  listeners: [{ name: a, port: 80, protocol: HTTP }]\n  allowedListeners: {}\n`,
    [],
    '1.24',
  ],
]);

describe('syntax', () => {
  it('is reported at its position', () => {
    const text = 'kind: A\nspec:\n  a: 1\n  a: 2\n\tb: 3\n';
    const rows = validateErrors(parseDocument(text).errors).map(
      (finding) => `${finding.rule} @${text.slice(0, finding.at.start).split('\n').length}`,
    );
    assert.deepEqual(rows, ['invalid-yaml @4', 'invalid-yaml @5']);
  });
});

describe('where the place is', () => {
  it('is that of the anchor, once, for what an alias or merge key brings in', () => {
    const text = `${head('DestinationRule')}spec:\n  host: a.com\n  subsets:\n  - &x { name: a, lables: {} }\n  - <<: *x\n    name: b\n`;
    assert.deepEqual(found(text), [
      'unknown-field @7 "lables" DestinationRule has no field `spec.subsets[0].lables`; the most similar name is `labels`.',
    ]);
  });
});
