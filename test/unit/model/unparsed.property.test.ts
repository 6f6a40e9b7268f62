// What is told from a text alone is what its tree would have said, in any text; where the tree is needed, nothing is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readWithSlips } from '../../../server/src/engine/read-with-slips.ts';
import { recogniseUnparsed } from '../../../server/src/model/recognise.ts';
import { fc } from '../../kit/fast-check.ts';
import { read } from './model-kit.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 1500);

const lines = fc.constantFrom(
  'apiVersion: networking.istio.io/v1',
  'kind: ServiceEntry',
  'metadata:',
  '  name: a',
  '  name: {{ .Values.name }}',
  '  name: "{{ .Values.name }}"',
  '  {{- include "labels" . | nindent 2 }}',
  '{{- if .Values.on }}',
  '{{- end }}',
  '{{ x }}: y',
  '- {{ x }}',
  '- a: {{ x }}',
  '- a: b: {{ x }}',
  'a: *{{ x }}',
  'a: b: {{ x }}',
  'a: b {{ x }}',
  'a: |',
  'a: >-',
  'a: "b',
  "a: 'b",
  '  c"',
  '? a',
  '&b c: d',
  '# {{ x }}',
  ' # "',
  'a: b # {{ x }}',
  '\t{{ x }}',
  '\uFEFFa: b',
  'a: [b,',
  '',
  '--- |',
  '%YAML 1.2',
);

const texts = fc
  .tuple(fc.array(lines, { maxLength: 8 }), fc.constantFrom('\n', '\r\n', '\r'))
  .map(([all, end]) => all.map((line) => line + end).join(''));

test('templates and foreign texts that their text shows are those that the tree shows', () => {
  const told = { templates: 0, foreign: 0 };
  fc.assert(
    fc.property(texts, (text) => {
      const early = recogniseUnparsed(text, { defaultNamespace: 'default' });
      if (early) told[early.state === 'foreign' ? 'foreign' : 'templates']++;
      const { recognition, roots } = read(text);
      if (early) assert.deepEqual({ early, roots }, { early: recognition, roots: [] }, JSON.stringify(text));
    }),
    { numRuns: RUNS },
  );
  assert.ok(told.templates > RUNS / 20 && told.foreign > RUNS / 40, JSON.stringify(told));
});

test('files that are skipped for their place are told without a tree, but for patches, which name what they add', () => {
  fc.assert(
    fc.property(texts, fc.constantFrom('helm-template', 'foreign', 'kustomize-patch'), (text, leftAlone) => {
      const early = recogniseUnparsed(text, { defaultNamespace: 'default', leftAlone });
      const { recognition, roots } = read(text, { leftAlone });
      assert.deepEqual(early ?? leftAlone, leftAlone === 'kustomize-patch' ? leftAlone : recognition);
      assert.deepEqual(roots, []);
    }),
    { numRuns: RUNS / 5 },
  );
});

/** Keys of a manifest and of a patch, in all the ways that they can be written or come to be by a repair. */
const signs = fc.constantFrom(
  'kind: ServiceEntry',
  ' kind : ServiceEntry',
  'kind',
  'kind:ServiceEntry',
  '"kind": ServiceEntry',
  '"\\x6bind": ServiceEntry',
  '"\\u006bind": ServiceEntry',
  '? "ki\\',
  '  nd"',
  ': ServiceEntry',
  '!!binary a2luZA==: ServiceEntry',
  '{kind: ServiceEntry}',
  'kindly: b',
  'a-kind: b',
  'kind-of: b',
  'apiVersion: networking.istio.io/v1',
  'apiversion: networking.istio.io/v1',
  'apiVersion',
  'a: {apiVersion: v1, b: c}',
  '- op: add',
  '  path: /a',
  '- {"op" : add, "path": /a}',
  '$patch: delete',
  'a: &kind kind',
  '*kind : ServiceEntry',
  '<<: *kind',
  '---',
  '---x',
  '%TAG ! tag:yaml.org,2002:',
  '!binary a2luZA==: b',
  'items:',
  '- a',
  '  b: c',
  'a: b',
  'a',
  '  kind: Service',
  '\tkind: Service',
  'a: |',
  '{',
  '[',
  '...',
  '#',
);

test('what is told to be foreign is what the tree shows to be, and nothing of it is found', () => {
  let told = 0;
  const all = fc.array(fc.oneof(signs, lines), { maxLength: 6 });
  fc.assert(
    fc.property(all, fc.constantFrom('\n', '\r\n', '\r'), (some, end) => {
      const text = some.map((line) => line + end).join('');
      const early = recogniseUnparsed(text, { defaultNamespace: 'default' });
      if (early?.state !== 'foreign') return;
      told++;
      assert.deepEqual(withSlips(text), { recognition: early, syntax: [], roots: [] }, JSON.stringify(text));
    }),
    { numRuns: 4 * RUNS },
  );
  assert.ok(told > RUNS / 20, `only ${told} texts were told`);
});

/** As a document is read that is not told by its text. */
function withSlips(text: string) {
  const { recognition, syntax, roots } = readWithSlips(text, {
    uri: 'file:///a.yaml',
    document: 1,
    defaultNamespace: 'default',
    nextId: () => 1,
    istioVersion: '1.31',
  });
  return { recognition, syntax, roots };
}

const usual: readonly string[] = [
  '{{- if .Values.enabled }}\napiVersion: v1\n',
  '# For {{ everyone }}.\n# "Quoted"\nkind: ServiceEntry\nmetadata:\n  name: {{ include "chart.fullname" . }}\n',
  'kind: ServiceEntry\r\nmetadata:\r\n  {{- include "x" . }}\r\n',
];

for (const text of usual)
  test(`a template is not parsed: ${text.split(/\r?\n/).at(-2)}`, () => {
    assert.equal(recogniseUnparsed(text, { defaultNamespace: 'default' })?.state, 'helm-template');
  });

for (const text of ['image:\n  tag: "1.2"\n', 'on: push\njobs:\n  kind-of:\n  - run: a\n', '{"a": [1]}\n'])
  test(`a file of another tool is not parsed: ${text.split('\n')[0]}`, () => {
    assert.equal(recogniseUnparsed(text, { defaultNamespace: 'default' })?.state, 'foreign');
  });
