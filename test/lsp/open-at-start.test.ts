// An editor restores its open files before the server has read a folder: what is said of them then is not taken back by mistake.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { LspClient, root } from '../kit/lsp-client.ts';

test('a file that is open from the first moment on keeps its findings once its folder is read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'istio-egress-lsp-'));
  cpSync(join(root, 'examples'), folder, { recursive: true });
  rmSync(join(folder, 'destination-rule.yaml'));
  const path = join(folder, 'service-entry.yaml');
  const uri = pathToFileURL(path).href;
  const client = await LspClient.start({
    folders: [pathToFileURL(folder).href],
    opened: [{ uri, text: readFileSync(path, 'utf8') }],
  });
  try {
    assert.deepEqual(client.codes(uri), ['plaintext-to-tls-port']);
  } finally {
    await client.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
