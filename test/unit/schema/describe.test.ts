import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeField, fieldsAt } from '../../../server/src/schema/describe.ts';
import { docOf, namesOf } from '../../../server/src/schema/docs.ts';
import { docTexts, schemaTexts } from '../../../server/src/schema/texts.gen.ts';
import { schemaAt } from '../../../server/src/schema/tree.ts';
import { formText } from '../../../server/src/schema/value-wording.ts';
import type { FieldPath } from '../../../server/src/base/field-path.ts';

const istio = 'networking.istio.io/v1';

describe('describeField', () => {
  it('knows type, choices and whether a field is required', () => {
    const { doc, ...facts } = describeField(istio, 'ServiceEntry', ['spec', 'resolution'])!;
    assert.deepEqual(facts, {
      type: 'string',
      required: false,
      enum: ['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS'],
      valuesSince: { DYNAMIC_DNS: '1.28' },
    });
    assert.match(doc ?? '', /NONE/);
    assert.equal(describeField(istio, 'ServiceEntry', ['spec', 'hosts'])?.required, true);
    assert.equal(describeField(istio, 'ServiceEntry', ['spec', 'ports', 3, 'number'])?.required, true);
  });
  it('puts types into words', () => {
    const type = (path: FieldPath) => describeField(istio, 'ServiceEntry', path)?.type;
    assert.deepEqual(
      [
        type(['spec']),
        type(['spec', 'hosts']),
        type(['spec', 'ports']),
        type(['spec', 'endpoints', 0, 'labels']),
        type(['spec', 'endpoints', 0, 'ports', 'http']),
      ],
      ['map', 'list of strings', 'list of maps', 'map of strings', 'integer'],
    );
    assert.equal(
      describeField(istio, 'DestinationRule', ['spec', 'trafficPolicy', 'connectionPool', 'tcp', 'connectTimeout'])
        ?.type,
      'duration',
    );
  });
  it('says from which release a field is', () => {
    assert.equal(describeField(istio, 'DestinationRule', ['spec', 'trafficPolicy', 'retryBudget'])?.since, '1.27');
    const listeners = describeField('gateway.networking.k8s.io/v1', 'Gateway', ['spec', 'allowedListeners']);
    assert.deepEqual([listeners?.since, listeners?.gatewayApiSince], [undefined, '1.3']);
    assert.equal(
      describeField('gateway.networking.k8s.io/v1', 'HTTPRoute', ['spec', 'rules', 0, 'retry'])?.experimental,
      true,
    );
  });
  it('tells the same field in different places', () => {
    const port = (path: FieldPath) => describeField(istio, 'DestinationRule', path)?.doc ?? '';
    assert.match(port(['spec', 'trafficPolicy', 'portLevelSettings', 0, 'port', 'number']), /not its `targetPort`/);
    assert.equal(
      port(['spec', 'subsets', 0, 'trafficPolicy', 'tls', 'mode']),
      port(['spec', 'trafficPolicy', 'tls', 'mode']),
    );
  });
  it("knows Istio's labels on kinds of Kubernetes, too", () => {
    assert.match(
      describeField('v1', 'Namespace', ['metadata', 'labels', 'istio.io/use-waypoint'])?.doc ?? '',
      /waypoint/,
    );
    assert.deepEqual(describeField('v1', 'Namespace', ['metadata', 'labels', 'istio.io/dataplane-mode'])?.enum, [
      'ambient',
      'none',
    ]);
    assert.equal(describeField('v1', 'Namespace', ['metadata', 'labels', 'istio.io/waypoint-for']), undefined);
    assert.equal(describeField('v1', 'Namespace', ['metadata', 'labels', 'app']), undefined);
  });
  it('knows no other field', () => {
    for (const path of [['spec', 'nonsense'], ['nonsense'], ['metadata', 'nonsense'], [], ['spec', 'hosts', 'x']]) {
      assert.equal(describeField(istio, 'ServiceEntry', path), undefined, path.join('.'));
    }
    assert.equal(describeField('apps/v1', 'Deployment', ['spec', 'replicas']), undefined);
  });
});

