// What a host, an address, a protocol or a DestinationRule's host is has one answer, in one place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTree, withoutComments, type Tree } from './source-tree.ts';

const ruleHostFile = 'server/src/mesh/destination-rules/rule-host.ts';
const resolving =
  /\b(?:normalizeHost|expandHost|fullHost)\([^;]{0,80}\bspec\.host\b|\bspec\.host\?\.value\.toLowerCase\(/;
const lookUp =
  /\b(?:hostOwners|destinationRulesAnywhere|virtualServices|virtualServicesRoutingTo)\([\w.]+\.toLowerCase\(/;

/** Files that make out the host of a rule, or the form in which hosts are looked up, by themselves. */
function byHand(tree: Tree): readonly string[] {
  return [...tree]
    .filter(([path]) => path !== ruleHostFile && !path.endsWith('.gen.ts'))
    .filter(([, text]) => [resolving, lookUp].some((pattern) => pattern.test(withoutComments(text))))
    .map(([path]) => path);
}

const home = /^server\/src\/(?:names|base)\//;

/** Functions of `names/` and `base/` that another file of the product defines again. */
function definedAgain(tree: Tree): readonly string[] {
  const own = new Map<string, string>();
  for (const [path, text] of tree)
    if (home.test(path)) for (const [, name] of text.matchAll(/^export function (\w+)/gm)) own.set(name!, path);
  return [...tree].flatMap(([path, text]) =>
    [...withoutComments(text).matchAll(/\bfunction\*? (\w+)/g)]
      .map(([, name]) => name!)
      .filter((name) => own.has(name) && own.get(name) !== path)
      .map((name) => `${path}: ${name}`),
  );
}

test('each check finds what it is for', () => {
  const tree = (text: string, path = 'server/src/rules/a.ts'): Tree => new Map([[path, text]]);
  for (const text of [
    "normalizeHost(rule.spec.host?.value ?? '')",
    "normalizeHost(\n  expandHost(rule.spec.host?.value ?? '', rule.namespace, domain),\n)",
    'host !== rule.spec.host?.value.toLowerCase()',
    'mesh.hostOwners(host.toLowerCase())',
  ])
    assert.deepEqual(byHand(tree(text)), ['server/src/rules/a.ts'], text);
  for (const text of ['normalizeHost(host.value)', 'rule.spec.host?.span', '// normalizeHost(rule.spec.host)'])
    assert.deepEqual(byHand(tree(text)), [], text);
  const one: Tree = new Map([
    ['server/src/names/hosts.ts', 'export function covers() {}'],
    ['client/src/a.ts', 'function covers() {}'],
    ['client/src/b.ts', 'covers();'],
  ]);
  assert.deepEqual(definedAgain(one), ['client/src/a.ts: covers']);
});

const product = readTree(['server/src', 'client/src']);

test('the host of a DestinationRule is made out in one file, and look-ups take hosts as they are written', () =>
  assert.deepEqual(byHand(product), []));

test('no function of names/ and base/ is defined again', () => assert.deepEqual(definedAgain(product), []));
