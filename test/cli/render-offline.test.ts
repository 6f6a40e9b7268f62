// Rendering fetches nothing: tried with a server that listens on this machine and the machine's own kubectl.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { nodeFiles } from '../../server/src/host/node/files.ts';
import { findExecutable } from '../../server/src/host/node/find-executable.ts';
import { nodeRenderer } from '../../server/src/host/node/renderer.ts';
import { planRenderings } from '../../server/src/sources/rendered/plan-renderings.ts';
import { writeFiles } from '../kit/cli.ts';

const dir = mkdtempSync(join(tmpdir(), 'istio-egress-offline-'));
after(() => rmSync(dir, { recursive: true, force: true }));
const kubectl = findExecutable('kubectl', undefined);
const skip = kubectl.found ? false : 'kubectl is not installed';
const hasNamespaces = spawnSync('unshare', ['-r', '-n', '--', 'true']).status === 0;

let server: Server;
let connections = 0;
let address = '';
before(async () => {
  server = createServer((socket) => {
    connections++;
    socket.end('HTTP/1.0 200 OK\r\ncontent-type: text/yaml\r\n\r\na: b\n');
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.yaml`;
});
after(() => server.close());

const kustomizations = (): Readonly<Record<string, Readonly<Record<string, string>>>> => ({
  resource: { 'kustomization.yaml': `namePrefix: a-\nresources: ["${address}"]\n` },
  file: { 'kustomization.yaml': `configMapGenerator: [{ name: a, files: ["k=${address}"] }]\nnamePrefix: a-\n` },
  generator: {
    'kustomization.yaml': 'generators: [g.yaml]\n',
    'g.yaml': `apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: { name: a }\nfiles: ["${address}"]\n`,
  },
  inline: {
    'kustomization.yaml': `generators:\n- |-\n  apiVersion: builtin\n  kind: ConfigMapGenerator\n  metadata: { name: a }\n  files: ["${address}"]\n`,
  },
  case: { 'kustomization.yaml': `namePrefix: a-\nResources: ["${address}"]\n` },
  folder: {
    'kustomization.yaml': 'generators: [g]\n',
    'g/kustomization.yaml': 'resources: [one.yaml]\n',
    'g/one.yaml': `apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: { name: a }\nFILES: ["${address}"]\n`,
  },
  patch: { 'kustomization.yaml': `patches: [{ path: "${address}" }]\nresources: []\n` },
});

function jobOf(name: string, files: Readonly<Record<string, string>>) {
  const folder = join(dir, name);
  writeFiles(folder, files);
  const [job] = planRenderings(nodeFiles(), [join(folder, 'kustomization.yaml')]);
  assert.ok(job);
  return job;
}

test('kubectl by itself does connect, so that the server would notice', { skip }, async () => {
  for (const [name, files] of Object.entries(kustomizations())) {
    const { folder } = jobOf(`open-${name}`, files);
    const seen = connections;
    const child = spawn('kubectl', ['kustomize', folder], { stdio: 'ignore' });
    await new Promise((resolve) => child.on('exit', resolve));
    assert.ok(connections > seen, name);
  }
});

test('what names an address is refused before a program runs', { skip }, () => {
  for (const [name, files] of Object.entries(kustomizations()))
    assert.match(jobOf(`refused-${name}`, files).refused ?? '', /^it needs .*127\.0\.0\.1/, name);
});

test('a tool that is run all the same reaches no address of this machine', {
  skip: skip || (hasNamespaces ? false : 'no network namespaces here'),
}, async () => {
  for (const [name, files] of Object.entries(kustomizations())) {
    const seen = connections;
    const rendered = await nodeRenderer()(jobOf(`closed-${name}`, files), 'default');
    assert.equal(rendered.ok, false, name);
    assert.equal(connections, seen, name);
  }
});

test('tools get closed proxies in both spellings, and none of the user', {
  skip: process.platform === 'win32' ? 'a script stands in' : false,
}, async () => {
  const bin = mkdtempSync(join(dir, 'bin-'));
  writeFiles(bin, {
    kustomize:
      '#!/bin/sh\nprintf "%s|" "$http_proxy" "$HTTPS_PROXY" "$all_proxy" "[$no_proxy$NO_PROXY$No_Proxy]" "$PWD"\n',
  });
  chmodSync(join(bin, 'kustomize'), 0o755);
  const env = { PATH: bin, https_proxy: 'http://proxy.example.com', No_Proxy: '*', NO_PROXY: '127.0.0.1' };
  const shown = await nodeRenderer({ env })(
    jobOf('environment', { 'kustomization.yaml': 'namePrefix: a-\n' }),
    'default',
  );
  const nowhere = 'http://127.0.0.1:1';
  assert.deepEqual(shown, { ok: true, text: `${nowhere}|${nowhere}|${nowhere}|[]|${homedir()}|` });
});

test('what needs nothing from elsewhere is rendered without a network', { skip }, async () => {
  const files = {
    'kustomization.yaml': 'namePrefix: a-\nconfigMapGenerator: [{ name: b, literals: ["url=https://example.com"] }]\n',
  };
  const rendered = await nodeRenderer()(jobOf('fine', files), 'default');
  assert.match(rendered.ok ? rendered.text : rendered.why, /name: a-b-/);
});
