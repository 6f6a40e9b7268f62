import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../../../server/src/base/text-edit.ts';
import { editsFor, editsForAll } from '../../../server/src/yaml/edit.ts';
import type { EditOperation } from '../../../server/src/yaml/edit-operation.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';

function edited(text: string, operation: EditOperation): string {
  return applyEdits(text, editsFor(text, parseDocument(text), operation));
}

const ENTRY = `kind: ServiceEntry
metadata:
  name: httpbin   # the name
spec:
  hosts:
  - "httpbin.org"
  ports:
  - number: 80   # plain
    name: http
  resolution: DNS
  # location is left out
`;

/** The lines that an edit takes from and puts into `ENTRY`. */
const ON_ENTRY: readonly (readonly [what: string, operation: EditOperation, removed: string, added: string])[] = [
  [
    'a field goes below its last neighbour',
    { op: 'set', path: ['spec', 'ports', 0, 'targetPort'], value: 443 },
    '',
    '    targetPort: 443\n',
  ],
  ['an item is quoted as its neighbours', { op: 'append', path: ['spec', 'hosts'], value: 'a.b' }, '', '  - "a.b"\n'],
  [
    'an item may be a map',
    { op: 'append', path: ['spec', 'ports'], value: { number: 443, name: 'https' } },
    '',
    '  - number: 443\n    name: https\n',
  ],
  [
    'missing maps are made',
    { op: 'set', path: ['metadata', 'labels', 'istio.io/use-waypoint'], value: 'egress' },
    '',
    '  labels:\n    istio.io/use-waypoint: egress\n',
  ],
  [
    'a missing list is made',
    { op: 'append', path: ['spec', 'addresses'], value: '10.0.0.1' },
    '',
    '  addresses:\n  - 10.0.0.1\n',
  ],
  [
    'a value is replaced beside its comment',
    { op: 'set', path: ['metadata', 'name'], value: 'x' },
    '  name: httpbin   # the name\n',
    '  name: x   # the name\n',
  ],
  [
    'a string keeps its quotes',
    { op: 'set', path: ['spec', 'hosts', 0], value: 'x.y' },
    '  - "httpbin.org"\n',
    '  - "x.y"\n',
  ],
  [
    'a scalar becomes a map',
    { op: 'set', path: ['metadata', 'name'], value: { a: 1 } },
    '  name: httpbin   # the name\n',
    '  name:   # the name\n    a: 1\n',
  ],
  [
    'the first field of an item leaves its dash',
    { op: 'remove', path: ['spec', 'ports', 0, 'number'] },
    '  - number: 80   # plain\n    name: http\n',
    '  - name: http\n',
  ],
  ['a field goes with its line', { op: 'remove', path: ['spec', 'resolution'] }, '  resolution: DNS\n', ''],
  [
    'the last item leaves an empty list',
    { op: 'remove', path: ['spec', 'hosts', 0] },
    '  hosts:\n  - "httpbin.org"\n',
    '  hosts: []\n',
  ],
  [
    'a key is renamed in its place',
    { op: 'rename-key', path: ['spec', 'resolution'], key: 'location' },
    '  resolution: DNS\n',
    '  location: DNS\n',
  ],
  [
    'a map is changed field by field',
    {
      op: 'set',
      path: ['spec'],
      value: { hosts: ['httpbin.org'], ports: [{ number: 80, name: 'http' }], location: 'MESH_EXTERNAL' },
    },
    '  resolution: DNS\n',
    '  location: MESH_EXTERNAL\n',
  ],
  [
    'a document is added in the same habits',
    { op: 'append-document', manifest: { kind: 'X', spec: { a: ['b', '*'] } } },
    '',
    '---\nkind: X\nspec:\n  a:\n  - b\n  - "*"\n',
  ],
];

for (const [what, operation, removed, added] of ON_ENTRY) {
  test(what, () => {
    const after = edited(ENTRY, operation);
    const [gone, come] = changedLines(ENTRY, after);
    assert.deepEqual([gone, come], [removed, added], after);
  });
}

