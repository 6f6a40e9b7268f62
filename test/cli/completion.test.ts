// The scripts of `completion`, asked in each shell that is on this machine.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { commands } from '../../server/src/cli/command-table.ts';
import { optionTable } from '../../server/src/cli/option-table.ts';
import { supportedVersions } from '../../server/src/model/istio-releases.ts';
import { runCli, writeFiles } from '../kit/cli.ts';
import { hasShell, offered, scriptIn, type Shell } from '../kit/shells.ts';

const shells: readonly Shell[] = ['bash', 'zsh', 'fish'];
const folder = mkdtempSync(join(tmpdir(), 'istio-egress-completion-'));
after(() => rmSync(folder, { recursive: true, force: true }));

for (const shell of shells) {
  const { code, out } = runCli(['completion', shell]);
  test(`the script for ${shell} names every command and option`, () => {
    assert.equal(code, 0);
    for (const command of commands) assert.match(out, new RegExp(`\\b${command}\\b`), command);
    for (const { name, uses } of optionTable.filter(({ uses: [use] }) => use!.of))
      assert.match(out, new RegExp(`(?:--|-l )${name.slice(2)}\\b`), `${name} of ${JSON.stringify(uses)}`);
  });

  const skip = hasShell(shell) ? false : `${shell} is not on this machine`;
  test(`${shell} completes commands, options and values`, { skip }, () => {
    writeFiles(folder, { [`completion.${shell}`]: out, 'payments.yaml': '' });
    assert.ok(scriptIn(folder, shell).endsWith(shell));
    const ask = (line: string) => offered(shell, line, folder);
    assert.deepEqual(ask('acc'), ['access']);
    assert.deepEqual(
      ask('check --for').filter((one) => one.startsWith('--for')),
      ['--format'],
    );
    assert.deepEqual(ask('access --wi'), ['--wide']);
    assert.deepEqual(ask('check --format s'), ['sarif']);
    assert.deepEqual(ask('--no-color access --format c'), ['csv']);
    assert.deepEqual(ask('explain double-t'), ['double-tls']);
    assert.deepEqual(ask('check --rule double-t'), ['double-tls']);
    assert.deepEqual(ask('check --istio-version 1.'), [...supportedVersions].sort());
    assert.deepEqual(ask('completion z'), ['zsh']);
    assert.ok(ask('help mig').includes('migrate'));
    assert.deepEqual(
      ask('diff --fail-on opened,by').map((one) => one.replace(/^opened,/, '')),
      ['bypass'],
    );
    // bash itself completes names of files where a script offers nothing.
    assert.deepEqual(ask('check pay'), shell === 'bash' ? [] : ['payments.yaml']);
    assert.deepEqual(ask('check --baseline pay'), shell === 'bash' ? [] : ['payments.yaml']);
  });
}

test('another shell is refused with the names of those that can be had', () => {
  for (const args of [[], ['powershell'], ['bash', 'more']]) {
    const { code, err } = runCli(['completion', ...args]);
    assert.equal(code, 2);
    assert.match(err, /completion needs the name of a shell: bash, zsh or fish/);
  }
  assert.match(runCli(['completion', 'bsh']).err, /did you mean bash\?/);
});
