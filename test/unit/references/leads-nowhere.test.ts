// The other way round: a name that leads nowhere, in each field of a row that a rule checks, makes that rule speak there. And in a field
// that no row has, none of these rules does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { analyzeFiles } from '../../../server/src/engine/analyze.ts';
import { allKinds, isKind } from '../../../server/src/model/kind-of.ts';
import type { FieldPath } from '../../../server/src/base/field-path.ts';
import type { Kind } from '../../../server/src/model/kinds.ts';
import { eachItem, matchesPattern, type FieldPattern } from '../../../server/src/references/field-pattern.ts';
import type { ReferenceField } from '../../../server/src/references/reference-field.ts';
import { referenceFields, referenceFieldsOf } from '../../../server/src/references/reference-fields.ts';
import { fieldsAt } from '../../../server/src/schema/describe.ts';

type Plain = string | number | { [key: string]: Plain } | Plain[];

/** A small mesh in which everything else is there. */
const world = `apiVersion: v1
kind: Namespace
metadata: { name: out, labels: { istio.io/dataplane-mode: ambient, istio.io/use-waypoint: way } }
---
apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: way, namespace: out }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: pay, namespace: out }
spec:
  hosts: [pay.example.com]
  ports: [{ number: 80, name: http, protocol: HTTP, targetPort: 9 }]
  resolution: DNS
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: caller, namespace: out }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: subsets, namespace: out }
spec: { host: pay.example.com, subsets: [{ name: v1, labels: { version: v1 } }] }
---
apiVersion: v1
kind: Secret
metadata: { name: cert, namespace: out }
data: { tls.crt: eA==, tls.key: eA==, ca.crt: eA== }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: roots, namespace: out }
data: { ca.crt: x }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: egress, namespace: out }
spec:
  selector: { matchLabels: { istio: egressgateway } }
  template:
    metadata: { labels: { istio: egressgateway } }
    spec: { serviceAccountName: caller, containers: [{ name: istio-proxy, image: auto }] }
`;

const apiVersions: Partial<Record<Kind, readonly [apiVersion: string, kind: string]>> = {
  ServiceEntry: ['networking.istio.io/v1', 'ServiceEntry'],
  Service: ['v1', 'Service'],
  Namespace: ['v1', 'Namespace'],
  DestinationRule: ['networking.istio.io/v1', 'DestinationRule'],
  VirtualService: ['networking.istio.io/v1', 'VirtualService'],
  IstioGateway: ['networking.istio.io/v1', 'Gateway'],
  Gateway: ['gateway.networking.k8s.io/v1', 'Gateway'],
  HTTPRoute: ['gateway.networking.k8s.io/v1', 'HTTPRoute'],
  GRPCRoute: ['gateway.networking.k8s.io/v1', 'GRPCRoute'],
  TLSRoute: ['gateway.networking.k8s.io/v1', 'TLSRoute'],
  TCPRoute: ['gateway.networking.k8s.io/v1', 'TCPRoute'],
  AuthorizationPolicy: ['security.istio.io/v1', 'AuthorizationPolicy'],
  Telemetry: ['telemetry.istio.io/v1', 'Telemetry'],
  BackendTLSPolicy: ['gateway.networking.k8s.io/v1', 'BackendTLSPolicy'],
};

const target = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'way' };
const parent = { group: 'networking.istio.io', kind: 'ServiceEntry', name: 'pay' };

/** What an object of the kind must have for the rest of it to be read. */
const specs: Partial<Record<Kind, { [key: string]: Plain }>> = {
  DestinationRule: { host: 'pay.example.com' },
  VirtualService: { hosts: ['pay.example.com'] },
  HTTPRoute: { parentRefs: [parent] },
  GRPCRoute: { parentRefs: [parent] },
  TLSRoute: { parentRefs: [parent] },
  TCPRoute: { parentRefs: [parent] },
  AuthorizationPolicy: { targetRefs: [target] },
  Telemetry: { targetRefs: [target] },
  BackendTLSPolicy: { targetRefs: [parent] },
  IstioGateway: { selector: { istio: 'egressgateway' } },
  ServiceEntry: {
    hosts: ['own.example.com'],
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    resolution: 'DNS',
  },
};

