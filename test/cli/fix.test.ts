// `fix`: what it applies, when it asks, and what it leaves of a file.
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CliHost } from '../../server/src/cli/host.ts';
import { run } from '../../server/src/cli/run.ts';
import { cliHost } from '../../server/src/host/node/cli-host.ts';
import { replaceFile } from '../../server/src/host/node/replace-file.ts';
import { documentRules, pages, rules } from '../../server/src/rules/index.gen.ts';
import { runCli, writeFiles } from '../kit/cli.ts';
import { storyWith, temporaryFolder } from '../kit/story-folder.ts';
import { noServers } from '../kit/no-servers.ts';

const dir = temporaryFolder('fix');
const posix = process.platform === 'win32' ? 'POSIX only' : false;
const file = 'destination-rule.yaml';

/** The host of a DestinationRule is misspelt, for which there is no safe fix. */
function misspelt(name: string): string {
  return storyWith(join(dir, name), file, (text) => text.replace('host: httpbin.org', 'host: httpbin.ogr'));
}

function textOf(folder: string, name = file): string {
  return readFileSync(join(folder, name), 'utf8');
}

/** The command in this process, with a person at the terminal. */
async function atTerminal(args: readonly string[], answer: boolean) {
  const said = { out: '', err: '', questions: [] as string[] };
  const host: CliHost = {
    ...cliHost('0', noServers),
    canAsk: true,
    ask: (question) => {
      said.questions.push(question);
      return Promise.resolve(answer);
    },
    stdout: (text) => void (said.out += text),
    stderr: (text) => void (said.err += text),
  };
  const code = await run(args, host, { rules, documentRules, pages });
  return { ...said, code };
}

test('without --unsafe only safe fixes are applied', () => {
  const folder = misspelt('safe');
  const { code, err } = runCli(['fix', '.'], { cwd: folder });
  assert.deepEqual([code, /^0 fixed in 0 files; 1 left\.$/m.test(err)], [1, true]);
});

test('--unsafe asks: without a terminal it ends with 2 and the reason, and changes nothing', () => {
  const folder = misspelt('pipe');
  const before = textOf(folder);
  const { code, out, err } = runCli(['fix', '--unsafe', '.'], { cwd: folder });
  assert.deepEqual([code, out], [2, '']);
  assert.match(err, /^istio-egress: fix --unsafe asks .*not a terminal: add --yes .*--dry-run/);
  assert.equal(textOf(folder), before);
});

test('--unsafe --yes applies the preferred fix', () => {
  const folder = misspelt('yes');
  const { code, out, err } = runCli(['fix', '--unsafe', '--yes', '.'], { cwd: folder });
  assert.deepEqual([code, out], [0, '']);
  assert.match(err, /Change the host to httpbin\.org \[unknown-destination-host\]\n1 fixed in 1 file; 0 left\./);
  assert.match(textOf(folder), /host: httpbin\.org/);
});

test('--unsafe --dry-run prints the diff and needs no answer', () => {
  const folder = misspelt('dry');
  const before = textOf(folder);
  const { code, out } = runCli(['fix', '--unsafe', '--dry-run', '.'], { cwd: folder });
  assert.equal(code, 0);
  assert.match(out, /^-.*httpbin\.ogr\n\+.*httpbin\.org$/m);
  assert.equal(textOf(folder), before);
});

test('at a terminal the diff is shown first; only a yes changes files', async () => {
  const folder = misspelt('asked');
  const before = textOf(folder);
  const no = await atTerminal(['fix', '--unsafe', folder], false);
  assert.deepEqual([no.code, no.questions, textOf(folder)], [1, ['Apply 1 fix in 1 file? [y/N] '], before]);
  assert.match(no.out, /^-.*httpbin\.ogr\n\+.*httpbin\.org$/m);
  assert.equal(no.err, 'No file changed.\n');
  const yes = await atTerminal(['fix', '--unsafe', folder], true);
  assert.deepEqual([yes.code, yes.questions.length], [0, 1]);
  assert.match(textOf(folder), /host: httpbin\.org/);
  assert.deepEqual((await atTerminal(['fix', '--unsafe', folder], true)).questions, []);
});