describe('fieldsAt', () => {
  const names = (path: FieldPath, kind = 'ServiceEntry', apiVersion = istio) =>
    fieldsAt(apiVersion, kind, path).map(({ name }) => name);
  it('lists the fields of a map', () => {
    assert.deepEqual(names([]), ['apiVersion', 'kind', 'metadata', 'spec']);
    assert.deepEqual(names(['spec', 'ports', 0]), ['name', 'number', 'protocol', 'targetPort']);
    assert.deepEqual(names(['spec', 'endpoints', 0, 'labels']), []);
    assert.deepEqual(names(['spec', 'nonsense']), []);
  });
  it('lists labels and annotations that mean something on the kind', () => {
    assert.ok(names(['metadata', 'labels']).includes('istio.io/use-waypoint'));
    assert.ok(!names(['metadata', 'labels']).includes('istio.io/waypoint-for'));
    assert.deepEqual(
      names(['metadata', 'annotations'], 'AuthorizationPolicy', 'security.istio.io/v1').includes('istio.io/dry-run'),
      true,
    );
    assert.ok(names(['metadata'], 'Namespace', 'v1').includes('labels'));
  });
});

/** Every path of a schema below `spec`, a free map's key as `key`. */
function pathsOf(schema: string, path: FieldPath = ['spec']): readonly FieldPath[] {
  const node = schemaAt(schema, path);
  const steps: (string | number)[] = [
    ...Object.keys(node?.properties ?? {}),
    ...(node?.items ? [0] : []),
    ...(typeof node?.additionalProperties === 'object' ? ['key'] : []),
  ];
  return steps.flatMap((step) => [[...path, step], ...pathsOf(schema, [...path, step])]);
}

const documented = [
  'istio/ServiceEntry',
  'istio/WorkloadEntry',
  'istio/DestinationRule',
  'istio/AuthorizationPolicy',
  'istio/Telemetry',
  'istio/Sidecar',
  'istio/VirtualService',
  'istio/Gateway',
  'gateway-api/Gateway',
  'gateway-api/GatewayClass',
  'gateway-api/HTTPRoute',
  'gateway-api/GRPCRoute',
  'gateway-api/TLSRoute',
  'gateway-api/TCPRoute',
  'gateway-api/UDPRoute',
  'gateway-api/BackendTLSPolicy',
];

describe('docs', () => {
  for (const schema of documented) {
    it(`has a sentence for every field of ${schema}`, () => {
      const named = pathsOf(schema)
        .map((path) => namesOf(schema, path))
        .filter((names) => names.at(-1) !== '*');
      assert.deepEqual(
        named.filter((names) => docOf(schema, names) === undefined).map((names) => names.join('.')),
        [],
      );
    });
  }
  it('has no sentence that no field has', () => {
    const said = new Set(
      Object.keys(schemaTexts).flatMap((schema) => pathsOf(schema).map((path) => docOf(schema, namesOf(schema, path)))),
    );
    const files = Object.entries(docTexts).filter(([name]) => !['labels', 'annotations', 'metadata'].includes(name));
    const unsaid = files.flatMap(([name, text]) =>
      Object.entries(JSON.parse(text) as Record<string, string>)
        .filter(([, doc]) => !said.has(doc))
        .map(([key]) => `${name} ${key}`),
    );
    assert.deepEqual(unsaid, []);
  });
  it('speaks in sentences', () => {
    const all = Object.values(docTexts)
      .flatMap((text) => Object.values(JSON.parse(text) as Record<string, string | { readonly doc: string }>))
      .map((doc) => (typeof doc === 'string' ? doc : doc.doc));
    assert.deepEqual(
      all.filter((doc) => !/^[A-Z`].*\.$/.test(doc) || doc.length > 320),
      [],
    );
  });
});

describe('wording', () => {
  it('has words for every form that a schema asks for', () => {
    const forms = Object.keys(schemaTexts)
      .flatMap((schema) => pathsOf(schema).map((path) => schemaAt(schema, path)!))
      .filter(({ pattern }) => pattern !== undefined);
    const wordless = new Set(
      forms.filter((node) => formText(node).startsWith('of the form')).map(({ pattern }) => pattern),
    );
    assert.ok(forms.length > 50);
    assert.deepEqual([...wordless], []);
  });
});
