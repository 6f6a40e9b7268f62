// A client's settings can differ by folder; each holds in its folder, before what the folder's own file says.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { runCli, writeFiles } from '../kit/cli.ts';
import { LspClient } from '../kit/lsp-client.ts';

const dir = mkdtempSync(join(tmpdir(), 'istio-egress-folders-'));
const uriOf = (path: string) => pathToFileURL(join(dir, path)).href;
let client: LspClient;

const entry =
  'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: a }\nspec:\n  hosts: [a.example.com]\n  ports: [{ number: 443, name: https, protocol: HTTP }]\n  resolution: DNS\n';
const named = (name: string) => entry.replace('name: a', `name: ${name}`).replace('a.example', `${name}.example`);
const ignored = (reason: string) =>
  entry.replace('  ports', `  # istio-egress-ignore protocol-contradicts-port${reason}\n  ports`);
const rule = 'protocol-contradicts-port';

before(async () => {
  for (const folder of ['one', 'two', 'three']) writeFiles(join(dir, folder), { 'entry.yaml': entry });
  client = await LspClient.start({ folders: [uriOf('one'), uriOf('two')] });
});
after(async () => {
  await client.stop();
  rmSync(dir, { recursive: true, force: true });
});

const severityIn = (folder: string) =>
  client.diagnostics(uriOf(`${folder}/entry.yaml`)).find(({ code }) => code === rule)?.severity;

async function configure(settings: LspClient['folderSettings'], whole: LspClient['settings'] = {}): Promise<void> {
  client.folderSettings = settings;
  client.settings = whole;
  await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
}

test('each folder has the settings that the client has for it', async () => {
  await configure({
    [uriOf('one')]: { severities: { [rule]: 'error' } },
    [uriOf('two')]: { severities: { [rule]: 'off' } },
  });
  await client.until('both', () => severityIn('one') === 1 && severityIn('two') === undefined);
  await configure({ [uriOf('one')]: { severities: { [rule]: 'hint' } } }, { severities: { [rule]: 'information' } });
  await client.until('both anew', () => severityIn('one') === 4 && severityIn('two') === 3);
});

test('schemaChecks: off leaves the structure of manifests to another server, and the rules stay', async () => {
  const uri = uriOf('one/entry.yaml');
  const codes = () => client.diagnostics(uri).map(({ code }) => code);
  const misspelt = `${entry}  resolutoin: DNS\n`;
  await client.open(uri, misspelt);
  await configure({}, { schemaChecks: 'auto' });
  await client.until('both are reported', () => codes().includes('unknown-field') && codes().includes(rule));
  await configure({}, { schemaChecks: 'off' });
  await client.until('the rule alone', () => !codes().includes('unknown-field') && codes().includes(rule));
  await configure({});
  await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  await client.until('all as before', () => codes().includes(rule) && !codes().includes('unknown-field'));
});

test('a folder that comes later is asked for before it is read', async () => {
  client.folderSettings = { ...client.folderSettings, [uriOf('three')]: { severities: { [rule]: 'error' } } };
  await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
    event: { added: [{ uri: uriOf('three'), name: 'three' }], removed: [] },
  });
  await client.until('its findings', () => severityIn('three') !== undefined);
  assert.equal(severityIn('three'), 1);
  assert.deepEqual(
    client.published
      .filter(({ uri }) => uri === uriOf('three/entry.yaml'))
      .flatMap(({ diagnostics }) => diagnostics.filter(({ code }) => code === rule).map(({ severity }) => severity)),
    [1],
  );
});

test('a settings file further in holds for what is below it, and ignored files stay ignored when they are opened or saved', async () => {
  await configure({});
  writeFiles(join(dir, 'two'), {
    '.istio-egress.yaml': 'ignore: [gen]\n',
    'gen/a.yaml': named('b'),
    'in/.istio-egress.yaml': `severities: { ${rule}: hint }\n`,
    'in/entry.yaml': named('c'),
  });
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
    changes: [{ uri: uriOf('two/.istio-egress.yaml'), type: 1 }],
  });
  await client.until('both levels', () => severityIn('two') === 2 && severityIn('two/in') === 4);
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
    changes: [{ uri: uriOf('two/gen/a.yaml'), type: 2 }],
  });
  await client.open(uriOf('two/gen/a.yaml'), named('b'));
  await client.connection.sendRequest('istioEgress/checkWorkspace');
  assert.equal(severityIn('two/gen'), undefined);
  assert.deepEqual(client.diagnostics(uriOf('two/gen/a.yaml')), []);
  // A user's own setting counts before any file.
  await configure({ [uriOf('two')]: { severities: { [rule]: 'error' } } });
  await client.until("the person's level", () => severityIn('two/in') === 1);
  rmSync(join(dir, 'two/in'), { recursive: true });
  rmSync(join(dir, 'two/gen'), { recursive: true });
});

/** What each face of the product says of a folder, as `rule severity line`. */
async function both(folder: string): Promise<readonly (readonly string[])[]> {
  const names = ['', 'error', 'warning', 'information', 'hint'];
  await client.connection.sendRequest('istioEgress/checkWorkspace');
  const shown = client
    .diagnostics(uriOf(`${folder}/entry.yaml`))
    .map(({ code, severity, range }) => `${String(code)} ${names[severity ?? 0]} ${range.start.line}`);
  const { findings } = JSON.parse(runCli(['check', '--format', 'json', folder], { cwd: dir }).out) as {
    findings: { rule: string; severity: string; range: { start: { line: number } } }[];
  };
  return [shown, findings.map(({ rule: id, severity, range }) => `${id} ${severity} ${range.start.line}`)];
}

const cases: readonly {
  readonly what: string;
  readonly text: string;
  readonly config: string;
  readonly finds: readonly string[];
}[] = [
  {
    what: 'a severity of the folder',
    text: entry,
    config: `severities: { ${rule}: error }\n`,
    finds: [`${rule} error 5`],
  },
  { what: 'a rule that is off', text: entry, config: `severities: { ${rule}: off }\n`, finds: [] },
  { what: 'a comment with a reason', text: ignored(': the server speaks plaintext'), config: '', finds: [] },
  { what: 'a comment without one', text: ignored(''), config: '', finds: ['unused-suppression information 5'] },
  {
    what: "a comment that silences nothing, at the folder's severity",
    text: ignored(': no more').replace('HTTP }', 'HTTPS }'),
    config: 'severities: { unused-suppression: error }\n',
    finds: ['unused-suppression error 5'],
  },
  {
    what: 'a comment for a rule that is off',
    text: ignored(': later'),
    config: `severities: { ${rule}: off }\n`,
    finds: [],
  },
];
for (const { what, text, config, finds } of cases) {
  test(`the editor and the command line agree: ${what}`, async () => {
    await configure({});
    await client.until("the rule's own severity", () => severityIn('one') === 2);
    writeFiles(join(dir, 'two'), { 'entry.yaml': text, '.istio-egress.yaml': config });
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: ['entry.yaml', '.istio-egress.yaml'].map((file) => ({ uri: uriOf(`two/${file}`), type: 2 })),
    });
    const [shown, found] = await both('two');
    assert.deepEqual([shown, found], [finds, finds]);
  });
}
