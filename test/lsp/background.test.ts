// Edits whose effects are in hundreds of objects: the edited file is answered at once, the other files when the rules have run there.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Location } from 'vscode-languageserver-types';
import { LspClient } from '../kit/lsp-client.ts';
import { temporaryFolder } from '../kit/story-folder.ts';

const count = 300;
const bound = 'istio.io/use-waypoint: wp';
const namespace = (labels: string) => `apiVersion: v1
kind: Namespace
metadata:
  name: egress
  labels: { ${labels} }
`;
const entry = (i: number) => `---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: e${i}, namespace: egress }
spec:
  hosts: [h${i}.example.com]
  resolution: DNS
  ports: [{ number: 80, name: http, protocol: HTTP }]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: p${i}, namespace: egress }
spec:
  targetRefs: [{ group: networking.istio.io, kind: ServiceEntry, name: e${i} }]
  rules: [{ to: [{ operation: { methods: [GET] } }] }]
`;
const gateway = `---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: egress }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE }] }
`;

const folder = temporaryFolder('background');
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return pathToFileURL(join(folder, name)).href;
};
const home = write('namespace.yaml', namespace(bound));
const entries = write('entries.yaml', Array.from({ length: count }, (_, i) => entry(i)).join('') + gateway);
const client = await LspClient.start({ folders: [pathToFileURL(folder).href] });
after(() => client.stop());
await client.open(home, namespace(bound));

const bypassed = (): number => client.codes(entries).filter((code) => code === 'egress-bypasses-waypoint').length;

test('all other files get their findings, and lose them again', async () => {
  await client.publishedFor(home, 1);
  assert.equal(bypassed(), 0);
  await client.change(home, 2, [{ text: namespace('') }]);
  await client.publishedFor(home, 2);
  await client.until('each entry bypasses its waypoint', () => bypassed() === count);
  // Faster than the rules run: what counts is the last text.
  for (const [i, labels] of ['team: a', '', bound].entries())
    await client.change(home, 3 + i, [{ text: namespace(labels) }]);
  await client.publishedFor(home, 5);
  await client.until('no entry does any more', () => bypassed() === 0);
});

test('the workspace is checked to the end before it is summed up', async () => {
  await client.change(home, 6, [{ text: namespace('') }]);
  const sums = await client.connection.sendRequest<{ findings: { warning: number; error: number } }>(
    'istioEgress/checkWorkspace',
  );
  assert.ok(sums.findings.warning + sums.findings.error >= count, JSON.stringify(sums));
});

test('references are found in all files', async () => {
  const found = await client.connection.sendRequest<Location[]>('textDocument/references', {
    textDocument: { uri: entries },
    position: { line: 3, character: 20 },
    context: { includeDeclaration: true },
  });
  assert.equal(found.length, 2);
});
