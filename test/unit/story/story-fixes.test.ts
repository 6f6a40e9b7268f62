// Every fix that the story with one fault offers: it ends the fault and starts nothing.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { storyFaults, writeStoryFault } from '../../kit/story-faults.ts';
import { temporaryFolder } from '../../kit/story-folder.ts';
import { triedFolder } from '../../kit/tried-folder.ts';
import { tryFixes } from '../../kit/try-fixes.ts';

const dir = temporaryFolder('story-fixes');

for (const [i, fault] of storyFaults.entries()) {
  test(`${fault.fault}: its fixes leave nothing worse`, () => {
    const folder = join(dir, String(i));
    writeStoryFault(folder, fault);
    assert.deepEqual(tryFixes(triedFolder(folder)).faults, []);
  });
}
