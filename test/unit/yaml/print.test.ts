import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../kit/fast-check.ts';
import { parse } from 'yaml';
import { values } from './render.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { printDocument } from '../../../server/src/yaml/print.ts';
import { toPlain } from '../../../server/src/yaml/read.ts';
import { DEFAULT_STYLE } from '../../../server/src/yaml/style.ts';
import type { Style } from '../../../server/src/yaml/style.ts';

test('prints as Kubernetes manifests are written', () => {
  const manifest = {
    kind: 'DestinationRule',
    spec: {
      host: 'httpbin.org',
      empty: {},
      ports: [{ port: { number: 80 }, tls: { mode: 'SIMPLE' } }],
      names: ['*.a', 'b', 'true', 'a: b', '1.2.3.4', '10.0.0.0/8', 'y'],
      text: 'one\ntwo\n',
      none: null,
    },
  };
  assert.equal(
    printDocument(manifest),
    `kind: DestinationRule
spec:
  host: httpbin.org
  empty: {}
  ports:
  - port:
      number: 80
    tls:
      mode: SIMPLE
  names:
  - "*.a"
  - b
  - "true"
  - "a: b"
  - 1.2.3.4
  - 10.0.0.0/8
  - "y"
  text: |
    one
    two
  none: null
`,
  );
});

test('follows a style', () => {
  const style: Style = { ...DEFAULT_STYLE, indent: 4, dash: 2, item: 4, quote: 'single', newline: '\r\n' };
  assert.equal(
    printDocument({ a: { b: [{ c: '*', d: 1 }] } }, style),
    "a:\r\n    b:\r\n      -   c: '*'\r\n          d: 1\r\n",
  );
  assert.equal(
    printDocument({ a: [1, { b: 'c' }], d: {} }, { ...DEFAULT_STYLE, json: true }),
    '{\n  "a": [\n    1,\n    {\n      "b": "c"\n    }\n  ],\n  "d": {}\n}\n',
  );
});

const styles: fc.Arbitrary<Style> = fc.record({
  indent: fc.integer({ min: 1, max: 8 }),
  dash: fc.integer({ min: 0, max: 4 }),
  item: fc.integer({ min: 2, max: 4 }),
  quote: fc.constantFrom('single', 'double'),
  padded: fc.boolean(),
  newline: fc.constantFrom('\n', '\r\n'),
  json: fc.boolean(),
});
const words = fc.oneof(
  values,
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom(
    'y',
    'NO',
    'off',
    '0x1',
    '0b1',
    '017',
    '1_0',
    '1:30',
    '.inf',
    '=',
    '<<',
    '2020-01-01',
    '1e3',
    '+1',
    '- a',
    '-',
    '?',
    'a:',
    ':a',
    'a #b',
    '---',
    '...',
    '\ta',
    'a\n b',
    '\na',
    'a\n\n',
    'x\n---\ny',
  ),
);

test('what is printed is read as the same value, by readers of YAML 1.1 too', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        words,
        fc.array(words),
        fc.dictionary(
          fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('on', '<<', '', '1', '? a', '__proto')),
          words,
          { noNullPrototype: true },
        ),
      ),
      styles,
      (value, style) => {
        const text = printDocument(value, style);
        const { root, errors } = parseDocument(text);
        assert.deepEqual([errors, root && toPlain(root)], [[], value], text);
        assert.deepEqual(parse(text, { version: '1.1', logLevel: 'silent' }), value, text);
      },
    ),
    { numRuns: 1000 },
  );
});
