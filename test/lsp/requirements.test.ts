// `require` of a settings file in the editor: findings that follow edits and the file, with their pages; sums, hovers, agents.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CheckWorkspaceResult } from '../../server/src/lsp/protocol/workspace.ts';
import { serverOnStory } from '../kit/story-folder.ts';

const { client, story, uriOf, read } = await serverOnStory('require', { rulePageBase: 'rules:/' });
const entry = uriOf('service-entry.yaml');
const config = uriOf('.istio-egress.yaml');

const required = (uri = entry) => client.diagnostics(uri).filter(({ code }) => String(code).startsWith('require-'));
const codes = () => required().map(({ code }) => code);

async function settings(text: string): Promise<void> {
  writeFileSync(join(story, '.istio-egress.yaml'), text);
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: config, type: 2 }] });
}

test('what does not meet the settings is a finding at the host, and leads to its page and to the settings', async () => {
  await settings('require:\n  notOpenToAll: true\n  hosts: [api.example.com]\n');
  const [finding] = await client.until('the finding', () => required().length > 0 && required());
  assert.deepEqual(
    [finding!.code, finding!.severity, finding!.message, finding!.range.start.line],
    ['require-hosts', 1, 'httpbin.org is not in the list of hosts.', 8],
  );
  assert.match(finding!.codeDescription?.href ?? '', /^rules:\/require-hosts\.md$/);
  assert.deepEqual(
    finding!.relatedInformation?.map(({ location, message }) => [location.uri, location.range.start.line, message]),
    [[config, 2, 'Required here.']],
  );
  const page = await client.connection.sendRequest<{ markdown: string }>('istioEgress/rulePage', {
    rule: 'require-hosts',
  });
  assert.match(page.markdown, /^# require-hosts\n/);
});

test('it follows edits of other files, and lines that move', async () => {
  const policy = uriOf('authorization-policy.yaml');
  await client.open(policy, read('authorization-policy.yaml'));
  await client.change(policy, 2, [{ text: '' }]);
  await client.until('that it is open', () => codes().includes('require-not-open-to-all'));
  await client.open(entry, read('service-entry.yaml'));
  await client.change(entry, 2, [{ text: `\n\n${read('service-entry.yaml')}` }]);
  await client.until(
    'both two lines below',
    () => required().filter(({ range }) => range.start.line === 10).length === 2,
  );
  const hover = await client.connection.sendRequest<{ contents: { value: string } }>('textDocument/hover', {
    textDocument: { uri: entry },
    position: { line: 10, character: 6 },
  });
  assert.match(hover.contents.value, /require-not-open-to-all/);
  const { findings } = await client.connection.sendRequest<CheckWorkspaceResult>('istioEgress/checkWorkspace');
  assert.equal(findings.error, 2);
  const tool = await client.connection.sendRequest<{ text: string }>('istioEgress/agentTool', {
    uri: null,
    tool: 'check',
    input: { rule: 'require-hosts' },
  });
  const answer = JSON.parse(tool.text) as { findings: { rule: string; file: string }[] };
  assert.deepEqual(
    answer.findings.map(({ rule, file }) => [rule, file]),
    [['require-hosts', 'service-entry.yaml']],
  );
  await client.change(policy, 3, [{ text: read('authorization-policy.yaml') }]);
  await client.until('only the host', () => codes().join() === 'require-hosts');
});

test('a settings file further down adds its own', async () => {
  await settings('severities: {}\n');
  await client.until('nothing', () => required().length === 0);
  mkdirSync(join(story, 'team'));
  writeFileSync(join(story, 'team/.istio-egress.yaml'), 'require:\n  hosts: []\n');
  writeFileSync(join(story, 'team/entry.yaml'), read('service-entry.yaml').replace('name: httpbin', 'name: other'));
  const [inner, other] = [uriOf('team/.istio-egress.yaml'), uriOf('team/entry.yaml')];
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
    changes: [inner, other].map((uri) => ({ uri, type: 1 })),
  });
  await client.until(
    'the finding there',
    () =>
      required(other)
        .map(({ code }) => code)
        .join() === 'require-hosts',
  );
  assert.deepEqual(codes(), []);
  rmSync(join(story, 'team'), { recursive: true });
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
    changes: [inner, other].map((uri) => ({ uri, type: 3 })),
  });
  await client.until('nothing again', () => required(other).length === 0);
});

test('hosts and namespaces of the manifests are offered', async () => {
  const labels = async (text: string) => {
    await client.open(config, text);
    const lines = text.split('\n');
    const position = { line: lines.length - 1, character: lines.at(-1)!.length };
    const items: { label: string }[] = await client.connection.sendRequest('textDocument/completion', {
      textDocument: { uri: config },
      position,
    });
    await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri: config } });
    return items.map(({ label }) => label);
  };
  assert.deepEqual(await labels('require:\n  callers:\n  - host: '), ['httpbin.org']);
  assert.deepEqual(await labels('require:\n  callers:\n  - namespaces:\n    - '), ['common-infrastructure', 'default']);
});

test('an exception that ended is told with its place; without the statement nothing is', async () => {
  await settings(
    'require:\n  hosts: []\n  exceptions:\n  - { host: httpbin.org, statement: hosts, reason: a, until: 2020-02-29 }\n',
  );
  const [finding] = await client.until('the exception', () => {
    const found = required();
    return JSON.stringify(found).includes('ended on') && found;
  });
  assert.deepEqual(
    finding!.relatedInformation?.map(({ location, message }) => [location.range.start.line, message]),
    [
      [1, 'Required here.'],
      [3, 'This exception ended on 2020-02-29.'],
    ],
  );
  await settings('severities: {}\n');
  await client.until('nothing', () => required().length === 0);
});
