// Both lanes must give the same tree. YAML_LANES names folders or files (separated by the system's path mark) to compare on as well.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { splitDocuments } from '../../../server/src/yaml/chunks.ts';
import { parseFast } from '../../../server/src/yaml/fast.ts';
import { parseFull } from '../../../server/src/yaml/full.ts';

/** Read by the fast lane. */
const FAST: readonly string[] = [
  '',
  '\n \n',
  '# c',
  '---\n# c\n',
  '--- # c\na: 1\n',
  '\uFEFFa: 1\n',
  'a: 1\n...\n# end\n',
  'a: b\n',
  'a:    b   # c\n',
  'a : b\n',
  '"a": \'b\'\n',
  'a: "x\\ty\\u00e9\\\\"\n',
  "a: 'it''s'\n",
  'a:\nb:  # c\nc:\n',
  'a: b#c\n',
  'a: http://x:80/y?z=1\n',
  ':a: :b\n',
  '-a: -1\n',
  'a: 1\nb: -2.5\nc: 0x1F\nd: 0o17\ne: .inf\nf: -.INF\ng: .NaN\nh: 1e9\ni: +3\nj: 1.\nk: 0x\nl: 1_0\nm: 99999999999999999999\n',
  'a: ~\nb: null\nc: True\nd: FALSE\ne: nul\nf: truely\n',
  'a:\n- b\n- c\nd: e\n',
  'a:\n  - b\n  -\n  - # c\n  - d: 1\n    e: 2\n  -   f: 3\n      g:\n      - h\n',
  '- - a\n  - b\n- c\n',
  '-\n  a: 1\n-\n  - b\n',
  'a:\n  b\nc:\n  "d"\n',
  'a: |\n  x\n   y\n\n  z\n\nb: 1\n',
  'a: |-\n  x\n# c\n',
  'a: |+\n  x\n\n\nb: |+\n  y',
  'a: >\n  x\n  y\n\n  z\n    more\n  w\n',
  'a: >-\n\n  x\n',
  'a: | # c\n    x\n  # d\nb: 1\n',
  '- |\n x\n- >+\n y\n\n',
  'a: |\n  \tx\n  # no\n  - y: z\n',
  'a: |\r\n  x\r\n  y\r\nb: 1\r\n',
  'a: [b, "c", \'d\', 1, [e], {f: g}, ]\n',
  'a: {b: c, "d":1, e: , f: [ ]}\n',
  'a: [ b c , d ] # e\n',
  '[a, b]\n',
  '{"a": [\n  1, # one\n  {"b": null}\n ]\n}\n',
  'a: [\n  b,\n  c]\n',
  'a: one\n  two\n\n  three\nb: 1\n',
  'a: "one\n  two"\nb: \'x\n\n  y\'\n',
  'plain\n',
  'plain\ntext\n',
];

/** Left to the full lane. */
const FULL: readonly string[] = [
  'a: &x 1\n',
  'a: *x\n',
  'a: !t 1\n',
  '? a\n: b\n',
  'a:\n\tb: 1\n',
  'a: 1\na: 2\n',
  '<<: {a: 1}\n',
  '%YAML 1.2\n---\na: 1\n',
  '--- a\n',
  'a: 1\n---\nb: 2\n',
  'a: 1\n...\nb: 2\n',
  'a: |2\n   x\n',
  'a: @b\n',
  'a: b: c\n',
  'a: - b\n',
  'a: "b" c\n',
  'a: "b\n',
  'a: [b\n',
  'a: [b, , c]\n',
  'a: [b: c]\n',
  'a: {b}\n',
  'a: {{ b }}\n',
  'a: "\\q"\n',
  'a: 1\n  b: 2\n',
  'a: 1\n b\nc\n',
  'a\rb: 1\n',
  'a: "b"#c\n',
  'a: b\t# c\n',
  '- a\nb: 1\n',
  'a: |\n',
  '...\n',
  '[a]: 1\n',
];

for (const text of FAST)
  test(`both read ${JSON.stringify(text)}`, () => assert.deepEqual(parseFast(text), parseFull(text)));
for (const text of FULL)
  test(`the fast lane leaves ${JSON.stringify(text)}`, () => assert.equal(parseFast(text), undefined));

const places = (process.env['YAML_LANES'] ?? '').split(delimiter).filter((place) => place !== '');

test('both lanes read the named files alike', { skip: places.length === 0 && 'YAML_LANES is not set' }, (context) => {
  const seen = { documents: 0, fast: 0, templates: 0 };
  for (const file of places.flatMap(filesBelow)) {
    for (const { start, text } of splitDocuments(readFileSync(file, 'utf8'))) {
      const fast = parseFast(text);
      seen.documents++;
      if (fast) seen.fast++;
      else if (text.includes('{{')) seen.templates++;
      if (fast) assert.deepEqual(fast, parseFull(text), `${file} at ${start}`);
    }
  }
  context.diagnostic(JSON.stringify(seen));
});

function filesBelow(place: string): string[] {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:ya?ml|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}
