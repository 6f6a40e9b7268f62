// After an edit, typing waits for one step at most: a rule that looks at thousands of hosts does so in steps.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shapes } from '../../bench/shapes/shapes.ts';
import { newWorkspace } from '../../kit/workspace.ts';

/** The most that is read from the mesh in one step after an edit. */
function longestStep(start: string, resources: number): number {
  const shape = shapes.find(({ name }) => name.startsWith(start))!;
  const workspace = newWorkspace();
  for (const { uri, text } of shape.files(resources)) workspace.setFile(uri, text);
  workspace.refresh();
  let most = 0;
  for (const edit of [0, 1]) {
    const { uri, text } = shape.edit(resources, edit);
    workspace.setFile(uri, text);
    workspace.takeChanged();
    for (const _ of workspace.refreshing(uri)) {
      workspace.takeChanged();
      most = Math.max(most, workspace.work.meshRead);
    }
  }
  return most;
}

/** About a millisecond's, twice: a step that has read so much is the last before a pause. */
const mostRead = 2000;

test('no step after an edit reads all hosts of one VirtualService', () => {
  const most = longestStep('one VirtualService for N hosts', 1500);
  assert.ok(most > 0);
  assert.ok(most <= mostRead, `${most} reads`);
});