const values: Readonly<Record<string, Plain>> = {
  host: 'nowhere.example.com',
  port: 9,
  GatewayClass: 'istio-waypont',
  'service account': 'nowhere/nobody',
  principal: 'cluster.local/ns/nowhere/sa/nobody',
};

interface Companion {
  /** The fields, as steps with dots between them. */
  readonly of: RegExp;
  /** From the field, or from the root. */
  readonly at: (path: FieldPath) => FieldPath;
  readonly value: Plain;
}

const above =
  (up: number, ...below: FieldPath) =>
  (path: FieldPath): FieldPath => [...path.slice(0, path.length - up), ...below];
const host = 'pay.example.com';

/** Fields that belong to the one in question: without them it is not read. */
const companions: readonly Companion[] = [
  { of: /(destination|mirror)\.subset$/, at: above(1, 'host'), value: host },
  { of: /(destination|mirror)\.port\.number$/, at: above(2, 'host'), value: host },
  { of: /^spec\.targetRef/, at: above(1), value: { group: 'networking.istio.io', kind: 'ServiceEntry' } },
  { of: /targetRefs.*sectionName$/, at: above(1), value: parent },
  { of: /caCertificateRefs.*name$/, at: above(1), value: { group: '', kind: 'ConfigMap' } },
  { of: /^spec\.targetRef\./, at: () => ['spec', 'targetRefs'], value: [] },
  { of: /credentialName$/, at: above(1, 'mode'), value: 'SIMPLE' },
  { of: /portLevelSettings.*credentialName$/, at: above(2, 'port', 'number'), value: 80 },
  { of: /portLevelSettings.*number$/, at: above(2, 'tls', 'mode'), value: 'SIMPLE' },
  { of: /backendRef.*name$/, at: above(1), value: { group: 'networking.istio.io', kind: 'Hostname', port: 80 } },
  { of: /backendRef.*port$/, at: above(1), value: { group: 'networking.istio.io', kind: 'Hostname', name: host } },
  {
    of: /filters/,
    at: (path) => path.slice(0, path.indexOf('filters') + 2),
    value: { type: 'RequestMirror' },
  },
  { of: /subsets/, at: () => ['spec', 'subsets', 0, 'name'], value: 'v1' },
  {
    of: /servers/,
    at: above(2),
    value: { port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: [host] },
  },
];

function besides(field: ReferenceField, pattern: FieldPattern): Edits {
  const path = pathOf(pattern);
  const condition = pattern.join('.').includes('.when.') ? conditions[field.form.names] : undefined;
  return [
    ...companionsOf(path, pattern.join('.')),
    ...(condition === undefined ? [] : [[[...path.slice(0, 5), 'key'], condition] as const]),
  ];
}

function companionsOf(path: FieldPath, text: string): Edits {
  return companions.flatMap(({ of, at, value }) => (of.test(text) ? [[at(path), value] as const] : []));
}

const conditions: Readonly<Record<string, string>> = {
  namespace: 'source.namespace',
  'service account': 'source.serviceAccount',
  principal: 'source.principal',
  port: 'destination.port',
};

function pathOf(pattern: FieldPattern): FieldPath {
  return pattern.map((step) => (step === eachItem ? 0 : step));
}

let tried = 0;
for (const field of referenceFields) {
  const { checkedBy, kinds, patterns } = field;
  if ('unchecked' in checkedBy || kinds === 'all') continue;
  for (const kind of kinds)
    for (const pattern of patterns) {
      tried++;
      test(`${kind} ${pattern.join('.')}: ${field.form.names} that leads nowhere`, () => {
        const found = findingsFor(field, kind, pattern);
        assert.ok(
          found.some((rule) => checkedBy.includes(rule)),
          `${checkedBy.join(' or ')} does not speak, only: ${found.join(', ')}`,
        );
      });
    }
}

test('every row that a rule checks was tried', () => assert.ok(tried > 70));

function findingsFor(field: ReferenceField, kind: Kind, pattern: FieldPattern): readonly string[] {
  const edits = [...besides(field, pattern), [pathOf(pattern), valueFor(field, pattern)] as const];
  return findingsWith(kind, edits, isGatewayParent(field) ? {} : specs[kind]);
}

type Edits = readonly (readonly [path: FieldPath, value: Plain])[];

