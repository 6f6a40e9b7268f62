// Rules are the most of the work in a folder: answers that show no findings run none.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { callsOf } from '../../kit/count-calls.ts';
import { runInProcess } from '../../kit/run-in-process.ts';
import { copyStory, temporaryFolder } from '../../kit/story-folder.ts';

const folder = copyStory(temporaryFolder('without-rules'));
const runs = (args: readonly string[]) =>
  callsOf('engine/run-rules.ts', 'runRules', async () => {
    const { out } = await runInProcess(args);
    assert.notEqual(out, '');
  });

for (const args of [
  ['trace', 'http://httpbin.org/get', '--from', 'default/curl', folder],
  ['access', folder],
  ['test', join(folder, 'story.egress-test.yaml')],
])
  test(`${args[0]} runs no rule`, async () => assert.equal(await runs(args), 0));

for (const command of ['check', 'stats', 'graph'])
  test(`${command} runs rules`, async () => assert.ok((await runs([command, folder])) > 0));
