// Two folders in one editor, each with a `.istio-egress.yaml` of its own: what it says holds there, at once and nowhere else.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { writeFiles } from '../kit/cli.ts';
import { LspClient } from '../kit/lsp-client.ts';

const dir = mkdtempSync(join(tmpdir(), 'istio-egress-config-'));
const uriOf = (path: string) => pathToFileURL(join(dir, path)).href;
const configUri = (folder: string) => uriOf(`${folder}/.istio-egress.yaml`);
let client: LspClient;

// A rule for a host that no file has: a finding only where all ServiceEntries and Services are said to be there.
const rule =
  'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: a }\nspec: { host: nowhere.example.com, trafficPolicy: { tls: { mode: SIMPLE } } }\n';
const complete = 'completeKinds: [ServiceEntry, Service, DestinationRule]\n';

before(async () => {
  for (const folder of ['one', 'two']) writeFiles(join(dir, folder), { 'rule.yaml': rule });
  writeFiles(join(dir, 'one'), {
    '.istio-egress.yaml': `${complete}severities: { unknown-destination-host: error }\n`,
  });
  writeFiles(join(dir, 'two'), { '.istio-egress.yaml': `${complete}severities: { unknown-destination-host: hint }\n` });
  client = await LspClient.start({ folders: [uriOf('one'), uriOf('two')], rulePageBase: 'rules:/' });
});
after(async () => {
  await client.stop();
  rmSync(dir, { recursive: true, force: true });
});

const severityIn = (folder: string) =>
  client.diagnostics(uriOf(`${folder}/rule.yaml`)).find(({ code }) => code === 'unknown-destination-host')?.severity;

async function write(folder: string, text: string): Promise<void> {
  writeFileSync(join(dir, folder, '.istio-egress.yaml'), text);
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
    changes: [{ uri: configUri(folder), type: 2 }],
  });
}

test('each folder has its own severities', () => assert.deepEqual([severityIn('one'), severityIn('two')], [1, 4]));

test('a saved file counts at once, in its folder', async () => {
  await write('two', `${complete}severities: { unknown-destination-host: warning }\n`);
  await client.until('the other severity', () => severityIn('two') === 2);
  assert.equal(severityIn('one'), 1);
  await write('two', 'severities: { unknown-destination-host: off }\n');
  await client.until('silence', () => severityIn('two') === undefined);
  await write('two', `${complete}mesh: { discoverySelectors: [{ matchLabels: { a: b } }] }\n`);
  await client.until(
    'what istiod may not see is not judged',
    () => client.diagnostics(uriOf('two/rule.yaml')).length === 0,
  );
  assert.equal(severityIn('one'), 1);
});

test('mistakes in a closed file are reported at their place, and disappear when they or the file are gone', async () => {
  await write('two', 'severities:\n  unknown-destination-hots: off\n');
  const [mistake] = await client.until(
    'the mistake',
    () => client.diagnostics(configUri('two')).length > 0 && client.diagnostics(configUri('two')),
  );
  assert.match(JSON.stringify(mistake!.message), /Did you mean `unknown-destination-host`\?/);
  assert.deepEqual(mistake!.range, { start: { line: 1, character: 2 }, end: { line: 1, character: 26 } });
  await write('two', complete);
  await client.until('no mistake', () => client.diagnostics(configUri('two')).length === 0);
  await client.until('and the rest counts', () => severityIn('two') === 3);
  await write('two', 'odd: 1\n');
  await client.until('another mistake', () => client.diagnostics(configUri('two')).length === 1);
  rmSync(join(dir, 'two/.istio-egress.yaml'));
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
    changes: [{ uri: configUri('two'), type: 3 }],
  });
  await client.until('gone with the file', () => client.diagnostics(configUri('two')).length === 0);
});

test('an open file is checked as it is typed; completion and hover answer there', async () => {
  const uri = configUri('one');
  await client.open(uri, 'severities:\n  double-tls: lod\n');
  assert.match(JSON.stringify((await client.publishedFor(uri, 1))[0]!.message), /Expected one of error/);
  await client.change(uri, 2, [{ text: 'severities:\n  double-tls: \n' }]);
  const position = { line: 1, character: 14 };
  const items: { label: string }[] = await client.connection.sendRequest('textDocument/completion', {
    textDocument: { uri },
    position,
  });
  assert.deepEqual(
    items.map(({ label }) => label),
    ['error', 'warning', 'information', 'hint', 'off'],
  );
  const hover: { contents: { value: string } } = await client.connection.sendRequest('textDocument/hover', {
    textDocument: { uri },
    position: { line: 1, character: 4 },
  });
  assert.match(hover.contents.value, /\[double-tls\]\(rules:\/double-tls\.md\)/);
  assert.equal(severityIn('one'), 1, 'what is only typed does not count yet');
});
