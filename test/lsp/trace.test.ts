// The trace that editors ask for: the command line's, with places as the protocol has them.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { ErrorCodes } from 'vscode-jsonrpc/node';
import type { TraceResult } from '../../server/src/lsp/protocol/egress.ts';
import { LspClient, root } from '../kit/lsp-client.ts';

test('a request is traced through the folder of the file', async () => {
  const folder = pathToFileURL(join(root, 'examples')).href;
  const client = await LspClient.start({
    folders: [folder],
    command: [process.execPath, join(root, 'server/src/main-cli.ts'), 'lsp', '--stdio'],
  });
  try {
    const ask = (words: object) =>
      client.connection.sendRequest<TraceResult & { problem?: string }>('istioEgress/trace', {
        uri: `${folder}/service-entry.yaml`,
        url: 'http://httpbin.org/get',
        from: 'default/curl',
        ...words,
      });
    const found = await ask({});
    assert.equal(found.verdict, 'allowed');
    assert.deepEqual(found.steps.find(({ stage }) => stage === 'tls')!.evidence, [
      {
        uri: `${folder}/destination-rule.yaml`,
        range: { start: { line: 11, character: 12 }, end: { line: 11, character: 18 } },
        resource: { kind: 'DestinationRule', namespace: 'common-infrastructure', name: 'httpbin' },
      },
    ]);
    assert.equal((await ask({ uri: null, method: 'POST' })).verdict, 'denied');
    assert.equal((await ask({ labels: { 'istio.io/dataplane-mode': 'none' } })).verdict, 'bypasses');
    assert.match((await ask({ url: 'httpbin' })).problem!, /URL/);
    assert.match((await ask({ from: 'a/b/c' })).problem!, /NAMESPACE/);
    await assert.rejects(ask({ from: 7 }), {
      code: ErrorCodes.InvalidParams,
      message: 'istioEgress/trace: `from` must be a string, not `7`.',
    });
  } finally {
    await client.stop();
  }
});
