// Learn from Gateway Logs, as an editor asks for it: new manifests, changed files, and what nothing tells.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LearnResult } from '../../server/src/lsp/protocol/learn.ts';
import type { Unanswerable } from '../../server/src/lsp/protocol/shared.ts';
import { serverOnStory } from '../kit/story-folder.ts';

const { client, uriOf, read } = await serverOnStory('learn');
const uri = uriOf('service-entry.yaml');
const line = (request: string, host: string, port = 80) =>
  `[2026-03-01T02:48:20.634Z] "${request} HTTP/1.1" 200 - via_upstream - "-" 0 255 12 - "-" "-" "-" "${host}" "198.51.100.7:${port}" inbound-vip|${port}|http|${host} 10.1.0.8:1 240.240.0.3:${port} 10.1.0.9:1 - default`;
const learn = (params: object) =>
  client.connection.sendRequest<LearnResult & Unanswerable>('istioEgress/learn', { uri, ...params });

test('new manifests with what was learned above them; no file changes', async () => {
  const text = [line('GET /v1', 'api.example.com'), line('GET /get', 'httpbin.org'), 'noise'].join('\n');
  const unknown = await learn({ text });
  assert.deepEqual([unknown.withoutAccount, unknown.changed], [2, []]);
  assert.match(unknown.text, /nothing tells the account of the client \(run the command again to name it\):\n/);
  assert.doesNotMatch(unknown.text, /^kind:/m);
  const found = await learn({ text, from: 'default/curl' });
  assert.deepEqual([found.withoutAccount, found.unsolved, found.changed], [0, 0, []]);
  assert.match(found.text, /^# 2 access-log lines read .*\n# Already allowed by a rule: 1 request/);
  assert.match(found.text, /^kind: ServiceEntry\nmetadata:\n {2}name: api-example-com\n {2}namespace: common-inf/m);
  assert.doesNotMatch(found.text, /^kind: (Namespace|Gateway)$/m);
});

test('the pods of a cluster tell the accounts of their addresses', async () => {
  const account = { address: '10.1.0.9', namespace: 'default', serviceAccount: 'curl', since: '2026-03-01T00:00:00Z' };
  const found = await learn({ text: line('GET /get', 'httpbin.org'), accounts: [account] });
  assert.deepEqual([found.withoutAccount, found.unsolved], [0, 0]);
  assert.match(found.text, /Already allowed by a rule: 1 request/);
});

test('a port that a ServiceEntry lacks is a change of its file', async () => {
  const found = await learn({ text: line('GET /get', 'httpbin.org', 8080), from: 'default/curl' });
  assert.deepEqual(
    found.changed.map(({ uri: file, before }) => [file, before]),
    [[uri, read('service-entry.yaml')]],
  );
  assert.match(found.changed[0]!.after, /number: 8080/);
  assert.match(found.text, /^kind: AuthorizationPolicy$/m);
});

test('a text without a log, and an account that is none, are told', async () => {
  assert.match((await learn({ text: 'noise\n' })).problem, /no access-log line/);
  assert.match(
    (await learn({ text: line('GET /', 'a.b'), from: 'a/b/c' })).problem,
    /`a\/b\/c` is not a valid account/,
  );
});
