// The work for findings of one file does not grow with its size for each of them.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeFiles } from '../../kit/cli.ts';
import { callsOf } from '../../kit/count-calls.ts';
import { runInProcess } from '../../kit/run-in-process.ts';

const dir = mkdtempSync(join(tmpdir(), 'istio-egress-many-findings-'));
after(() => rmSync(dir, { recursive: true, force: true }));

const numbers = (count: number) =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: a }\nspec:\n  hosts:\n${'  - 1\n'.repeat(count)}`;
const withoutKind = (count: number) => 'apiVersion: networking.istio.io/v1\n---\n'.repeat(count);

function check(text: string, format = 'text'): () => Promise<void> {
  writeFiles(dir, { 'manifests.yaml': text });
  return async () => {
    const { code, out } = await runInProcess(['check', '--format', format, join(dir, 'manifests.yaml')]);
    assert.equal(code, 1);
    assert.match(out, /fix: |"fixes": \[\s*\{/);
  };
}

for (const [file, name, textOf] of [
  ['yaml/parse.ts', 'parseDocument', numbers],
  ['host/node/files.ts', 'read', numbers],
  ['host/node/files.ts', 'read', withoutKind],
] as const)
  test(`${name} is called as often for 400 findings of one file as for 20: ${textOf.name}`, async () => {
    const few = await callsOf(file, name, check(textOf(20)));
    const many = await callsOf(file, name, check(textOf(400)));
    assert.ok(few > 0);
    assert.equal(many, few);
  });

const listed = (count: number) =>
  `apiVersion: v1\nkind: List\nitems:\n${Array.from({ length: count }, (_, at) => `- apiVersion: networking.istio.io/v1\n  kind: ServiceEntry\n  metadata: { name: a${at} }\n  spec:\n    hosts: [h${at}.example.com]\n    exportTo: [".", "."]\n`).join('')}`;

for (const format of ['text', 'sarif'])
  test(`a fix in a List is tried on its object alone: the lines that are read for ${format} are as many for each of 80 findings as for each of 20`, async () => {
    const linesFor = (count: number) => callsOf('yaml/fast-lines.ts', 'lineFrom', check(listed(count), format));
    const [few, many] = [await linesFor(20), await linesFor(80)];
    assert.ok(few > 0);
    assert.ok(many <= 4 * few, `${many} for 80, ${few} for 20`);
  });

/** Beside each of these the other objects of the List are as they stand. */
const inOneObject: Readonly<Record<string, (list: string) => string>> = {
  'a word': (list) => `${list}broken\n`,
  'a quote that is not closed': (list) => list.replace('hosts: [h5.example.com]', 'hosts: ["h5.example.com]'),
  'a key given twice': (list) => list.replace('name: a5 }', 'name: a5, name: a5 }'),
  'an alias': (list) =>
    list.replace('items:', 'x: &p [".", "."]\nitems:').replace('hosts: [h5.example.com]', 'hosts: *p'),
};

for (const [what, broken] of Object.entries(inOneObject))
  test(`a fix in a List with ${what} in one object is tried on its own object alone`, async () => {
    const run = check(broken(listed(80)));
    const [lines, readings] = [
      await callsOf('yaml/fast-lines.ts', 'lineFrom', run),
      await callsOf('yaml/full.ts', 'read', run),
    ];
    assert.ok(lines > 0 && lines <= 250 * 80, `${lines} lines`);
    assert.ok(readings <= 30, `${readings} readings of all of the List`);
  });
