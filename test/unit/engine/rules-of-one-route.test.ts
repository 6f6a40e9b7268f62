// A VirtualService can have thousands of hosts, with a rule for each: what its rules come to is worked out once, not for each host.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shapes } from '../../bench/shapes/shapes.ts';
import { newWorkspace } from '../../kit/workspace.ts';

/** How often a check looks at a rule of the VirtualService. */
function looksAtRules(resources: number): number {
  const shape = shapes.find(({ name }) => name.startsWith('one VirtualService for N hosts'))!;
  const workspace = newWorkspace();
  for (const { uri, text } of shape.files(resources)) workspace.setFile(uri, text);
  const { spec } = workspace.mesh.all('VirtualService')[0]!;
  let looks = 0;
  const http = new Proxy(spec.http, {
    get: (rules, property, receiver) => {
      if (typeof property === 'string' && /^\d+$/.test(property)) looks++;
      return Reflect.get(rules, property, receiver) as unknown;
    },
  });
  Object.defineProperty(spec, 'http', { value: http });
  workspace.refresh();
  return looks;
}

test('the rules of a VirtualService are looked at as often for many hosts as for few', () => {
  const [few, many] = [looksAtRules(100), looksAtRules(400)];
  assert.ok(few >= 50, `${few} looks at 50 rules`);
  assert.ok(many <= 5 * few, `${few} looks at 50 rules, ${many} at 200`);
});
