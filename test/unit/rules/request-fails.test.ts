// Thousands of requests of one entry can fail for one cause. Whether a more specific rule names it is asked once of each resource.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestFails } from '../../../server/src/rules/trace/request-fails.ts';
import { shapes } from '../../bench/shapes/shapes.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const shape = shapes.find(({ name }) => name === 'N VirtualServices for one host')!;

test('what is reported already is asked once of each resource, however many requests fail', () => {
  const askedOf = (routes: number) => {
    const workspace = newWorkspace();
    for (const { uri, text } of shape.files(routes)) workspace.setFile(uri, text);
    const mesh = workspace.writtenMesh;
    const [entry] = mesh.all('ServiceEntry');
    const asked: string[] = [];
    const found = [
      ...requestFails.check(entry!, mesh, ({ kind, name }, rules) => {
        asked.push(`${kind} ${name} ${rules.length}`);
        return false;
      }),
    ];
    assert.ok(found.some((one) => one !== undefined));
    return asked;
  };
  for (const routes of [20, 40]) {
    const asked = askedOf(routes);
    // A route is asked for its host, and for the request that it takes.
    assert.ok(asked.length <= 2 * routes + 10, `${asked.length} for ${routes} routes`);
  }
});

test('thousands of requests are judged in portions, so that an editor need not wait for all', () => {
  const workspace = newWorkspace();
  for (const { uri, text } of shape.files(1000)) workspace.setFile(uri, text);
  const mesh = workspace.writtenMesh;
  let between = 0;
  let most = 0;
  for (const found of requestFails.check(
    mesh.all('ServiceEntry')[0]!,
    mesh,
    () => ((most = Math.max(most, ++between)), true),
  ))
    if (!found) between = 0;
  assert.ok(most > 0 && most <= 500, `${most} questions in one portion`);
});
