// Which of two entries of one host the sidecars of a namespace use.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choiceBySidecars } from '../../../server/src/mesh/hosts/choice-by-sidecars.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';

function entry(namespace: string, exportTo: string): string {
  return `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${namespace}, namespace: ${namespace} }
spec: { hosts: [api.example.com], exportTo: ${exportTo}, ports: [{ number: 80, name: http, protocol: HTTP }], resolution: DNS }
`;
}

function choice(a: string, b: string): string {
  const { mesh, find } = meshFromYaml(`${entry('a', a)}---\n${entry('b', b)}`);
  const { named, elsewhere } = choiceBySidecars(mesh, find('ServiceEntry', 'a'), find('ServiceEntry', 'b'));
  const name = (one: typeof elsewhere) => (typeof one === 'object' ? one.name : (one ?? 'none'));
  return [...[...named].map(([namespace, one]) => `${namespace}: ${name(one)}`), `else: ${name(elsewhere)}`].join(', ');
}

test('§B.20 §B.21 the own entry, then one exported by name, then the older', () => {
  assert.equal(choice('["*"]', '["*"]'), 'a: a, b: b, else: oldest');
  assert.equal(choice('["."]', '["*"]'), 'a: a, b: b, else: b');
  assert.equal(choice('["."]', '["."]'), 'a: a, b: b, else: none');
  assert.equal(choice('[c]', '["*"]'), 'a: b, b: b, c: a, else: b');
  assert.equal(choice('[c]', '[c]'), 'a: none, b: none, c: oldest, else: none');
  assert.equal(choice('["~"]', '["*"]'), 'a: b, b: b, else: b');
});
