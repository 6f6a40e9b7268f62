// All fixes of a folder: as many as there are, in rounds whose number does not grow with them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shippedRules } from '../../../server/src/engine/analyze.ts';
import { fixAll } from '../../../server/src/engine/fixes.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const times = (count: number, text: (at: number) => string) => Array.from({ length: count }, (_, at) => text(at));
const entry = (at: number, more = 'exportTo: [".", "."]') =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: a${at} }\nspec:\n  hosts: [h${at}.example.com]\n  ${more}\n`;
const inFile = (count: number) => ({ 'file:///a.yaml': times(count, (at) => entry(at)).join('---\n') });
const inFiles = (count: number) =>
  Object.fromEntries(times(count, String).map((at) => [`file:///${at}.yaml`, entry(Number(at))]));
const inList = (count: number) => ({
  'file:///a.yaml': `apiVersion: v1\nkind: List\nitems:\n${times(count, (at) => `- ${entry(at).trimEnd().replaceAll('\n', '\n  ')}\n`).join('')}`,
});

function fixedIn(files: Readonly<Record<string, string>>) {
  const texts = new Map(Object.entries(files));
  const workspace = newWorkspace();
  for (const [uri, text] of texts) workspace.setFile(uri, text);
  workspace.refresh();
  let written = 0;
  const { fixed, isCut } = fixAll(workspace, shippedRules, {
    textOf: (uri) => texts.get(uri),
    documentAt: (document) => workspace.documentAt(document),
    exists: (uri) => texts.has(uri),
    write(uri, text) {
      written++;
      texts.set(uri, text);
    },
    step: () => {},
  });
  return { fixed: fixed.length, isCut, written, texts: [...texts.values()].join('') };
}

for (const [where, files] of Object.entries({ inFile, inFiles, inList }))
  test(`each of 60 objects is fixed, and a file is written as often for 60 as for 3: ${where}`, () => {
    const [few, many] = [fixedIn(files(3)), fixedIn(files(60))];
    assert.deepEqual([few.fixed, many.fixed], [3, 60]);
    assert.ok(!many.isCut);
    assert.doesNotMatch(many.texts, /exportTo: \["\.", "\."\]/);
    assert.equal(many.written, where === 'inFiles' ? 60 : few.written);
  });

test('an object with more faults than there are rounds says that there is more to fix', () => {
  const faults = (count: number) => {
    const ports = times(count, (at) => `  - { numbr: ${at + 1}, name: p${at}, protocol: HTTP }\n`).join('');
    return fixedIn({ 'file:///a.yaml': `${entry(0, 'ports:')}${ports}` });
  };
  const one = faults(30);
  assert.equal(one.fixed, 20);
  assert.ok(one.isCut);
  // As many as there are rounds leave nothing.
  const all = faults(20);
  assert.equal(all.fixed, 20);
  assert.ok(!all.isCut);
});

test('a comment that suppresses nothing goes too, in a round of its own', () => {
  const text = `${entry(0, 'exportTo: [".", "."]')}---\n${entry(1, '# istio-egress-ignore unknown-field: why\n  resolution: DNS')}`;
  const { fixed, written, texts } = fixedIn({ 'file:///a.yaml': text });
  assert.deepEqual([fixed, written], [2, 2]);
  assert.doesNotMatch(texts, /istio-egress-ignore/);
});
