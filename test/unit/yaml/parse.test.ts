import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../kit/fast-check.ts';
import type { Span } from '../../../server/src/base/span.ts';
import type { YamlDocument, YamlNode } from '../../../server/src/yaml/node.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { toPlain } from '../../../server/src/yaml/read.ts';

/** What was read, with errors as `code "text they stand on"`. */
function read(text: string): { value: unknown; errors: string[] } {
  const { root, errors } = parseDocument(text);
  return {
    value: root && toPlain(root),
    errors: errors.map(({ code, span }) => `${code} ${JSON.stringify(text.slice(span.start, span.end))}`),
  };
}

const WELL_FORMED: readonly (readonly [what: string, text: string, value: unknown])[] = [
  [
    'maps, lists and absent values',
    'a: 1\nb:   # c\nc:\n- x\n-\n- y: 1\n  z: "q"\n',
    { a: 1, b: null, c: ['x', null, { y: 1, z: 'q' }] },
  ],
  [
    'scalars of YAML 1.2',
    'a: [1, -2, 0x1F, 0o17, 0777, 1.5, 1e3, .5, true, FALSE, null, ~, yes, on, 1_000, 12:30, 2001-01-01]\n',
    { a: [1, -2, 31, 15, 777, 1.5, 1000, 0.5, true, false, null, null, 'yes', 'on', '1_000', '12:30', '2001-01-01'] },
  ],
  [
    'numbers that no double holds',
    'a: 9007199254740993\nb: 123456789012345678901234567890\nc: 1e999\n',
    { a: 9007199254740992, b: 1.2345678901234568e29, c: Infinity },
  ],
  [
    'block scalars',
    'a: |\n  x\n   y\n\nb: >-\n  one\n  two\n\n  three\nc: |+\n  z\n\nd: 1\n',
    { a: 'x\n y\n', b: 'one two\nthree', c: 'z\n\n', d: 1 },
  ],
  ['Windows line breaks', 'a: 1\r\nb: |\r\n  x\r\n  y\r\nc:\r\n- d # e\r\n', { a: 1, b: 'x\ny\n', c: ['d'] }],
  ['a byte order mark', '\uFEFFa: 1\nb: 2\n', { a: 1, b: 2 }],
  ['JSON', '{"a": [1, {"b": null}],\n "c": "\\u00e9\\n"}', { a: [1, { b: null }], c: 'é\n' }],
  ['JSON indented by tabs', '{\n\t"a": [\n\t\t1\n\t]\n}\n', { a: [1] }],
  ['an alias', 'a: &x {b: 1}\nc: *x\n', { a: { b: 1 }, c: { b: 1 } }],
  [
    'a merge key gives way to what the map says itself, wherever',
    'a: &x {p: 1, q: 2}\nb:\n  q: 3\n  <<: *x\n',
    { a: { p: 1, q: 2 }, b: { q: 3, p: 1 } },
  ],
  [
    'of several merged maps the first wins',
    'a: &x {p: 1}\nb: &y {p: 2, q: 2}\nc:\n  <<: [*x, *y]\n',
    { a: { p: 1 }, b: { p: 2, q: 2 }, c: { p: 1, q: 2 } },
  ],
  ['a merge key of no map is a key', 'a:\n  <<: x\n', { a: { '<<': 'x' } }],
  ['tags', 'a: !!str 80\nb: !ours {c: 1}\nc: !!int "7"\nd: !<x> y\n', { a: '80', b: { c: 1 }, c: 7, d: 'y' }],
  ['keys of other kinds', '? [a, b]\n: 1\n80: x\ntrue: y\n', { '[a, b]': 1, 80: 'x', true: 'y' }],
  ['words over several lines', 'a: one\n  two\n\n  three\nb: "x\n  y"\n', { a: 'one two\nthree', b: 'x y' }],
  ['a version directive changes nothing', '%YAML 1.1\n---\na: yes\n', { a: 'yes' }],
  ['an end mark', 'a: 1\n...\n# done\n', { a: 1 }],
  ['__proto__ is a key', '__proto__: {a: 1}\n', JSON.parse('{"__proto__": {"a": 1}}')],
];

for (const [what, text, value] of WELL_FORMED) {
  test(`reads ${what}`, () => {
    assert.deepEqual(read(text), { value, errors: [] });
  });
}

