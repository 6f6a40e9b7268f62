// The server's process ends with its client: after shutdown and exit, when the channel closes, and when the client's process is gone.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../kit/lsp-client.ts';

const cli = [join(root, 'dist/cli.js'), 'lsp', '--stdio'];
const server = [join(root, 'dist/server.js'), '--stdio'];
/** The protocol library looks for the client's process every three seconds. */
const longest = 15_000;

interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params?: object;
}

function send({ stdin }: ChildProcess, message: Message): void {
  const text = JSON.stringify({ jsonrpc: '2.0', ...message });
  stdin!.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}

function answered(child: ChildProcess, id: number): Promise<void> {
  let seen = '';
  return new Promise((resolve) =>
    child.stdout!.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes(`"id":${id},`)) resolve();
    }),
  );
}

async function started(words: readonly string[], processId: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, words, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const ready = answered(child, 1);
  send(child, { id: 1, method: 'initialize', params: { processId, rootUri: null, capabilities: {} } });
  await ready;
  send(child, { method: 'initialized', params: {} });
  return child;
}

/** The exit code; fails, and ends the process, where it lives on. */
async function codeOf(child: ChildProcess): Promise<number | null> {
  const timer = setTimeout(() => child.kill('SIGKILL'), longest);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(timer);
  return code;
}

for (const words of [cli, server]) {
  const name = words[0] === cli[0] ? 'istio-egress lsp' : "the editor's server";

  test(`${name} ends after shutdown and exit`, async () => {
    const child = await started(words, process.pid);
    const ready = answered(child, 2);
    send(child, { id: 2, method: 'shutdown' });
    await ready;
    send(child, { method: 'exit' });
    assert.equal(await codeOf(child), 0);
  });

  test(`${name} ends when its input closes`, async () => {
    const child = await started(words, process.pid);
    child.stdin!.end();
    assert.notEqual(await codeOf(child), null);
  });

  test(`${name} ends when the client's process is gone`, async () => {
    const client = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const child = await started(words, client.pid!);
    client.kill('SIGKILL');
    await once(client, 'exit');
    assert.notEqual(await codeOf(child), null);
  });
}

test('over the channel of Node, as VS Code starts it, the server ends when the channel closes', async () => {
  const child = spawn(process.execPath, [join(root, 'dist/server.js'), '--node-ipc'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ready = once(child, 'message');
  child.send({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { processId: process.pid, rootUri: null, capabilities: {} },
  });
  await ready;
  child.disconnect();
  assert.notEqual(await codeOf(child), null);
});
