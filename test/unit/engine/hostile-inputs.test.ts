// Files made to exhaust the reader: each is read, with few errors, and the complete parser is asked a few times at most.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { YamlError } from '../../../server/src/yaml/node.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { callsOf } from '../../kit/count-calls.ts';

/** Each is a reading of the whole text. */
const MAX_READINGS = 12;
const MAX_ERRORS = 20;

const HEAD = 'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: a\nspec:\n';

function lines(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');
}

const BROKEN: Record<string, string> = {
  'a quote opened on each of 5,000 lines': lines(5000, () => 'a: "'),
  'a quote opened on each of 5,000 lines with CRLF': lines(5000, () => 'a: "\r'),
  'a bracket opened on each of 5,000 lines': lines(5000, () => 'a: {'),
  'a second colon on each of 5,000 lines': lines(5000, () => '  a: b: c'),
  '1,000 anchored aliases, each of the one before': lines(
    1000,
    (i) => `  k${i}: &a${i} ${i === 0 ? 'x' : `*a${i - 1}`}`,
  ),
  'brackets nested 10,000 deep': `  a: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`,
  'maps nested 10,000 deep': `  a: ${'{a: '.repeat(10_000)}${'}'.repeat(10_000)}\n`,
  'lists nested 10,000 deep': `  ${'- '.repeat(10_000)}x\n`,
};

const READABLE: Record<string, string> = {
  '10,000 anchors': lines(10_000, (i) => `  k${i}: &a${i} x`),
  'a block scalar of 1 MB': `  a: |\n${lines(10_000, () => `    ${'x'.repeat(96)}`)}`,
  'a host of 1 MB': `  hosts:\n  - ${'a'.repeat(1_000_000)}\n`,
};

for (const [name, text] of Object.entries(BROKEN))
  test(`${name}: a few readings, with few errors`, async () => {
    const errors = await readOf(HEAD + text);
    assert.ok(errors.length > 0 && errors.length <= MAX_ERRORS, `${errors.length} errors`);
    for (const { span } of errors) assert.ok(span.start <= span.end && span.end <= HEAD.length + text.length);
  });

for (const [name, text] of Object.entries(READABLE))
  test(`${name}: a few readings, without an error`, async () => {
    assert.deepEqual(await readOf(HEAD + text), []);
  });

async function readOf(text: string): Promise<readonly YamlError[]> {
  let errors: readonly YamlError[] = [];
  const readings = await callsOf('yaml/full.ts', 'read', () => {
    errors = parseDocument(text).errors;
  });
  assert.ok(readings <= MAX_READINGS, `${readings} readings`);
  return errors;
}