/** The rules with findings at the value that leads nowhere. */
function findingsWith(kind: Kind, edits: Edits, spec: Plain | undefined): readonly string[] {
  const [apiVersion, name] = apiVersions[kind] ?? ['v1', kind];
  const object: { [key: string]: Plain } = {
    apiVersion,
    kind: name,
    metadata: { name: 'tried', ...(kind === 'Namespace' ? {} : { namespace: 'out' }) },
    ...(specs[kind] && spec ? { spec } : {}),
  };
  const full = edits.reduce<Plain>((now, [path, value]) => placed(now, path, value), object);
  const text = stringify(full);
  const { findings } = analyzeFiles(
    [
      { uri: 'file:///world.yaml', text: world },
      { uri: 'file:///tried.yaml', text },
    ],
    { settings: { completeKinds: allKinds, mesh: { origin: 'x', extensionProviders: [] } } },
  );
  return findings
    .filter(
      ({ uri, span }) => uri === 'file:///tried.yaml' && /nowhere|waypont|9/.test(text.slice(span.start, span.end)),
    )
    .map(({ rule }) => rule);
}

/** A route to a Gateway names no other parent. */
function isGatewayParent({ checkedBy, patterns }: ReferenceField): boolean {
  return 'unchecked' in checkedBy ? false : checkedBy.includes('unknown-gateway') && patterns[0]?.[1] === 'parentRefs';
}

function valueFor({ form }: ReferenceField, pattern: FieldPattern): Plain {
  const value = values[form.names] ?? 'nowhere';
  // Policies write ports as text.
  return typeof value === 'number' && pattern.includes('rules') && pattern.at(-1) === eachItem ? String(value) : value;
}

/** The object with a value at a path; maps are merged. */
function placed(now: Plain | undefined, [step, ...rest]: FieldPath, value: Plain): Plain {
  if (step === undefined) return isMap(now) && isMap(value) ? { ...now, ...value } : value;
  if (typeof step === 'number') {
    const items = Array.isArray(now) ? [...now] : [];
    items[step] = placed(items[step], rest, value);
    return items;
  }
  const map = isMap(now) ? now : {};
  return { ...map, [step]: placed(map[step], rest, value) };
}

/** Every field below `spec` that holds a text, a number, or a list or map of them. */
function* leavesOf(apiVersion: string, kind: string, path: FieldPath): Generator<readonly [FieldPath, Plain]> {
  for (const { name, type } of fieldsAt(apiVersion, kind, path)) {
    const at = type.startsWith('list of') ? [...path, name, 0] : [...path, name];
    if (fieldsAt(apiVersion, kind, at).length > 0) yield* leavesOf(apiVersion, kind, at);
    else if (/string/.test(type)) yield [type.startsWith('map of') ? [...at, 'nowhere'] : at, 'nowhere'];
    else if (/integer/.test(type)) yield [at, 9];
  }
}

/** A path names nothing: it is of another form, or can never be sent. Nor does a group, without which a kind is another. */
function isNoName(rule: string, path: FieldPath): boolean {
  return (
    (rule === 'policy-never-matches' && path.at(-2) === 'paths') ||
    (rule === 'unknown-route-parent' && path.at(-1) === 'group')
  );
}

/** What the rules of the table look at, they look at in fields of the table. */
const checking = new Set(referenceFields.flatMap(({ checkedBy }) => ('unchecked' in checkedBy ? [] : checkedBy)));

for (const kind of Object.keys(apiVersions).filter(isKind))
  test(`${kind}: no rule about names looks at a field that is not in the table`, () => {
    const [apiVersion, name] = apiVersions[kind]!;
    const rows = referenceFieldsOf(kind).flatMap(({ patterns }) => patterns);
    const others = [...leavesOf(apiVersion, name, ['spec'])].filter(
      ([path]) => !rows.some((pattern) => matchesPattern(pattern, path)),
    );
    const found = others.flatMap(([path, value]) => {
      const edits = [...companionsOf(path, path.join('.')), [path, value] as const];
      const rules = findingsWith(kind, edits, specs[kind]).filter(
        (rule) => checking.has(rule) && !isNoName(rule, path),
      );
      return rules.map((rule) => `${path.join('.')}: ${rule}`);
    });
    assert.deepEqual(found, []);
  });

function isMap(value: Plain | undefined): value is { [key: string]: Plain } {
  return typeof value === 'object' && !Array.isArray(value);
}
