// What the editor's language models are answered: the texts of the command line, about the manifests as the editor has them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli } from '../kit/cli.ts';
import { serverOnStory } from '../kit/story-folder.ts';

const { client, story, uriOf } = await serverOnStory('agent-tool');

const ask = (tool: string, input: unknown = {}) =>
  client.connection.sendRequest<{ text?: string; problem?: string }>('istioEgress/agentTool', {
    uri: null,
    tool,
    input,
  });

const asCommandLine: readonly (readonly [tool: string, input: object, args: readonly string[]])[] = [
  ['check', {}, ['check', '--format', 'json']],
  [
    'trace',
    { url: 'http://httpbin.org/post', from: 'default/curl', method: 'POST', headers: { 'x-user': 'a' } },
    [
      'trace',
      'http://httpbin.org/post',
      '--from',
      'default/curl',
      '--method',
      'POST',
      '--header',
      'x-user:a',
      '--format',
      'json',
    ],
  ],
  ['access', {}, ['access', '--format', 'json']],
  ['access', { hosts: ['none.example.com'] }, ['access', '--host', 'none.example.com', '--format', 'json']],
  ['explain', { rule: 'protocol-contradicts-port' }, ['explain', 'protocol-contradicts-port']],
  ['explain', {}, ['explain']],
];
for (const [tool, input, args] of asCommandLine)
  test(`${tool} ${JSON.stringify(input)} as the command line`, async () => {
    assert.equal((await ask(tool, input)).text, runCli(args, { cwd: story }).out);
  });

test('findings of an unsaved text, with their fixes, as the command line has them of the saved one', async () => {
  const uri = uriOf('service-entry.yaml');
  const text = readFileSync(join(story, 'service-entry.yaml'), 'utf8').replace('targetPort: 443', 'targetPort: 70000');
  await client.connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'yaml', version: 1, text },
  });
  const { text: answer = '' } = await ask('check');
  const { findings } = JSON.parse(answer) as {
    findings: { rule: string; file: string; range: { start: { line: number } } }[];
  };
  assert.ok(
    findings.some(
      ({ file, range }) => file === 'service-entry.yaml' && text.split('\n')[range.start.line]!.includes('70000'),
    ),
  );
  const [first] = findings;
  const ofRule = JSON.parse((await ask('check', { rule: first!.rule })).text ?? '') as { findings: { rule: string }[] };
  assert.ok(ofRule.findings.length > 0 && ofRule.findings.every(({ rule }) => rule === first!.rule));
});

const wrong: readonly (readonly [tool: string, input: unknown, expected: RegExp])[] = [
  ['trace', { url: 'http://httpbin.org' }, /"from" is missing/],
  ['trace', { url: 'x', from: 'default' }, /URL/],
  ['check', { paths: ['/etc'] }, /no "paths"/],
  ['check', 'all', /must be an object/],
  ['explain', { rule: 'protocol-contradict-port' }, /did you mean protocol-contradicts-port/],
];
for (const [tool, input, expected] of wrong)
  test(`${tool} ${JSON.stringify(input)} says what is wrong`, async () => {
    assert.match((await ask(tool, input)).problem ?? '', expected);
  });
