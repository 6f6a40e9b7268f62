// What a VirtualService with thousands of rules, or the Gateways that thousands of teams have for one host, come to is worked out once, not
// for each host or team.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shapes } from '../../bench/shapes/shapes.ts';
import { newWorkspace } from '../../kit/workspace.ts';

/** How often a check looks at an item of such a list in objects of a kind. */
function looksAt(start: string, resources: number, kind: 'VirtualService' | 'IstioGateway', list: string): number {
  const shape = shapes.find(({ name }) => name.startsWith(start))!;
  const workspace = newWorkspace();
  for (const { uri, text } of shape.files(resources)) workspace.setFile(uri, text);
  let looks = 0;
  for (const { spec } of workspace.mesh.all(kind)) {
    const value = new Proxy(spec[list as keyof typeof spec] as unknown[], {
      get: (items, property, receiver) => {
        if (typeof property === 'string' && /^\d+$/.test(property)) looks++;
        return Reflect.get(items, property, receiver) as unknown;
      },
    });
    Object.defineProperty(spec, list, { value });
  }
  workspace.refresh();
  return looks;
}

for (const [start, kind, list] of [
  ['one VirtualService for N hosts', 'VirtualService', 'http'],
  ['one host in N namespaces through one egress gateway', 'IstioGateway', 'servers'],
] as const)
  test(`work with the ${list} of ${start} grows with the mesh, not with its square`, () => {
    const [few, many] = [looksAt(start, 100, kind, list), looksAt(start, 400, kind, list)];
    assert.ok(few >= 25, `${few} looks`);
    assert.ok(many <= 5 * few, `${few} looks, ${many} with four times as many`);
  });
