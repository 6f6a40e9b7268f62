// Which edits leave a document read as it was before, and which are taken as they are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workspace } from '../../../server/src/engine/workspace.ts';
import { resourcesIn } from '../../kit/half-typed.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const uri = 'file:///a.yaml';
const whole = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: orders
  namespace: shop
spec:
  hosts:
  - orders.example.com
  ports:
  - number: 443
    name: tls
    protocol: TLS
  resolution: DNS
`;

type Edit = readonly [from: string | RegExp, to: string];

/** The workspace after the edits, each made in an editor. */
function after(...edits: readonly Edit[]): Workspace {
  const workspace = newWorkspace();
  workspace.setFile(uri, whole);
  let shown = whole;
  for (const [from, to] of edits) {
    const next = shown.replace(from, to);
    assert.notEqual(next, shown, String(from));
    workspace.setFile(uri, next, {}, shown);
    shown = next;
  }
  workspace.refresh();
  return workspace;
}

function errorsIn(workspace: Workspace): string[] {
  return workspace
    .findings(uri)
    .filter(({ severity }) => severity === 'error')
    .map(({ message, range }) => `${range.start.line + 1}: ${message}`);
}

const entry = 'ServiceEntry shop/orders';

for (const [what, edits, errors] of [
  [
    'the kind is a lone word',
    [['kind: ServiceEntry', 'kin']],
    [
      '2: "kin" replaces "kind: ServiceEntry", which the document needs: complete this line. Until then the document is read with what was here.',
    ],
  ],
  [
    'the line of the kind is empty',
    [['kind: ServiceEntry', '']],
    ['2: "kind: ServiceEntry" is missing here. Until it is back, the document is read with it.'],
  ],
  [
    'the line of the kind is gone',
    [['kind: ServiceEntry\n', '']],
    ['2: "kind: ServiceEntry" is missing here. Until it is back, the document is read with it.'],
  ],
  ['the spec is a lone word', [['spec:', 'spe']], ['6: A ":" is missing after "spe".']],
  [
    'an item is a lone dash',
    [['  - orders.example.com', '  - ']],
    [
      '8: "-" replaces "- orders.example.com", which the document needs: complete this line. Until then the document is read with what was here.',
    ],
  ],
  ['a field is another word', [['resolution: DNS', 'reso']], ['13: A ":" is missing after "reso".']],
  [
    'a line below is edited meanwhile',
    [
      ['spec:', 'spe'],
      ['443', '8443'],
    ],
    ['6: A ":" is missing after "spe".'],
  ],
  [
    'a line comes above meanwhile',
    [
      ['spec:', 'spe'],
      ['kind:', '# The orders.\nkind:'],
    ],
    ['7: A ":" is missing after "spe".'],
  ],
  [
    'the same line is edited again',
    [
      ['kind: ServiceEntry', 'kind:'],
      ['kind:', 'kind: &'],
    ],
    ['2: "kind: &" does not fit here: complete or remove this line.'],
  ],
  [
    'it is whole again',
    [
      ['kind: ServiceEntry', 'kind'],
      ['kind', 'kind: ServiceEntry'],
    ],
    [],
  ],
] satisfies [string, Edit[], string[]][])
  test(`the entry stays while it is typed: ${what}`, () => {
    const workspace = after(...edits);
    assert.deepEqual(resourcesIn(workspace, uri), [entry]);
    assert.deepEqual(errorsIn(workspace), errors);
  });

for (const [what, edits, objects] of [
  ['another kind', [['kind: ServiceEntry', 'kind: Sidecar']], ['Sidecar shop/orders']],
  ['another name', [['name: orders', 'name: order']], ['ServiceEntry shop/order']],
  ['no namespace', [['  namespace: shop\n', '']], ['ServiceEntry default/orders']],
  ['a kind that is commented out', [['kind: ServiceEntry', '# kind: ServiceEntry']], []],
  ['another text', [[/^[^]*$/, 'key: value\n']], []],
  ['no text', [[/^[^]*$/, '']], []],
] satisfies [string, Edit[], string[]][])
  test(`what is written is taken: ${what}`, () => {
    assert.deepEqual(resourcesIn(after(...edits), uri), objects);
  });

test('an item that is taken out of a List is gone', () => {
  const item = (name: string) =>
    `- {apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: ${name}}, spec: {hosts: [${name}.example.com], ports: [{number: 443, name: tls, protocol: TLS}]}}\n`;
  const list = `apiVersion: v1\nkind: List\nitems:\n${item('a')}${item('b')}`;
  const workspace = newWorkspace();
  workspace.setFile(uri, list);
  workspace.setFile(uri, list.replace(item('b'), ''), {}, list);
  assert.deepEqual(resourcesIn(workspace, uri), ['ServiceEntry default/a']);
});

test('a file that is opened broken is read as it is', () => {
  const workspace = newWorkspace();
  workspace.setFile(uri, whole.replace('kind: ServiceEntry', 'kin'));
  workspace.refresh();
  assert.deepEqual(resourcesIn(workspace, uri), []);
});

test('the mesh settings stay while their ConfigMap is typed', () => {
  const config = `apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    trustDomain: example.org
`;
  const workspace = newWorkspace();
  workspace.setFile(uri, config);
  for (const [to, trustDomain] of [
    ['trustDomain: [', 'example.org'],
    ['trustDomain', 'example.org'],
    ['trustDomain: example.net', 'example.net'],
  ] as const) {
    workspace.setFile(uri, config.replace('trustDomain: example.org', to), {}, config);
    workspace.refresh();
    assert.equal(workspace.mesh.settings.trustDomain, trustDomain, to);
  }
});