const OTHER: readonly (readonly [what: string, before: string, operation: EditOperation, after: string])[] = [
  [
    'brackets stay brackets',
    'a: [x, y]   # two\nb: {c: 1}\n',
    { op: 'append', path: ['a'], value: 'z' },
    'a: [x, y, z]   # two\nb: {c: 1}\n',
  ],
  [
    'braces too',
    'b: { c: 1 } # d\n',
    { op: 'set', path: ['b', 'e'], value: { f: ['g'] } },
    'b: { c: 1, e: { f: [g] } } # d\n',
  ],
  [
    'empty brackets give way to a block',
    'a: [] # none\n',
    { op: 'append', path: ['a'], value: { b: 1 } },
    'a: # none\n- b: 1\n',
  ],
  ['from brackets an item goes with its comma', 'a: [x, y, z]\n', { op: 'remove', path: ['a', 0] }, 'a: [y, z]\n'],
  [
    'brackets over lines keep their comments',
    'a: [\n  x, # one\n  y # two\n]\n',
    { op: 'append', path: ['a'], value: 'z' },
    'a: [\n  x, # one\n  y, # two\n  z\n]\n',
  ],
  [
    'JSON gets JSON',
    '{\n  "a": [\n    1\n  ]\n}\n',
    { op: 'set', path: ['b'], value: { c: ['d', {}] } },
    '{\n  "a": [\n    1\n  ],\n  "b": {\n    "c": [\n      "d",\n      {}\n    ]\n  }\n}\n',
  ],
  [
    'empty JSON too',
    '{\n  "a": {}\n}\n',
    { op: 'set', path: ['a', 'b'], value: 1 },
    '{\n  "a": {\n    "b": 1\n  }\n}\n',
  ],
  ['JSON on one line stays there', '{"a": 1}', { op: 'set', path: ['b'], value: 'c' }, '{"a": 1, "b": "c"}'],
  ['JSON loses a field', '{\n  "a": 1,\n  "b": 2\n}\n', { op: 'remove', path: ['b'] }, '{\n  "a": 1\n}\n'],
  [
    'wide habits',
    'spec:\n    ports:\n    -   number: 80\n        name: x\n',
    { op: 'append', path: ['spec', 'ports'], value: { number: 1, tls: { a: 2 } } },
    'spec:\n    ports:\n    -   number: 80\n        name: x\n    -   number: 1\n        tls:\n            a: 2\n',
  ],
  ['indented lists', 'a:\n  - b\nc: 1\n', { op: 'set', path: ['d'], value: ['e'] }, 'a:\n  - b\nc: 1\nd:\n  - e\n'],
  ['Windows line breaks', 'a:\r\n- b\r\nc: 1', { op: 'append', path: ['a'], value: 'd' }, 'a:\r\n- b\r\n- d\r\nc: 1'],
  ['no last line break', 'a: 1', { op: 'set', path: ['b'], value: 2 }, 'a: 1\nb: 2'],
  ['an absent value', 'a: # none\nb: 1\n', { op: 'set', path: ['a', 'c'], value: 2 }, 'a: # none\n  c: 2\nb: 1\n'],
  ['text that keeps its blank lines', 'a: |+\n  x\n\nb: 1\n', { op: 'remove', path: ['b'] }, 'a: |+\n  x\n\n'],
  [
    'text replaces text beside its comment',
    'a: | # c\n  x\n  y\nb: 1\n',
    { op: 'set', path: ['a'], value: 'p\nq' },
    'a: |- # c\n  p\n  q\nb: 1\n',
  ],
  [
    'an item between comments',
    'a:\n  # x\n  - b\n  # y\n  - c # z\n  # end\n',
    { op: 'remove', path: ['a', 1] },
    'a:\n  # x\n  - b\n  # y\n  # end\n',
  ],
  ['a key given twice goes wholly', 'a: 1\nb: 2\na: 3\n', { op: 'remove', path: ['a'] }, 'b: 2\n'],
  [
    'an alias is replaced, its anchor stays',
    'a: &x\n  b: 1 # c\nd: *x\n',
    { op: 'set', path: ['d', 'b'], value: 2 },
    'a: &x\n  b: 1 # c\nd:\n  b: 2\n',
  ],
  [
    'what a merge key brings is overridden',
    'a: &x\n  b: 1 # c\nd:\n  <<: *x\n',
    { op: 'set', path: ['d', 'b'], value: 2 },
    'a: &x\n  b: 1 # c\nd:\n  <<: *x\n  b: 2\n',
  ],
  [
    'text around a half-typed key',
    'spec:\n  reso\n  ports:\n  - number: 80\n',
    { op: 'set', path: ['spec', 'ports', 0, 'name'], value: 'http' },
    'spec:\n  reso\n  ports:\n  - number: 80\n    name: http\n',
  ],
  ['an empty document', '# only\n', { op: 'set', path: ['a', 'b'], value: 1 }, '# only\na:\n  b: 1\n'],
  ['an empty file gets a document without a marker', '', { op: 'append-document', manifest: { a: 1 } }, 'a: 1\n'],
  ['a document goes with its marker', '---\na: 1\n', { op: 'remove-document' }, ''],
  ['comments above the marker stay', '# licence\n---\n# of a\na: 1\n', { op: 'remove-document' }, '# licence\n'],
  [
    'text is replaced as it stands',
    'a: b\n',
    { op: 'replace-text', span: { start: 3, end: 4 }, newText: 'c' },
    'a: c\n',
  ],
  ['keys that need quotes', 'a: 1\n', { op: 'set', path: ['on'], value: 'off' }, 'a: 1\n"on": "off"\n'],
];

for (const [what, before, operation, after] of OTHER) {
  test(`edits: ${what}`, () => assert.equal(edited(before, operation), after));
}

test('nothing is done where nothing can be', () => {
  const impossible: EditOperation[] = [
    { op: 'set', path: ['kind', 'x'], value: 1 },
    { op: 'set', path: ['spec', 'hosts', 5], value: 1 },
    { op: 'append', path: ['kind'], value: 1 },
    { op: 'remove', path: ['spec', 'none'] },
    { op: 'rename-key', path: ['spec', 'hosts'], key: 'ports' },
    { op: 'set', path: ['kind'], value: 'ServiceEntry' },
  ];
  for (const operation of impossible)
    assert.deepEqual(editsFor(ENTRY, parseDocument(ENTRY), operation), [], JSON.stringify(operation));
});

test('several operations see what the ones before have done', () => {
  const edits = editsForAll(ENTRY, [
    { op: 'set', path: ['metadata', 'labels', 'a'], value: '1' },
    { op: 'set', path: ['metadata', 'labels', 'b'], value: '2' },
    { op: 'append', path: ['spec', 'hosts'], value: 'x' },
    { op: 'append', path: ['spec', 'hosts'], value: 'y' },
  ]);
  assert.equal(edits.length, 2);
  assert.deepEqual(changedLines(ENTRY, applyEdits(ENTRY, edits)), [
    '',
    '  labels:\n    a: "1"\n    b: "2"\n  - "x"\n  - "y"\n',
  ]);
});

/** Lines only in the first text, and lines only in the second. */
function changedLines(before: string, after: string): [string, string] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const [gone, come] = [[...old], [...now]];
  for (const line of now) if (gone.includes(line)) gone.splice(gone.indexOf(line), 1);
  for (const line of old) if (come.includes(line)) come.splice(come.indexOf(line), 1);
  return [gone.join(''), come.join('')];
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
