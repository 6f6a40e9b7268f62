// Answers about whole folders take long in large ones: what is asked and typed meanwhile comes first, and questions can be taken back.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { CancellationTokenSource, type CancellationToken } from 'vscode-jsonrpc';
import type { AccessResult, AccessTextResult } from '../../server/src/lsp/protocol/egress.ts';
import type { GraphResult } from '../../server/src/lsp/protocol/graph.ts';
import { LspClient } from '../kit/lsp-client.ts';
import { temporaryFolder } from '../kit/story-folder.ts';

const hosts = 200;
const entryOf = (host: string, at: number) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${host.replaceAll('.', '-')}, namespace: team-${at % 90} }
spec:
  hosts: [${host}]
  ports: [{ number: 443, name: tls, protocol: TLS }]
  resolution: DNS
`;
const namespaceOf = (at: number) => `apiVersion: v1
kind: Namespace
metadata: { name: team-${at}, labels: { istio.io/dataplane-mode: ambient } }
`;
const several = (count: number, one: (at: number) => string) => Array.from({ length: count }, (_, at) => one(at));

const folder = temporaryFolder('long-answers');
writeFileSync(join(folder, 'namespaces.yaml'), several(90, namespaceOf).join('---\n'));
writeFileSync(join(folder, 'entries.yaml'), several(hosts, (at) => entryOf(`api-${at}.example.com`, at)).join('---\n'));
const text = entryOf('before.example.com', 1);
writeFileSync(join(folder, 'edited.yaml'), text);
const uri = pathToFileURL(join(folder, 'edited.yaml')).href;

const client = await LspClient.start({ folders: [pathToFileURL(folder).href] });
after(() => client.stop());
await client.open(uri, text);

const hostsOf = ({ rows }: AccessResult) => new Set(rows.map(({ host }) => host));
const symbols = () => client.connection.sendRequest('textDocument/documentSymbol', { textDocument: { uri } });

test('what is typed and asked while a long answer is worked out comes first, and the answer is of the text as it is then', async () => {
  const order: string[] = [];
  const access = client.connection.sendRequest<AccessResult>('istioEgress/access', { uri });
  const graph = client.connection.sendRequest<GraphResult>('istioEgress/graph');
  const table = client.connection.sendRequest<AccessTextResult>('istioEgress/accessText', { uri, format: 'csv' });
  await client.change(uri, 2, [{ text: entryOf('after.example.com', 1) }]);
  const noted = async <T>(name: string, answer: Promise<T>): Promise<T> => {
    const found = await answer;
    order.push(name);
    return found;
  };
  const [found, drawn, csv] = await Promise.all([
    noted('long', access),
    noted('long', graph),
    noted('long', table),
    noted('symbols', symbols()),
  ]);
  assert.deepEqual(order, ['symbols', 'long', 'long', 'long']);
  assert.ok(found.rows.length > hosts * 90);
  for (const names of [
    hostsOf(found),
    new Set(drawn.folders.flatMap(({ graph: { hosts: all } }) => all.map(({ host }) => host))),
  ]) {
    assert.equal(names.size, hosts + 1);
    assert.ok(names.has('after.example.com') && !names.has('before.example.com'));
  }
  assert.ok(csv.text.includes('after.example.com') && !csv.text.includes('before.example.com'));
});

test('a long answer that is no longer wanted is not worked out to its end', async () => {
  for (const method of ['access', 'graph', 'map', 'compareAccess']) {
    const source = new CancellationTokenSource();
    const params = method === 'compareAccess' ? { uri, base: 'opened' } : { uri };
    const answer = client.connection.sendRequest(`istioEgress/${method}`, params, source.token);
    source.cancel();
    await assert.rejects(answer, { code: -32800 }, method);
  }
});

const logLine = (at: number) =>
  `[2026-03-01T02:48:20.634Z] "GET /${at} HTTP/1.1" 200 - via_upstream - "-" 0 2 1 1 "-" "a" "-" "api-${at % hosts}.example.com" "192.0.2.1:80" inbound-vip|80|http|api - - - - -\n`;

test('what is asked after a long log is answered before it, and one that nobody waits for is not learnt from', async () => {
  const params = { uri, text: several(2400, logLine).join(''), from: 'team-1/client' };
  const learn = (token?: CancellationToken) => client.connection.sendRequest('istioEgress/learn', params, token);
  const order: string[] = [];
  const long = learn().then((answer) => {
    order.push('learn');
    return answer as { readonly problem?: string };
  });
  await Promise.all([long, symbols().then(() => order.push('symbols'))]);
  assert.deepEqual(order, ['symbols', 'learn']);
  assert.equal((await long).problem, undefined);
  const source = new CancellationTokenSource();
  const answer = learn(source.token);
  source.cancel();
  await assert.rejects(answer, { code: -32800 });
});
