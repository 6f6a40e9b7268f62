// Every command and format of the command line over manifests whose names act on what shows them: the output is data.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { toolServer } from '../../../server/src/cli/mcp/answer-tool.ts';
import { visibleJson } from '../../../server/src/base/visible.ts';
import { driftJson, driftText } from '../../../server/src/cli/drift-report.ts';
import { visibleHost } from '../../../server/src/cli/visible-host.ts';
import { cliHost } from '../../../server/src/host/node/cli-host.ts';
import { nodeFiles } from '../../../server/src/host/node/files.ts';
import { usedNow } from '../../../server/src/host/node/long-run-note.ts';
import { writeFiles } from '../../kit/cli.ts';
import { noServers } from '../../kit/no-servers.ts';
import { allRules, runInProcess } from '../../kit/run-in-process.ts';
import { actingPart, assertVisible, hostileFiles } from '../../kit/hostile-names.ts';

const dir = mkdtempSync(join(tmpdir(), 'istio-egress-hostile-'));
after(() => rmSync(dir, { recursive: true, force: true }));

const logLine = (name: string) =>
  `[2026-03-01T02:48:20.634Z] "GET /${name} HTTP/1.1" 403 - rbac_access_denied_matched_policy[none] - "-" 0 2 1 1 "-" "${name}" "-" "${name}.example.com" "192.0.2.1:80" inbound-vip|80|http|${name} - - - - -\n`;

/** `plain`: a folder with ordinary names. */
function commands(folder: string, plain: string): readonly (readonly string[])[] {
  const formats = (command: string, names: readonly string[]) =>
    names.map((name) => [command, folder, '--format', name]);
  return [
    ...formats('check', ['text', 'json', 'sarif', 'github', 'junit']),
    ...formats('access', ['table', 'json', 'csv', 'markdown']),
    ['access', folder, '--wide'],
    ...formats('test', ['text', 'json', 'junit']),
    ...formats('stats', ['text', 'json']),
    ...formats('graph', ['svg', 'mermaid', 'dot', 'json']),
    ...['text', 'json'].map((name) => ['migrate', folder, '--dry-run', '--format', name]),
    ...['text', 'json', 'markdown', 'sarif'].map((name) => ['diff', plain, folder, '--format', name]),
    ...['text', 'json'].map((name) => ['diff', folder, plain, '--format', name]),
    ...['yaml', 'diff', 'json'].map((name) => ['learn', '-', '--manifests', folder, '--format', name]),
    ...[
      ['--host', 'new.example.com', '--from', 'shop/sleep', '--tls', 'originate'],
      ['--host', 'a\u001b[2J.example.com', '--from', 'shop/sleep', '--tls', 'plain'],
      [
        '--host',
        'new.example.com',
        '--from',
        'shop/\u202egpj',
        '--gateway',
        'egress/x\n::stop-commands::y',
        '--tls',
        'plain',
      ],
    ].flatMap((answers) =>
      ['text', 'json'].map((name) => ['new', 'route', folder, ...answers, '--dry-run', '--format', name]),
    ),
    ['explain', 'x\u001b[2J'],
    ['completion', 'bash\u001b[2J'],
    ['help', '::stop-commands::x'],
    ['che\u202eck', folder],
    ['check', folder, '--f\u001b[31m'],
    ['trace', 'http://httpbin.example.com/status/200', '--from', 'shop/sleep', folder],
    ['trace', 'http://api.example.com/v1', '--from', 'shop/sleep', folder, '--format', 'json'],
    ['trace', 'http://api.example.com/v1', '--from', 'shop/\u001b[31m', folder],
    ['fix', folder, '--dry-run', '--unsafe'],
    ['check', `${folder}/no\u001b[2J\u202ewhere`],
    ['check', folder, '--rule', 'x\u001b[2J'],
    ['check', folder, '--severity', 'x\n::stop-commands::y=off'],
  ];
}

const plain = join(dir, 'plain');
writeFiles(plain, { 'namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: egress }\n' });
const names = ['a\u001b[2J', '\u202egpj', 'x\u0085y', '::stop-commands::x', '[x](command:y)', '<b>'];
const seeds = Array.from({ length: 8 }, (_, seed) => seed + 1);

