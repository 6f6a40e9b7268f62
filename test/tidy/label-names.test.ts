// How a namespace or pod joins the mesh is decided in one file, so the labels that decide are written in one and read in one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTree, withoutComments, type Tree } from './source-tree.ts';

const names: readonly string[] = ['server/src/model/label-names.ts', 'server/src/model/istio-label-names.ts'];
const written =
  /\bistio-injection\b|\bistio\.io\/(?:rev|dataplane-mode)(?![\w-])|\b(?:sidecar\.istio\.io\/(?:inject|status)|inject\.istio\.io\/templates)(?![\w-])/;

/** Lines of code that write such a label out. */
function literals(tree: Tree): readonly string[] {
  return [...tree]
    .filter(([path]) => !names.includes(path) && !path.endsWith('.gen.ts'))
    .flatMap(([path, text]) =>
      withoutComments(text)
        .split('\n')
        .flatMap((line, i) => (written.test(line) ? [`${path}:${i + 1}`] : [])),
    );
}

const deciding: readonly string[] = [
  'dataplaneMode',
  'namespaceInjection',
  'revision',
  'podInjection',
  'injectionTemplates',
  'injectionStatus',
];

/** Who may know a label's name: what decides by it, and what writes it or speaks of it. */
const readers: Readonly<Record<string, readonly string[]>> = {
  // Offers it first, and decides nothing by it.
  'server/src/features/completion/usual-fields.ts': ['dataplaneMode'],
  // Manifests that it writes.
  'server/src/features/learn/manifests.ts': ['dataplaneMode'],
  // It puts ambient in the place of injection.
  'server/src/features/refactorings/migrate/migrate.ts': ['dataplaneMode', 'namespaceInjection', 'revision'],
  // A template that writes it.
  'server/src/features/templates/sets/gateways.ts': ['dataplaneMode'],
  'server/src/mesh/clients/data-plane.ts': ['dataplaneMode', 'namespaceInjection', 'revision'],
  // The labels of a waypoint's pod, for selectors of NetworkPolicies.
  'server/src/mesh/clients/injection.ts': [
    'injectionStatus',
    'injectionTemplates',
    'namespaceInjection',
    'podInjection',
    'revision',
  ],
  'server/src/mesh/clients/pod-policies.ts': ['dataplaneMode'],
  // Which values and places each label has, for the rule about misspelt ones.
  'server/src/model/label-uses.ts': ['dataplaneMode', 'namespaceInjection', 'podInjection'],
  'server/src/model/istio-label-names.ts': ['namespaceInjection'],
  // Speak of the label, mark it or write it.
  'server/src/rules/capture/client-not-captured.ts': ['dataplaneMode'],
  'server/src/rules/capture/namespace-labels-conflict.ts': [
    'dataplaneMode',
    'namespaceInjection',
    'podInjection',
    'revision',
  ],
  'server/src/rules/leak/registry-only-not-enforced.ts': ['dataplaneMode'],
  'client/src/closed/remedy.ts': ['dataplaneMode'],
  'server/src/cluster/provision/provision-notices.ts': ['dataplaneMode'],
  // The fix sets it on the Namespace.
  'server/src/rules/trace/request-skips-gateway.ts': ['namespaceInjection'],
  // On a Gateway, whose labels istiod gives to the pods that it makes.
  'server/src/rules/waypoint/waypoint-captured.ts': ['dataplaneMode'],
  // Live objects, of which no mesh is built: whether the namespace has the label, and which revision an istiod is.
  'server/src/cluster/provision/provision-facts.ts': ['dataplaneMode'],
  'server/src/cluster/objects/control-plane.ts': ['revision'],
};

const importing = /import\s*\{([^}]*)\}\s*from\s*'[^']*\/label-names\.ts'/g;

/** `path: name` of each deciding label that a file imports. */
function imported(tree: Tree): readonly string[] {
  return [...tree].flatMap(([path, text]) =>
    [...withoutComments(text).matchAll(importing)].flatMap((match) =>
      match[1]!
        .split(',')
        .map((name) => name.trim().split(/\s+as\s+/)[0]!)
        .filter((name) => deciding.includes(name))
        .map((name) => `${path}: ${name}`),
    ),
  );
}

test('each check finds what it is for', () => {
  const tree = (text: string): Tree => new Map([['server/src/rules/a.ts', text]]);
  for (const label of [
    'istio-injection',
    'istio.io/rev',
    'istio.io/dataplane-mode',
    'sidecar.istio.io/inject',
    'sidecar.istio.io/status',
    'inject.istio.io/templates',
  ]) {
    assert.equal(literals(tree(`labels.has('${label}')`)).length, 1, label);
    assert.equal(literals(tree(`const text = \`write ${label}: x\`;`)).length, 1, label);
    assert.equal(literals(tree(`// reads ${label}`)).length, 0, label);
  }
  for (const other of ['istio.io/revision-tag', 'sidecar.istio.io/inject-me', 'istio.io/use-waypoint'])
    assert.equal(literals(tree(`labels.has('${other}')`)).length, 0, other);
  assert.deepEqual(
    imported(tree("import { revision as own, useWaypoint,\n  podInjection } from '../model/label-names.ts';")),
    ['server/src/rules/a.ts: revision', 'server/src/rules/a.ts: podInjection'],
  );
});

const product = readTree(['server/src', 'client/src']);

test('labels of the data plane are written in one file', () => assert.deepEqual(literals(product), []));

test('only named files read the labels of the data plane', () =>
  assert.deepEqual(
    [...imported(product)].sort(),
    Object.entries(readers)
      .flatMap(([path, labels]) => labels.map((label) => `${path}: ${label}`))
      .sort(),
  ));
