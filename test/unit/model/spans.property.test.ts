// Whatever a person is in the middle of typing, reading never throws, and every place that is kept is where its value stands.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../kit/fast-check.ts';
import type { Span } from '../../../server/src/base/span.ts';
import { KeptPlaces } from '../../../server/src/model/kept-places.ts';
import { splitDocuments } from '../../../server/src/yaml/chunks.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { read } from './model-kit.ts';

const seeds: readonly string[] = [
  `# Egress to httpbin.
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: httpbin
  namespace: common-infrastructure
  labels: &labels
    istio.io/use-waypoint: "egress-gateway"
spec:
  hosts:
  - httpbin.org
  - 'it''s.example'
  ports:
  - number: 80
    name: http
    protocol: HTTP
    targetPort: 443
  resolution: DNS
  exportTo: ["."]
  workloadSelector: { labels: { <<: *labels } }
`,
  `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: httpbin, annotations: { note: |
  } }
spec:
  host: httpbin.org
  trafficPolicy: &policy
    tls: { mode: SIMPLE, sni: "h\\u00e9.org", subjectAltNames: [a, b] }
    portLevelSettings:
    - { port: { number: 80 }, tls: { mode: DISABLE } }
  subsets:
  - name: v1
    trafficPolicy: *policy
`,
  `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow
spec:
  targetRefs:
  - { kind: ServiceEntry, group: networking.istio.io, name: httpbin }
  action: ALLOW
  rules:
  - from:
    - source:
        principals: ["cluster.local/ns/default/sa/curl"]
    to:
    - operation:
        methods: [GET]
    when:
    - key: request.headers[a]
      values: [b]
`,
  'apiVersion: v1\nkind: List\nitems:\n- apiVersion: gateway.networking.k8s.io/v1\n  kind: Gateway\n  metadata: {name: g}\n  spec:\n    listeners:\n    - name: mesh\n      port: 15008\n      allowedRoutes: {namespaces: {from: All}}\n- apiVersion: apps/v1\n  kind: Deployment\n  metadata: {name: d}\n  spec: {template: {spec: {serviceAccountName: "x"}}}\n',
  '{"apiVersion":"networking.istio.io/v1","kind":"VirtualService","metadata":{"name":"v"},"spec":{"hosts":["a\\u002eb"],"http":[{"match":[{"port":80}],"route":[{"destination":{"host":"c","port":{"number":443}},"weight":1}]}]}}',
  'apiVersion: telemetry.istio.io/v1\r\nkind: Telemetry\r\nmetadata:\r\n  name: t\r\nspec:\r\n  accessLogging:\r\n  - providers:\r\n    - name: envoy\r\n    match: {mode: SERVER}\r\n',
];

interface Place {
  readonly path: string;
  readonly span: Span;
  /** Undefined where the place is that of a key or of a whole. */
  readonly value: unknown;
}

/** Every span anywhere in a resource. */
function* placesIn(value: unknown, path: string): Generator<Place> {
  if (typeof value !== 'object' || value === null) return;
  if ('start' in value && 'end' in value) yield { path, span: value as Span, value: undefined };
  else if ('value' in value && 'span' in value && 'key' in value) {
    yield { path, span: value.span as Span, value: value.value };
    yield { path: `${path} key`, span: value.key as Span, value: undefined };
  } else {
    for (const [key, inner] of partsOf(value)) yield* placesIn(inner, `${path}.${String(key)}`);
  }
}

function partsOf(value: object): Iterable<readonly [unknown, unknown]> {
  if (value instanceof Map) return value;
  return value instanceof KeptPlaces ? placeNames.map((name) => [name, value[name]]) : Object.entries(value);
}

const placeNames = ['whole', 'kind', 'apiVersion', 'name', 'namespace', 'metadata', 'spec'] as const;

