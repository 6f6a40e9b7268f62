// An answer to an agent that took long says so itself, each time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toolServer } from '../../../server/src/cli/mcp/answer-tool.ts';
import { cliHost } from '../../../server/src/host/node/cli-host.ts';
import { nodeFiles } from '../../../server/src/host/node/files.ts';
import { noServers } from '../../kit/no-servers.ts';
import { writeFiles } from '../../kit/cli.ts';
import { allRules } from '../../kit/run-in-process.ts';
import { temporaryFolder } from '../../kit/story-folder.ts';

const folder = temporaryFolder('long-tool-answer');
writeFiles(folder, { 'namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: egress }\n' });

test('each answer that took long says so; what the server used before does not count', async () => {
  // Before and after each call.
  const used = [
    { seconds: 100, gigabytes: 3 },
    { seconds: 109, gigabytes: 3 },
    { seconds: 109, gigabytes: 3 },
    { seconds: 121, gigabytes: 3.5 },
    { seconds: 121, gigabytes: 3.5 },
    { seconds: 122, gigabytes: 4.6 },
  ];
  const host = cliHost('0.0.0', noServers);
  const { answer } = toolServer({
    host,
    files: nodeFiles(),
    book: allRules,
    used: () => used.shift()!,
    held: () => 0,
    roots: [folder],
  });
  const notes = [await answer('check', {}), await answer('check', {}), await answer('access', {})].map(
    (one) => /took (.*) of memory/.exec(one.notes)?.[1],
  );
  assert.deepEqual(notes, [
    undefined,
    '12 s of processor time, and the server up to 3.5 GiB',
    '1 s of processor time, and the server up to 4.6 GiB',
  ]);
});