test('findings below the threshold get no unsafe fix', () => {
  const folder = misspelt('threshold');
  assert.match(runCli(['fix', '--unsafe', '--yes', '--fail-on', 'error', '.'], { cwd: folder }).err, /^0 fixed/);
});

test('what was changed while the question stood is not overwritten', async () => {
  const folder = misspelt('meanwhile');
  const host = cliHost('0', noServers);
  let err = '';
  const code = await run(
    ['fix', '--unsafe', folder],
    {
      ...host,
      canAsk: true,
      ask: () => {
        writeFileSync(join(folder, file), '# mine\n');
        return Promise.resolve(true);
      },
      stdout: () => undefined,
      stderr: (text) => void (err += text),
    },
    { rules, documentRules, pages },
  );
  assert.deepEqual([code, textOf(folder)], [2, '# mine\n']);
  assert.match(err, /changed by another program/);
});

test('--yes alone, and both with other commands, are refused', () => {
  for (const [args, message] of [
    [['fix', '--yes', '.'], /--yes works only with --unsafe/],
    [['check', '--unsafe', '.'], /--unsafe works only with fix/],
  ] as const) {
    const { code, err } = runCli(args, { cwd: dir });
    assert.equal(code, 2);
    assert.match(err, message);
  }
});

test('bytes outside the edits stay: line ends, byte order mark, comments, encoding', () => {
  const folder = join(dir, 'bytes');
  const text = `# über\r\napiVersion: networking.istio.io/v1beta1 # old\r\nkind: Sidecar\r\nmetadata: { name: a,   namespace: b }\r\nspec: { egress: [{ hosts: [./*] }] }\r\n`;
  const fixed = text.replace('v1beta1', 'v1');
  const inUtf16 = (words: string) => Buffer.from(`\u{feff}${words}`, 'utf16le');
  writeFiles(folder, { 'crlf.yaml': text });
  writeFileSync(join(folder, 'mark.yaml'), `\u{feff}${text.replace('name: a', 'name: b')}`);
  writeFileSync(join(folder, 'wide.yaml'), inUtf16(text.replace('name: a', 'name: c')));
  runCli(['fix', '.'], { cwd: folder });
  assert.equal(textOf(folder, 'crlf.yaml'), fixed);
  assert.equal(textOf(folder, 'mark.yaml'), `\u{feff}${fixed.replace('name: a', 'name: b')}`);
  assert.deepEqual(readFileSync(join(folder, 'wide.yaml')), inUtf16(fixed.replace('name: a', 'name: c')));
});

test('mode and links are kept', { skip: posix }, () => {
  const folder = misspelt('mode');
  chmodSync(join(folder, file), 0o640);
  writeFiles(join(dir, 'links'), {});
  symlinkSync(join(folder, file), join(folder, 'link.yaml'));
  replaceFile(join(folder, 'link.yaml'), 'new');
  assert.equal(lstatSync(join(folder, 'link.yaml')).isSymbolicLink(), true);
  assert.deepEqual([textOf(folder), statSync(join(folder, file)).mode & 0o777], ['new', 0o640]);
});

test('a disk that is full leaves the file whole and nothing beside it', () => {
  const folder = misspelt('full');
  const before = textOf(folder);
  const names = readdirSync(folder);
  const full = (open: number, bytes: Uint8Array) => {
    writeSync(open, bytes.subarray(0, 20));
    throw new Error('ENOSPC: no space left on device');
  };
  assert.throws(() => replaceFile(join(folder, file), 'new text', full), /ENOSPC/);
  assert.deepEqual([textOf(folder), readdirSync(folder)], [before, names]);
  assert.throws(() => replaceFile(join(folder, 'other.yaml'), 'new text', full), /ENOSPC/);
  assert.equal(existsSync(join(folder, 'other.yaml')), false);
});

test('a misspelt field is repaired before what follows from it', () => {
  const folder = storyWith(join(dir, 'first'), 'service-entry.yaml', (text) => text.replace('targetPort', 'targetPrt'));
  const { code, err } = runCli(['fix', '.'], { cwd: folder });
  assert.equal(code, 0);
  assert.match(err, /Rename to targetPort \[unknown-field\]\n1 fixed/);
});