/** The text at a place reads as the value. Blocks, folded lines and aliases are only located: alone they read otherwise. */
function assertCovers(text: string, { path, span, value }: Place): void {
  assert.ok(
    0 <= span.start && span.start <= span.end && span.end <= text.length,
    `${path}: ${span.start}..${span.end} of ${text.length}`,
  );
  const written = text.slice(span.start, span.end);
  if (value === undefined || /^[|>&!*]/.test(written) || /[\r\n]/.test(written)) return;
  if (typeof value === 'string' && !/^["']/.test(written)) return assert.deepEqual([path, written], [path, value]);
  const root = parseDocument(written).root;
  assert.deepEqual([path, root?.kind === 'scalar' && root.value], [path, value], written);
}

function check(text: string): number {
  let places = 0;
  for (const chunk of splitDocuments(text)) {
    const { resources, roots } = read(chunk.text);
    for (const place of [
      ...placesIn(resources, 'resource'),
      ...roots.flatMap(({ apiVersion, kind }) => [...placesIn({ apiVersion, kind }, 'root')]),
    ]) {
      assertCovers(chunk.text, place);
      places++;
    }
  }
  return places;
}

test('places of whole manifests', () => {
  const counts = seeds.map(check);
  assert.ok(
    counts.every((count) => count >= 15),
    `places looked at: ${counts.join(', ')}`,
  );
});

const pieces = [
  '\n',
  ' ',
  '  ',
  '- ',
  ': ',
  '"',
  "'",
  '{',
  '}',
  '[',
  ']',
  '#',
  '&a ',
  '*a',
  '<<: ',
  '|\n',
  '---\n',
  '\t',
  '{{ .x }}',
  '${X}',
  'null',
  '7',
  'kind: ',
  'é',
  '\ud83d',
  '\r\n',
  '%',
  '? ',
  '!t ',
];
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(12),
  insert: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 })),
});

test('any edits of them', () => {
  fc.assert(
    fc.property(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 5 }), (seed, edits) => {
      let text = seed;
      for (const { at, cut, insert } of edits) {
        const start = Math.floor(at * text.length);
        text = text.slice(0, start) + insert + text.slice(start + cut);
      }
      check(text);
    }),
    { numRuns: 1500 },
  );
});

test('every beginning of them', () => {
  for (const seed of seeds) for (let end = 0; end < seed.length; end++) check(seed.slice(0, end));
});

const junk = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.double(),
    tie('list'),
    tie('map'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.dictionary(
    fc.constantFrom(
      'hosts',
      'ports',
      'number',
      'tls',
      'host',
      'rules',
      'from',
      'source',
      'name',
      'spec',
      'template',
      'labels',
      'match',
      'egress',
      '__proto__',
      'trafficPolicy',
      'targetRefs',
      'listeners',
      'allowedRoutes',
      'port',
    ),
    tie('value'),
    { maxKeys: 5 },
  ),
}));
const kinds = [
  ['v1', 'Service'],
  ['v1', 'Secret'],
  ['v1', 'Pod'],
  ['apps/v1', 'Deployment'],
  ['batch/v1', 'CronJob'],
  ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
  ['networking.istio.io/v1', 'ServiceEntry'],
  ['networking.istio.io/v1', 'DestinationRule'],
  ['networking.istio.io/v1', 'VirtualService'],
  ['networking.istio.io/v1', 'Gateway'],
  ['networking.istio.io/v1', 'Sidecar'],
  ['gateway.networking.k8s.io/v1', 'Gateway'],
  ['gateway.networking.k8s.io/v1', 'HTTPRoute'],
  ['gateway.networking.k8s.io/v1', 'BackendTLSPolicy'],
  ['security.istio.io/v1', 'AuthorizationPolicy'],
  ['telemetry.istio.io/v1', 'Telemetry'],
] as const;

test('values of any type in any field', () => {
  fc.assert(
    fc.property(fc.constantFrom(...kinds), junk.map, junk.value, ([apiVersion, kind], spec, metadata) => {
      check(
        JSON.stringify({
          apiVersion,
          kind,
          metadata: { name: 'x', labels: metadata },
          spec,
          rules: spec,
          data: spec,
          subjects: metadata,
        }),
      );
    }),
    { numRuns: 1500 },
  );
});
