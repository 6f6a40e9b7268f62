// Running real processes: Node itself, so that it works wherever the tests do.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OutputChunk } from '../../../server/src/cluster/tools/command.ts';
import { findExecutable } from '../../../server/src/host/node/find-executable.ts';
import { nodeRun, workingFolder } from '../../../server/src/host/node/run.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'istio-egress-run-'));
after(() => rmSync(folder, { recursive: true }));
const run = nodeRun();
const node = (script: string, ...args: readonly string[]) => ({
  file: process.execPath,
  args: ['-e', script, '--', ...args],
});
const posix = process.platform === 'win32' ? 'POSIX only' : false;

test('exit code, both streams, arguments as they are', async () => {
  const odd = ['a b', '$HOME', '"', '*', ';ls', '', 'ä\u{1F600}'];
  const chunks: OutputChunk[] = [];
  const result = await run(
    node('console.log(JSON.stringify(process.argv.slice(1))); console.error("oh"); process.exitCode = 3', ...odd),
    { timeoutMs: 10_000, onOutput: (chunk) => chunks.push(chunk) },
  );
  assert.deepEqual([result.ended, result.code, result.stderr, result.truncated], ['exited', 3, 'oh\n', false]);
  assert.deepEqual(JSON.parse(result.stdout), odd);
  assert.deepEqual(
    chunks
      .filter(({ stream }) => stream === 'stderr')
      .map(({ text }) => text)
      .join(''),
    'oh\n',
  );
});

test('standard input: given, or empty at once', async () => {
  const echo = node('process.stdin.on("data", (d) => process.stdout.write(d)).on("end", () => console.log("end"))');
  assert.equal((await run(echo, { timeoutMs: 10_000, input: 'hällo' })).stdout, 'hälloend\n');
  assert.equal((await run(echo, { timeoutMs: 10_000 })).stdout, 'end\n');
  const deaf = await run(node('process.stdin.destroy()'), { timeoutMs: 10_000, input: 'x'.repeat(1_000_000) });
  assert.equal(deaf.ended, 'exited');
});

test('a character that is split between two chunks stays whole', async () => {
  const result = await run(
    node(
      'const b = Buffer.from("é"); process.stdout.write(b.subarray(0, 1)); setTimeout(() => process.stdout.write(b.subarray(1)), 100)',
    ),
    { timeoutMs: 10_000 },
  );
  assert.equal(result.stdout, 'é');
});

test('output beyond the limit is dropped and reported', async () => {
  const result = await nodeRun({ maxOutput: 1000 })(node('console.log("x".repeat(100000))'), { timeoutMs: 10_000 });
  assert.deepEqual([result.stdout.length, result.truncated, result.code], [1000, true, 0]);
});

test('a program that is not there, or may not run, or an argument that cannot be', async () => {
  const missing = await run({ file: path.join(folder, 'nothing'), args: [] }, { timeoutMs: 1000 });
  assert.deepEqual([missing.ended, missing.reason], ['not-started', `${path.join(folder, 'nothing')} was not found.`]);
  const nul = await run(node('', 'a\0b'), { timeoutMs: 1000 });
  assert.equal(nul.ended, 'not-started');
});

test('time runs out: the program and its children are ended', { skip: posix }, async () => {
  const began = Date.now();
  const result = await run(node(withChild), { timeoutMs: 4000 });
  assert.equal(result.ended, 'timed-out');
  assert.ok(Date.now() - began < 15_000);
  await gone(Number(result.stdout));
});

test('cancelled: before the start, and in the middle', { skip: posix }, async () => {
  assert.equal(
    (await run(node('console.log(1)'), { timeoutMs: 1000, signal: AbortSignal.abort() })).ended,
    'cancelled',
  );
  const stop = new AbortController();
  const result = await run(node(withChild), { timeoutMs: 20_000, signal: stop.signal, onOutput: () => stop.abort() });
  assert.equal(result.ended, 'cancelled');
  await gone(Number(result.stdout));
});

test('a program that ignores the polite signal is ended all the same', { skip: posix }, async () => {
  const stop = new AbortController();
  const result = await run(
    node('process.on("SIGTERM", () => {}); console.log(process.pid); setInterval(() => {}, 1000)'),
    { timeoutMs: 20_000, signal: stop.signal, onOutput: () => stop.abort() },
  );
  assert.equal(result.ended, 'cancelled');
  await gone(Number(result.stdout));
});

test('ended by a signal from outside', { skip: posix }, async () => {
  const result = await run(node('process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000)'), {
    timeoutMs: 10_000,
  });
  assert.deepEqual([result.ended, result.code], ['killed', undefined]);
});