for (const seed of seeds)
  test(`names of seed ${seed} act on nothing that shows them`, async () => {
    const folder = join(dir, String(seed));
    // Errors in settings end every command, so these are in a folder of their own.
    const { 'sub/.istio-egress.yaml': settings = '', ...files } = hostileFiles(seed);
    writeFiles(folder, files);
    writeFiles(join(folder, '../settings'), { [`${seed}/.istio-egress.yaml`]: settings });
    for (const args of [...commands(folder, plain), ['check', join(folder, '../settings', String(seed))]]) {
      const { code, out, err } = await runInProcess(args, { input: logLine(names[seed % names.length]!) });
      assertVisible(out, args.join(' '));
      assertVisible(err, args.join(' '));
      if (args.includes('json') && code !== 2) assert.doesNotThrow(() => JSON.parse(out) as unknown, args.join(' '));
    }
    const painted = await runInProcess(['check', folder], { color: true });
    // oxlint-disable-next-line no-control-regex -- colours and links of our own
    const own = /\u001b\[(?:0|1|3[1367]|90)m|\u001b\]8;;(?:https:\/\/(?:istio|kiali)\.io\/[\w/#.-]+)?\u001b\\/g;
    assertVisible(painted.out.replace(own, ''), 'check in colour');
  });

test('answers to agents act on nothing', async () => {
  for (const seed of seeds.slice(0, 4)) {
    const folder = join(dir, String(seed));
    const host = { ...cliHost('0.0.0', noServers), cwd: folder };
    const { answer } = toolServer({
      host,
      files: nodeFiles(),
      book: allRules,
      used: usedNow,
      held: () => 0,
      roots: [folder],
    });
    for (const [tool, input] of [
      ['check', {}],
      ['access', {}],
      ['trace', { url: 'http://httpbin.example.com/status/200', from: 'shop/sleep' }],
      ['trace', { url: 'http://a\u001b[2J.example.com', from: 'shop/\u202egpj' }],
      ['explain', { rule: 'x\u001b[2J' }],
      ['check', { paths: ['no\u001b[2J\u202ewhere'] }],
      ['no\u202ewhere', {}],
      ['trace', { 'u\u001brl': 1 }],
    ] as const) {
      const { text, notes } = await answer(tool, input);
      assertVisible(text, `${tool} ${JSON.stringify(input)}`);
      assertVisible(notes, `${tool} ${JSON.stringify(input)}`);
    }
  }
});

test('lines of a log act on nothing', async () => {
  for (const name of ['a\u001b[2J', '\u202egpj', 'x\u0085y', '::stop-commands::x'])
    for (const options of [[], ['--verbose'], ['--format', 'json']]) {
      const { out, err } = await runInProcess(['log', '-', ...options], { input: logLine(name) + logLine(name) });
      assertVisible(out + err, JSON.stringify([name, options]));
      assert.match(out, /explained|"lines"/);
    }
});

test('a difference from a cluster acts on nothing', () => {
  for (const name of names) {
    const one = { resource: { kind: 'ServiceEntry', namespace: name, name }, file: `${name}.yaml`, range: null };
    const report = {
      context: name,
      takenAt: '2026-01-01T00:00:00Z',
      compared: 1,
      drift: [
        { ...one, what: 'different' as const, fields: [{ path: `spec.${name}`, file: name, cluster: [name] }] },
        { ...one, what: 'not-compared' as const, why: name, byDesign: false },
      ],
    };
    for (const isQuiet of [true, false]) {
      let out = '';
      const host = visibleHost(
        { ...cliHost('0.0.0', noServers), stdout: (text) => void (out += text) },
        { format: 'text', color: false, detail: 'usual' },
      );
      host.stdout(driftText(report, isQuiet));
      assertVisible(out, name);
      assert.equal(out.split('\n').length, isQuiet ? 3 : 6, out);
    }
    const json = visibleJson(driftJson(report));
    assertVisible(json, name);
    assert.deepEqual((JSON.parse(json) as typeof report).drift, report.drift);
  }
});

test('the check finds what it is for', () => {
  for (const text of ['a\u001b[0m', 'a\u202e', '::stop-commands::x', 'x\n  ::add-mask::y', '##[command]', 'a\rb'])
    assert.notEqual(actingPart(text), undefined, JSON.stringify(text));
  for (const text of ['a\r\nb\tc', '::1', '::ffff:192.0.2.1', 'a ::b::', '::error file=a::b'])
    assert.equal(actingPart(text), undefined, text);
});
