// Documents that no API server would take are refused before they are read, with an error in their place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyzeFiles } from '../../../server/src/engine/analyze.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';

const entry = (name: string, spec: string) =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: ${name}, namespace: egress }\nspec: ${spec}\n`;
const hosts = (count: number) => Array.from({ length: count }, (_, i) => `h${i}.example.com`).join(', ');

for (const [name, spec] of [
  ['flow lists', '['.repeat(100_000)],
  ['flow maps', `${'{a: '.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ['lists in lists', `\n${'- '.repeat(100_000)}1`],
] as const)
  test(`too deep: ${name}`, () => {
    const { root, errors } = parseDocument(entry('deep', spec));
    assert.equal(root, undefined);
    assert.deepEqual(
      errors.map(({ message }) => message),
      ['This document is nested more than 1000 levels deep, so it is not read.'],
    );
  });

test('too large, beside one that is read', () => {
  const large = entry('large', `{ hosts: [${hosts(250_000)}] }`);
  const { findings } = analyzeFiles([
    {
      uri: 'file:///a.yaml',
      text: `${large}---\n${entry('small', '{ hosts: [a.org], resolution: DNSS, ports: [] }')}`,
    },
  ]);
  assert.deepEqual(
    findings.filter(({ severity }) => severity === 'error').map(({ rule, message }) => [rule, message.slice(0, 60)]),
    [
      ['invalid-yaml', 'This document is larger than 3 MiB, more than the API server'],
      ['invalid-value', findings.find(({ rule }) => rule === 'invalid-value')!.message.slice(0, 60)],
    ],
  );
});

test('a list is as long as it is: clients take it apart', () => {
  const item = (i: number) =>
    `- ${JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: `n${i}` } })}\n`;
  const items = Array.from({ length: 50_000 }, (_, i) => item(i)).join('');
  const { root, errors } = parseDocument(`apiVersion: v1\nkind: List\nitems:\n${items}`);
  assert.deepEqual([root?.kind, errors.length], ['map', 0]);
});

test('a million items are not read, however small', () => {
  const { root, errors } = parseDocument(entry('wide', `{ hosts: [${'a,'.repeat(1_000_001)}a] }`));
  assert.equal(root, undefined);
  assert.deepEqual(
    errors.map(({ message }) => message),
    ['This document has more than 1000000 lines and items, so it is not read.'],
  );
});

test('what only the complete parser reads has an earlier end', () => {
  const lines = (count: number, line: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => `  ${line(i)}\n`).join('');
  const plain = parseDocument(entry('plain', `\n${lines(160_000, (i) => `k${i}: x`)}`));
  assert.deepEqual([plain.root?.kind, plain.errors], ['map', []]);
  const { root, errors } = parseDocument(entry('anchors', `\n${lines(160_000, (i) => `k${i}: &a x`)}`));
  assert.equal(root, undefined);
  assert.match(errors[0]?.message ?? '', /more than 150000 lines and items, and something that takes long to read/);
});

test('the documents of a file behind the first 100,000 are one that is not read', () => {
  const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n';
  const empty = '---\n'.repeat(99_999);
  const { findings } = analyzeFiles([
    {
      uri: 'file:///a.yaml',
      text: `${empty}---\n${namespace}---\n${'# the rest\n'.repeat(10_000)}${namespace.replace('a }', 'b }')}---\n${entry('lost', '{}')}`,
    },
  ]);
  assert.deepEqual(
    findings.map(({ rule, message }) => [rule, message]),
    [['invalid-yaml', 'This file has too many documents: those from here on are not read.']],
  );
});
