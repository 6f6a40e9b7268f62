// Every fix that the story with one fault offers: it ends the fault and starts nothing. `fix` repairs every fault that has one.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CliHost } from '../../../server/src/cli/host.ts';
import { run } from '../../../server/src/cli/run.ts';
import { cliHost } from '../../../server/src/host/node/cli-host.ts';
import { documentRules, rules } from '../../../server/src/rules/index.gen.ts';
import { storyFaults, writeStoryFault } from '../../kit/story-faults.ts';
import { temporaryFolder } from '../../kit/story-folder.ts';
import { triedFolder } from '../../kit/tried-folder.ts';
import { tryFixes } from '../../kit/try-fixes.ts';
import { noServers } from '../../kit/no-servers.ts';

/** Two versions of one thing contradict each other: which of them is right, only their authors know. */
const withoutFix: ReadonlySet<string> = new Set([
  'two protocols on one port',
  'TLS and plaintext on one port',
  'two protocols on one port, in two namespaces',
  'a resource that is there twice in one file',
  'a resource that is there twice in two files',
]);
/** Those that the API server refuses. */
const refused: ReadonlySet<string> = new Set(['invalid-value', 'unknown-field', 'unknown-kind', 'mistyped-resource']);

const dir = temporaryFolder('story-fixes');

for (const [i, fault] of storyFaults.entries()) {
  test(`${fault.fault}: its fixes leave nothing worse`, () => {
    const folder = join(dir, String(i));
    writeStoryFault(folder, fault);
    assert.deepEqual(tryFixes(triedFolder(folder)).faults, []);
  });

  test(`${fault.fault}: ${withoutFix.has(fault.fault) ? 'has no fix' : 'fix --unsafe repairs it'}`, async () => {
    const isRepaired = async (...options: readonly string[]) => {
      const folder = join(dir, `${i}${options.join('')}`);
      writeStoryFault(folder, fault);
      const host: CliHost = {
        ...cliHost('0', noServers),
        stderr: () => undefined,
      };
      const args = ['fix', '--fail-on', 'information', ...options, folder];
      return (await run(args, host, { rules, documentRules, pages: () => new Map() })) === 0;
    };
    assert.equal(await isRepaired('--unsafe', '--yes'), !withoutFix.has(fault.fault));
    assert.equal(
      await isRepaired(),
      fault.rules.every((rule) => refused.has(rule)),
    );
  });
}
