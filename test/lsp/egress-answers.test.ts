// Who may call what, log lines and expectations, as an editor asks the built server for them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccessResult, ExplainLogResult } from '../../server/src/lsp/protocol/egress.ts';
import type { Unanswerable } from '../../server/src/lsp/protocol/shared.ts';
import type { RunTestsResult } from '../../server/src/lsp/protocol/workspace.ts';
import { serverOnStory } from '../kit/story-folder.ts';

const { client, uriOf, read } = await serverOnStory('answers');

test('access: a row each, with the rule that decides', async () => {
  const { rows } = await client.connection.sendRequest<AccessResult>('istioEgress/access', { uri: null });
  const curl = rows.find(({ from }) => from !== '*' && from.serviceAccount === 'curl')!;
  assert.deepEqual(
    [curl.host, curl.port, curl.via, curl.access, curl.operations],
    ['httpbin.org', 80, 'waypoint', 'some', [{ methods: ['GET'] }]],
  );
  const [because] = curl.because;
  assert.equal(because!.uri, uriOf('authorization-policy.yaml'));
  assert.match(read('authorization-policy.yaml').split('\n')[because!.range.start.line]!, /- from:/);
  assert.equal(rows.at(-1)!.from, '*');
});

test('access as text: CSV and Markdown with paths in the folder, for the clients and hosts that are asked for', async () => {
  const ask = (params: object) =>
    client.connection.sendRequest<{ text: string }>('istioEgress/accessText', { uri: null, ...params });
  const { text } = await ask({ format: 'csv', clients: ['default/curl'] });
  assert.match(
    text,
    /^from,host,.*\ndefault\/curl,httpbin\.org,80,waypoint,some,GET,authorization-policy\.yaml:\d+:\d+,,.*\n$/,
  );
  assert.match((await ask({ format: 'markdown' })).text, /^\| from \| host .*\n(\| .*\n){5}$/);
  assert.match((await ask({ format: 'csv', hosts: ['none.test'] })).text, /^from,.*\n$/);
});

test('what a request can be chosen from: URLs of entries, clients', async () => {
  assert.deepEqual(await client.connection.sendRequest('istioEgress/requestChoices', { uri: null }), {
    urls: [{ url: 'http://httpbin.org/', host: 'httpbin.org', port: 80, entry: 'common-infrastructure/httpbin' }],
    clients: ['default/curl'],
  });
});

test('log lines: others are left out; a denied one has its links and a proposal', async () => {
  const line =
    '[2025-06-30T02:48:21.634Z] "POST /post HTTP/1.1" 403 - rbac_access_denied_matched_policy[none] - "-" 0 19 0 - "-" "curl/8" "c29d" "httpbin.org" "-" inbound-vip|80|http|httpbin.org - 240.240.0.3:80 10.42.0.9:35662 - default';
  const { lines } = await client.connection.sendRequest<ExplainLogResult>('istioEgress/explainLog', {
    uri: uriOf('client.yaml'),
    text: `noise\n${line}\n`,
  });
  assert.deepEqual(
    lines.map((one) => [one.line, one.fields.length]),
    [[line, 24]],
  );
  assert.ok(lines[0]!.links.some(({ uri }) => uri === uriOf('authorization-policy.yaml')));
  assert.match(lines[0]!.proposal!.yaml, /^- from:\n/);
});

test('expectations: of the buffer where one is open, each at its place', async () => {
  const uri = uriOf('story.egress-test.yaml');
  const text = read('story.egress-test.yaml');
  const run = () => client.connection.sendRequest<RunTestsResult>('istioEgress/runTests', { uri });
  assert.deepEqual(
    (await run()).tests.map(({ outcome, range }) => [outcome, range.start.line]),
    [
      ['passed', 1],
      ['passed', 9],
      ['passed', 16],
      ['passed', 22],
    ],
  );
  await client.open(uri, text.replace('expect: denied', 'expect: allowed').replace('expect: fails', 'expect: fials'));
  const { tests } = await run();
  assert.deepEqual(
    tests.map(({ outcome }) => outcome),
    ['passed', 'failed', 'passed', 'failed'],
  );
  assert.match(tests[1]!.message, /^Expected that it is allowed, but it is denied: /);
  assert.equal(tests[1]!.trace?.verdict, 'denied');
  assert.match(tests[3]!.message, /Did you mean `fails`\?/);
  const none = await client.connection.sendRequest<Unanswerable>('istioEgress/runTests', {
    uri: uriOf('gone.egress-test.yaml'),
  });
  assert.match(none.problem, /cannot be read/);
});
