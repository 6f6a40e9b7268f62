import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSuppressions, suppresses } from '../../../server/src/engine/suppressions.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';

function read(text: string) {
  return readSuppressions(text, parseDocument(text).comments);
}

/** Whether a suppression of rule `r` covers each line of the text. */
function covered(text: string): string {
  const suppressions = read(text);
  let start = 0;
  return text
    .split('\n')
    .map((line) => {
      const at = { start: start + (line.length - line.trimStart().length), end: start + line.length };
      start += line.length + 1;
      return suppressions.some((one) => suppresses(one, 'r', at)) ? '+' : '.';
    })
    .join('');
}

test('a comment covers the node below it with everything in it, and nothing after', () => {
  assert.equal(covered('a: 1\n# istio-egress-ignore r: why\nb:\n  c: 1\n  d:\n    e: 2\nf: 3'), '..++++.');
});
test('a list written level with its key belongs to the key', () => {
  assert.equal(covered('a: 1\n# istio-egress-ignore r: why\nports:\n- x: 1\n  y: 2\n- z: 3\nb: 1'), '..++++.');
});
test('an item of a list is covered alone', () => {
  assert.equal(covered('ports:\n# istio-egress-ignore r: why\n- x: 1\n  y: 2\n- z: 3'), '..++.');
});
test('a comment at the end of a line covers that line', () => {
  assert.equal(covered('a: 1\nb: 2 # istio-egress-ignore r: why\nc: 3'), '.+.');
});
test('a comment before all content covers the whole document', () => {
  assert.equal(covered('---\n# istio-egress-ignore r: why\na: 1\nb: 2').slice(2), '++');
});
test('several rules, reasons, and their absence', () => {
  const [one, two, three] = read(
    'a: 1\n# istio-egress-ignore r, s: because it is so\nb: 1\n# istio-egress-ignore r\nc: 1\n# istio-egress-ignore\nd: 1\n',
  );
  assert.deepEqual([one?.rules, one?.reason], [['r', 's'], 'because it is so']);
  assert.deepEqual([two?.rules, two?.reason], [['r'], '']);
  assert.deepEqual([three?.rules, three?.reason], [[], '']);
});
test('other comments are none', () => {
  assert.deepEqual(read('# istio-egress-ignored r: x\n# about istio-egress-ignore r\na: 1\n'), []);
});
