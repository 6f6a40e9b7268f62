// What a user sees of a mesh rests on its files alone: not on which was read first, nor on which edits came before.
// ORDER_MESHES=1000 tries that many; ORDER_SEED=7 others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workspace } from '../../../server/src/engine/workspace.ts';
import { classicWorkspaces, randomWorkspaces, type RandomWorkspace } from '../../kit/random-workspace.ts';
import { allShown, newWorkspace } from '../../kit/workspace.ts';
import { Random } from '../../fuzz/random.ts';

const wanted = Number(process.env['ORDER_MESHES'] ?? 27);
const seed = Number(process.env['ORDER_SEED'] ?? 20261130);

for (const [name, meshes] of Object.entries({
  'random meshes': randomWorkspaces,
  'meshes with egress gateways': classicWorkspaces,
}))
  test(`${wanted} ${name}: the findings are the same after each file was away for a time`, () => {
    for (const mesh of meshes(seed, wanted)) holdsInAnyOrder(mesh);
  });

function holdsInAnyOrder({ title, workspace, texts }: RandomWorkspace): void {
  const random = new Random(seed);
  const fresh = allShown(workspace);
  const live = newWorkspace(workspace.settings);
  const left = [...texts];
  while (left.length > 0) {
    const [[uri, text]] = left.splice(random.below(left.length), 1) as [[string, string]];
    live.setFile(uri, text);
    if (random.chance(0.3)) takeSteps(live, random.below(30));
  }
  live.refresh();
  assert.deepEqual(allShown(live), fresh, `${title}: in another order`);
  for (const [uri, text] of texts) {
    live.removeFile(uri);
    takeSteps(live, random.of([0, 3, Infinity]));
    live.setFile(uri, text);
    if (random.chance(0.5)) live.refresh();
  }
  live.refresh();
  assert.deepEqual(allShown(live), fresh, `${title}: after edits`);
}

function takeSteps(workspace: Workspace, most: number): void {
  let taken = 0;
  for (const _ of workspace.refreshing()) if (++taken >= most) break;
}
