// The built `istio-egress mcp`, asked by the client of the protocol's own SDK.
import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli, writeFiles } from '../kit/cli.ts';
import { root } from '../kit/lsp-client.ts';
import { callTool, connectTools } from '../kit/mcp-client.ts';
import { copyStory, temporaryFolder } from '../kit/story-folder.ts';

const folder = realpathSync(temporaryFolder('mcp'));
const story = copyStory(join(folder, 'story'));
const entry = (name: string, host: string) =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: ${name}\n  namespace: default\nspec:\n  hosts: [${host}]\n  ports:\n  - {number: 443, name: https, protocol: HTTP}\n  resolution: DNS\n`;
writeFiles(folder, { 'outside/entry.yaml': entry('outside', 'outside.example.com') });
symlinkSync(join(folder, 'outside'), join(story, 'link'));
symlinkSync(join(folder, 'outside/entry.yaml'), join(story, 'linked.yaml'));
mkdirSync(join(story, 'own'));
writeFiles(story, { 'own/entry.yaml': entry('own', 'own.example.com') });

const connect = (...folders: string[]) =>
  connectTools([process.execPath, join(root, 'dist/cli.js'), 'mcp', ...folders], folder);
const client = await connect('story');
const call = (name: string, input: Readonly<Record<string, unknown>> = {}, asked = client) =>
  callTool(asked, name, input);

test('four tools that only read, with the schemas of their inputs', async () => {
  const { tools } = await client.listTools();
  assert.deepEqual(
    tools.map(({ name, inputSchema, annotations }) => [name, inputSchema.required, annotations?.readOnlyHint]),
    [
      ['check', [], true],
      ['trace', ['url', 'from'], true],
      ['access', [], true],
      ['explain', [], true],
    ],
  );
});

const asCommandLine: readonly (readonly [tool: string, input: Record<string, unknown>, args: readonly string[]])[] = [
  ['check', { paths: ['own'] }, ['check', 'own', '--format', 'json']],
  [
    'check',
    { paths: ['own'], rule: 'protocol-contradicts-port' },
    ['check', 'own', '--rule', 'protocol-contradicts-port', '--format', 'json'],
  ],
  [
    'trace',
    { url: 'http://httpbin.org/get', from: 'default/curl', paths: ['.'] },
    ['trace', 'http://httpbin.org/get', '--from', 'default/curl', '--format', 'json'],
  ],
  [
    'trace',
    {
      url: 'http://httpbin.org/post',
      from: 'default/curl',
      method: 'POST',
      headers: { 'x-user': 'a' },
      labels: { app: 'curl' },
      istioVersion: '1.29',
    },
    [
      'trace',
      'http://httpbin.org/post',
      '--from',
      'default/curl',
      '--method',
      'POST',
      '--header',
      'x-user:a',
      '--label',
      'app=curl',
      '--istio-version',
      '1.29',
      '--format',
      'json',
    ],
  ],
  ['access', { hosts: ['httpbin.org'] }, ['access', '--host', 'httpbin.org', '--format', 'json']],
  ['explain', { rule: 'protocol-contradicts-port' }, ['explain', 'protocol-contradicts-port']],
  ['explain', {}, ['explain']],
];
for (const [tool, input, args] of asCommandLine)
  test(`${tool} ${JSON.stringify(input)} answers as the command line`, async () => {
    const { texts, isError } = await call(tool, input);
    const out = runCli(args, { cwd: story }).out;
    assert.equal(isError, false);
    assert.equal(texts[0], out);
    assert.ok(out.length > 50);
  });

test('an edit shows in the next answer', async () => {
  const before = await call('access', { hosts: ['new.example.com'] });
  assert.match(before.texts[1] ?? '', /No ServiceEntry in these files has the host new\.example\.com/);
  writeFiles(story, { 'own/new.yaml': entry('new', 'new.example.com') });
  const after = await call('access', { hosts: ['new.example.com'] });
  assert.match(after.texts[0]!, /"host": "new\.example\.com"/);
});

test('settings behind a link that leads out of the folder are missed, not ignored', async () => {
  writeFiles(folder, {
    'outside/settings.yaml': 'severities: { protocol-contradicts-port: off }\n',
    'linking/entry.yaml': entry('own', 'own.example.com'),
  });
  symlinkSync(join(folder, 'outside/settings.yaml'), join(folder, 'linking/.istio-egress.yaml'));
  const asked = await connect('linking');
  const { isError, content } = await asked.callTool({ name: 'check', arguments: {} });
  assert.equal(isError, true);
  assert.match(JSON.stringify(content), /\.istio-egress\.yaml:1:1: cannot be read \(not found in the given folders\)/);
  await asked.close();
});

test('nothing outside the folders is read, however it is named or linked', async () => {
  for (const path of [
    '..',
    '../outside',
    '/etc',
    'link',
    'link/entry.yaml',
    'linked.yaml',
    '-',
    'own/../../outside/entry.yaml',
    'nowhere',
  ]) {
    const { texts, isError } = await call('check', { paths: [path] });
    assert.ok(isError, path);
    assert.match(texts[0]!, /is not a file or folder in/);
  }
  assert.doesNotMatch((await call('access')).texts[0]!, /outside\.example\.com/);
  assert.match(
    runCli(['access', '--format', 'json'], { cwd: story }).out,
    /outside\.example\.com/,
    'the links are followed otherwise',
  );
});

test('several folders are one mesh', async () => {
  const both = await connect('story', 'outside');
  const { texts } = await call('access', {}, both);
  assert.match(texts[0]!, /outside\.example\.com/);
  assert.match(texts[0]!, /httpbin\.org/);
});

const wrong: readonly (readonly [tool: string, input: Record<string, unknown>, expected: RegExp])[] = [
  ['apply', {}, /no tool "apply"/],
  ['trace', { url: 'http://httpbin.org' }, /"from" is missing: The client/],
  ['trace', { url: 'http://httpbin.org', from: '' }, /"from" is missing/],
  ['trace', { url: '--cluster', from: 'default' }, /--cluster/],
  ['trace', { url: 7, from: 'default' }, /"url" must be a string/],
  ['access', { hosts: 'httpbin.org' }, /"hosts" must be a list of strings/],
  ['check', { cluster: true }, /no "cluster"/],
  ['check', { constructor: 'x' }, /no "constructor"/],
  ['check', { istioVersion: '0.9' }, /--istio-version 0\.9 is not valid/],
  ['explain', { rule: 'protocol-contradict-port' }, /did you mean protocol-contradicts-port/],
];
for (const [tool, input, expected] of wrong)
  test(`${tool} ${JSON.stringify(input)} is an error that says why`, async () => {
    const { texts, isError } = await call(tool, input);
    assert.ok(isError);
    assert.match(texts[0]!, expected);
  });

test('a folder that is not there ends it, and so does the end of input', () => {
  const { code, err } = runCli(['mcp', 'nowhere']);
  assert.equal(code, 2);
  assert.match(err, /nowhere: not a folder/);
  const ended = runCli(['mcp', 'examples']);
  assert.deepEqual([ended.code, ended.out, ended.err], [0, '', '']);
});

test('a long answer is cut between its items, and says what is missing and how to ask for less', async () => {
  const all = Array.from({ length: 1500 }, (_, at) => entry(`many-${at}`, `host-${at}.example.com`)).join('---\n');
  writeFiles(folder, { 'many/entries.yaml': all });
  const many = await connect('many');
  const answer = async (input: Readonly<Record<string, unknown>>): Promise<unknown> =>
    JSON.parse((await call('access', input, many)).texts.join(''));
  const [cut, one] = [await answer({}), await answer({ hosts: ['host-7.example.com'] })];
  assert.ok(typeof cut === 'object' && cut && 'rows' in cut && 'omitted' in cut && 'note' in cut);
  assert.ok(Array.isArray(cut.rows) && cut.rows.length > 100);
  assert.equal(cut.omitted, 1500 - cut.rows.length);
  assert.equal(cut.note, `${cut.omitted} of 1500 rows are omitted: the answer is too long. Ask for single hosts.`);
  assert.ok(typeof one === 'object' && one && !('omitted' in one));
});