const BROKEN: readonly (readonly [what: string, text: string, value: unknown, errors: string[]])[] = [
  [
    'a key being typed, with siblings below',
    'spec:\n  hosts:\n  - a\n  reso\n  ports: 1\n',
    { spec: { hosts: ['a'], reso: null, ports: 1 } },
    ['syntax "reso"'],
  ],
  [
    'a key being typed above its value',
    'spec:\n  ho\n    - a\n  ports: 1\n',
    { spec: { ho: ['a'], ports: 1 } },
    ['syntax "ho"'],
  ],
  [
    'keys being typed at two places',
    'spec:\n  reso\n  ports:\n  - number: 80\n    na\n  - number: 443\nx: 1\n',
    { spec: { reso: null, ports: [{ number: 80, na: null }, { number: 443 }] }, x: 1 },
    ['syntax "reso"', 'syntax "na"'],
  ],
  ['a key being typed at the end', 'kind: A\nmet', { kind: 'A', met: null }, ['syntax "met"']],
  ['no space behind a colon', 'image:foo\nkind: X\n', { image: 'foo', kind: 'X' }, ['syntax "image:"']],
  ['an open quote', 'a: "foo\nb: 1\nc: "x"\n', { a: 'foo', b: 1, c: 'x' }, ['syntax "\\"foo"']],
  ['an open single quote', "a: 'it\nb: 2\n", { a: 'it', b: 2 }, ['syntax "\'it"']],
  [
    'an open quote in a list',
    'x:\n  - name: "a\n    b: 1\n  - name: "c"\n',
    { x: [{ name: 'a', b: 1 }, { name: 'c' }] },
    ['syntax "\\"a"'],
  ],
  ['an open bracket', 'hosts: [a, \nports:\n- 1\n', { hosts: ['a'], ports: [1] }, ['syntax "[a,"']],
  ['an open brace', 'a: {x: 1, y\nb: {z: 1}\n', { a: { x: 1, y: null }, b: { z: 1 } }, ['syntax "{x: 1, y"']],
  ['two colons', 'a: b: c\nd: 1\n', { a: 'b: c', d: 1 }, ['syntax "b: c"']],
  ['lines indented too deep', 'a: 1\n  b: 2\n  c: 3\nd: 4\n', { a: 1, b: 2, c: 3, d: 4 }, ['indentation "  "']],
  ['tabs', 'a:\n\tb: 1\n\tc:\n\t\td: 2\n', { a: { b: 1, c: { d: 2 } } }, ['tab "\\t"']],
  ['a key given twice', 'a: 1\nb: 2\na: 3\n', { a: 3, b: 2 }, ['duplicate-key "a"']],
  ['an alias of nothing', 'a: *x\nb: 1\n', { a: null, b: 1 }, ['alias "*x"']],
  ['a value that holds itself', 'a: &x [*x]\n', { a: [null] }, ['alias "*x"']],
  ['a reserved character', 'a: @b\nc: 1\n', { a: '@b', c: 1 }, ['syntax "@b"']],
  ['an unknown escape', 'a: "\\q"\n', { a: '\\q' }, ['syntax "\\\\q"']],
  ['a comment too close', 'a: "b"#c\n', { a: 'b' }, ['syntax "#c"']],
  ['JSON without a comma', '{"a": 1 "b": 2}', { a: 1, b: 2 }, ['syntax "1"']],
  ["JSON without a comma at a line's end", '{"a": 1\n "b": 2}', { a: 1, b: 2 }, ['syntax "1"']],
  ['JSON being typed', '{"a": {"b": 1}', { a: { b: 1 } }, ['syntax "{\\"a\\": {\\"b\\": 1}"']],
  ['text where a document should end', 'a: 1\n...\nb: 2\n', { a: 1 }, ['syntax "b"']],
];

for (const [what, text, value, errors] of BROKEN) {
  test(`reads on beside ${what}`, () => assert.deepEqual(read(text), { value, errors }));
}

