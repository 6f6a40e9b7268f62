// What is told from a text alone is what its tree would have said, in any text; where the tree is needed, nothing is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
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

test('templates that their text shows are those that the tree shows', () => {
  let told = 0;
  fc.assert(
    fc.property(texts, (text) => {
      const early = recogniseUnparsed(text, { defaultNamespace: 'default' });
      if (early) told++;
      const { recognition, roots } = read(text);
      if (early) assert.deepEqual({ early, roots }, { early: recognition, roots: [] }, JSON.stringify(text));
    }),
    { numRuns: RUNS },
  );
  assert.ok(told > RUNS / 20, `only ${told} texts were told`);
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

const usual: readonly string[] = [
  '{{- if .Values.enabled }}\napiVersion: v1\n',
  '# For {{ everyone }}.\n# "Quoted"\nkind: ServiceEntry\nmetadata:\n  name: {{ include "chart.fullname" . }}\n',
  'kind: ServiceEntry\r\nmetadata:\r\n  {{- include "x" . }}\r\n',
];

for (const text of usual)
  test(`a template is not parsed: ${text.split(/\r?\n/).at(-2)}`, () => {
    assert.equal(recogniseUnparsed(text, { defaultNamespace: 'default' })?.state, 'helm-template');
  });