test('finding an executable', { skip: posix }, () => {
  const bin = path.join(folder, 'bin');
  const other = path.join(folder, 'other');
  mkdirSync(bin);
  mkdirSync(path.join(other, 'kubectl'), { recursive: true }); // a folder of that name is no program
  writeFileSync(path.join(bin, 'kubectl'), '');
  writeFileSync(path.join(bin, 'plain'), '');
  chmodSync(path.join(bin, 'kubectl'), 0o755);
  chmodSync(path.join(bin, 'plain'), 0o644);
  const env = { PATH: `${other}:${bin}` };
  const here = { found: true, path: path.join(bin, 'kubectl') };
  assert.deepEqual(findExecutable('kubectl', undefined, { env }), here);
  assert.deepEqual(findExecutable('kubectl', '  ', { env }), here);
  assert.deepEqual(findExecutable('istioctl', 'kubectl', { env }), here);
  assert.deepEqual(findExecutable('istioctl', path.join(bin, 'kubectl'), { env: {} }), here);
  const reason = (setting: string | undefined, path = env.PATH): string => {
    const found = findExecutable('istioctl', setting, { env: { PATH: path } });
    return found.found ? assert.fail(found.path) : found.reason;
  };
  assert.equal(reason(undefined), 'istioctl is not in any of the 2 folders of PATH.');
  assert.equal(reason('/nowhere/istioctl'), 'the file /nowhere/istioctl does not exist.');
  assert.equal(reason('~/nowhere/istioctl'), `the file ${homedir()}/nowhere/istioctl does not exist.`);
  assert.equal(reason('./istioctl'), '"./istioctl" is not valid: give an absolute path, or a name without slashes.');
  assert.equal(reason(path.join(bin, 'plain')), `${path.join(bin, 'plain')} is not executable.`);
  assert.match(
    reason(undefined, `.:${path.relative(process.cwd(), bin)}:`),
    /any of the 0 folders/,
    'the current folder is never searched',
  );
});

test('finding an executable on Windows: only what starts without a shell', () => {
  const files = new Set(['C:\\tools\\kubectl.cmd', 'C:\\bin\\kubectl.exe', 'C:\\bin\\istioctl.bat']);
  const find = (tool: 'kubectl' | 'istioctl', setting?: string) =>
    findExecutable(tool, setting, {
      platform: 'win32',
      env: { Path: '.;C:\\tools;C:\\bin', PATHEXT: '.COM;.EXE;.BAT;.CMD' },
      look: (file) => (files.has(file) ? 'executable' : 'missing'),
    });
  assert.deepEqual(find('kubectl'), { found: true, path: 'C:\\bin\\kubectl.exe' });
  assert.deepEqual(find('kubectl', 'kubectl.exe'), { found: true, path: 'C:\\bin\\kubectl.exe' });
  assert.deepEqual(find('istioctl'), { found: false, reason: 'istioctl is not in any of the 2 folders of PATH.' });
  assert.deepEqual(find('istioctl', 'C:\\bin\\istioctl.bat'), {
    found: false,
    reason: 'C:\\bin\\istioctl.bat is not an .exe file.',
  });
});

// Prints the id of a child that would stay for ever.
const withChild =
  'const c = require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]); console.log(c.pid); setInterval(() => {}, 1000)';

async function gone(pid: number): Promise<void> {
  assert.ok(pid > 0);
  for (let i = 0; i < 100; i++) {
    if (!alive(pid)) return;
    await sleep(50);
  }
  process.kill(pid, 'SIGKILL');
  assert.fail(`process ${pid} is still there`);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('on Windows programs do not run in the workspace, and relative kubeconfig files stay where they are', () => {
  const windows = { platform: 'win32' as const, home: 'C:\\Users\\a' };
  assert.deepEqual(workingFolder(undefined, 'C:\\x', windows), { cwd: 'C:\\x' });
  assert.deepEqual(workingFolder({ PATH: 'a' }, undefined, windows), { cwd: 'C:\\Users\\a' });
  const { cwd, env } = workingFolder({ KUBECONFIG: 'kube.yaml;;' }, undefined, windows);
  assert.equal(cwd, 'C:\\Users\\a');
  assert.equal(env?.['KUBECONFIG'], `${path.resolve('kube.yaml')};;`);
  assert.deepEqual(workingFolder({ KUBECONFIG: 'kube.yaml' }, undefined, { platform: 'linux', home: '/home/a' }), {});
});