test('messages tell what to do', () => {
  const messages = BROKEN.flatMap(([, text]) => parseDocument(text).errors.map(({ message }) => message));
  for (const message of messages) assert.match(message, /^[A-Z"].*[.?]$/);
});

test('documents without content have no root', () => {
  for (const text of ['', '\n', '# only\n', '---\n', '--- # x\n', '%YAML 1.2\n---\n', '\uFEFF', '\uFEFF# x\n'])
    assert.equal(parseDocument(text).root, undefined, text);
  assert.deepEqual(parseDocument('---\n~\n').root, {
    kind: 'scalar',
    value: null,
    style: 'plain',
    span: { start: 4, end: 5 },
  });
});

test('comments are found wherever they stand, and only comments', () => {
  const text = '# a\nb: c # d\ne: "# f"\ng: | # h\n  # i\nj: k#l\nm: [n, # o\n  p]\n# q';
  assert.deepEqual(
    parseDocument(text).comments.map((span) => textAt(text, span)),
    ['# a', '# d', '# h', '# o', '# q'],
  );
});

test('aliases cannot grow without bound', () => {
  const levels = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 12; i++) levels.push(`${letter(i)}: &${letter(i)} [${`*${letter(i - 1)}, `.repeat(9)}]`);
  const { root, errors } = parseDocument(levels.join('\n'));
  assert.ok(errors.length > 0 && errors.every(({ code }) => code === 'alias'));
  assert.ok(JSON.stringify(toPlain(root!)).length < 1_000_000);
});

test('nesting without end is an error, not a crash', () => {
  for (const text of [
    '['.repeat(5_000),
    '- '.repeat(5_000),
    '{a: '.repeat(5_000),
    Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
  ]) {
    assert.ok(parseDocument(text).errors.length > 0);
  }
});

test('spans hold the text of what was read', () => {
  const text =
    '\uFEFFkey:  value # c\n"q": \'s\'\nlist:\n  - a\n  -   b: |\n        text\n\n      c:\nflow: { x: [1, 2] }\n';
  assert.deepEqual(
    [...spans(text, parseDocument(text))],
    [
      ['key:  value # c\n"q": \'s\'\nlist:\n  - a\n  -   b: |\n        text\n\n      c:\nflow: { x: [1, 2] }', 'map'],
      ['key', 'key'],
      ['value', 'value'],
      ['"q"', 'q'],
      ["'s'", 's'],
      ['list', 'list'],
      ['- a\n  -   b: |\n        text\n\n      c:', 'seq'],
      ['a', 'a'],
      ['b: |\n        text\n\n      c:', 'map'],
      ['b', 'b'],
      ['|\n        text', 'text\n'],
      ['c', 'c'],
      ['', null],
      ['flow', 'flow'],
      ['{ x: [1, 2] }', 'map'],
      ['x', 'x'],
      ['[1, 2]', 'seq'],
      ['1', 1],
      ['2', 2],
    ],
  );
});

test('an absent value stands just behind its indicator', () => {
  const starts = (text: string) =>
    [...nodes(parseDocument(text).root!)]
      .filter((node) => node.span.start === node.span.end)
      .map(({ span }) => span.start);
  assert.deepEqual(starts('a:   # c\nb: 1\n'), [2]);
  assert.deepEqual(starts('- \n-\n'), [1, 4]);
  assert.deepEqual(starts('{a: , b}'), [3, 7]);
  assert.deepEqual(starts('a\nb: 1\n'), [1]);
});

test('an alias stands at its own place, what is in it at the anchor; so do merged entries, which say so', () => {
  const text = 'a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n';
  const { root } = parseDocument(text);
  assert.ok(root?.kind === 'map');
  const [, alias, merged] = root.entries;
  assert.ok(alias?.value.kind === 'map' && merged?.value.kind === 'map');
  assert.equal(textAt(text, alias.value.span), '*x');
  assert.equal(alias.value.entries[0]!.key.span.start, 7);
  assert.deepEqual(
    merged.value.entries.map((entry) => [entry.key.value, entry.merged, entry.key.span.start]),
    [['b', true, 7]],
  );
  assert.equal(textAt(text, merged.value.span), '<<: *x');
});

test('any text is read without a throw, and every place lies in the place around it', () => {
  const piece = fc.constantFrom(
    'a',
    'b:',
    ': ',
    '- ',
    '\n',
    '\n  ',
    '\n    ',
    ' ',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    ',',
    '# c',
    '|',
    '>',
    '&a ',
    '*a',
    '!t ',
    '? ',
    '<<: ',
    '\t',
    '\r\n',
    '---',
    '...',
    '%',
    '@',
    '\uFEFF',
    '\u{1F600}',
    '\ud800',
    '\0',
    '\\',
  );
  const anything = fc.oneof(
    fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  fc.assert(
    fc.property(anything, (text) => {
      const { root, errors, comments } = parseDocument(text);
      for (const { span } of errors) assert.ok(isIn(span, text));
      for (const span of comments) assert.ok(isIn(span, text) && text[span.start] === '#');
      if (root) checkInside(text, root);
    }),
    { numRuns: 1500 },
  );
});

function checkInside(text: string, node: YamlNode): void {
  assert.ok(isIn(node.span, text));
  if (node.kind === 'scalar' || text[node.span.start] === '*') return;
  const inner =
    node.kind === 'seq'
      ? node.items
      : node.entries.filter(({ merged }) => !merged).flatMap(({ key, value }) => [key, value]);
  for (const child of inner) {
    assert.ok(node.span.start <= child.span.start && child.span.end <= node.span.end, JSON.stringify([text, node]));
    checkInside(text, child);
  }
}

function isIn({ start, end }: Span, text: string): boolean {
  return start >= 0 && start <= end && end <= text.length;
}

function* spans(text: string, { root }: YamlDocument): Generator<[string, unknown]> {
  for (const node of nodes(root!)) yield [textAt(text, node.span), node.kind === 'scalar' ? node.value : node.kind];
}

function* nodes(node: YamlNode): Generator<YamlNode> {
  yield node;
  if (node.kind === 'seq') for (const item of node.items) yield* nodes(item);
  if (node.kind === 'map') for (const { key, value } of node.entries) yield* [key, ...nodes(value)];
}

function textAt(text: string, { start, end }: Span): string {
  return text.slice(start, end);
}

function letter(i: number): string {
  return 'abcdefghijklmnopqrstuvwxyz'[i]!;
}
