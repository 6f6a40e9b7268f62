// `istio-egress new route`: with options, and asked at a terminal.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../../server/src/cli/run.ts';
import { cliHost } from '../../server/src/host/node/cli-host.ts';
import { runCli, writeFiles } from '../kit/cli.ts';
import { noServers } from '../kit/no-servers.ts';
import { allRules } from '../kit/run-in-process.ts';
import { copyStory, temporaryFolder } from '../kit/story-folder.ts';

const folder = temporaryFolder('new-route');
const story = (name: string) => copyStory(join(folder, name));
const route = ['new', 'route', '--host', 'api.partner.example', '--tls', 'originate', '--from', 'default/curl'];

test('writes the files, whose check and trace are as shown', () => {
  const at = story('written');
  const written = runCli([...route, '--method', 'GET,HEAD', '--path', '/v1/*', '--yes', at]);
  assert.equal(written.code, 0, written.err);
  assert.match(written.out, /^ {2}allowed: api\.partner\.example is reached through waypoint/m);
  assert.match(written.out, /some +waypoint +default\/curl +GET, HEAD \/v1\/\*/);
  const file = (kind: string) => readFileSync(join(at, `api-partner-example-${kind}.yaml`), 'utf8');
  assert.match(file('service-entry'), /targetPort: 443/);
  assert.match(file('authorization-policy'), /- default\/curl\n(.*\n)*.*- HEAD\n(.*\n)*.*- \/v1\/\*\n/);
  assert.equal(runCli(['check', '--fail-on', 'information', at]).code, 0);
  const trace = (...more: string[]) => runCli(['trace', 'http://api.partner.example/v1/x', ...more, at]).code;
  assert.equal(trace('--from', 'default/curl'), 0);
  assert.equal(trace('--from', 'default/curl', '--method', 'POST'), 1);
  assert.equal(trace('--from', 'default/other'), 1);
});

test('the same as data, and nothing is written with --dry-run', () => {
  const at = story('dry');
  const { code, out } = runCli([...route, '--format', 'json', '--dry-run', '.'], { cwd: at });
  assert.equal(code, 0);
  const { version, files, diff, requests, access, notes } = JSON.parse(out) as {
    version: number;
    files: string[];
    diff: string;
    requests: {
      request: string;
      asAsked: boolean;
      trace: { verdict: string; steps: { evidence: { file: string }[] }[] };
    }[];
    access: { access: string; because: { file: string }[] }[];
    notes: string[];
  };
  assert.deepEqual(
    [version, files, notes],
    [
      1,
      ['service-entry', 'destination-rule', 'authorization-policy'].map((kind) => `api-partner-example-${kind}.yaml`),
      [],
    ],
  );
  assert.match(diff, /\+ {2}- api\.partner\.example/);
  assert.deepEqual(
    requests.map(({ request, asAsked, trace }) => [request, asAsked, trace.verdict]),
    [['GET http://api.partner.example/ from default/curl', true, 'allowed']],
  );
  assert.ok(
    requests[0]!.trace.steps.some(({ evidence }) => evidence[0]?.file === 'api-partner-example-service-entry.yaml'),
  );
  assert.deepEqual(new Set(access.map((row) => row.access)), new Set(['all', 'none']));
  assert.ok(!existsSync(join(at, 'api-partner-example-service-entry.yaml')));
});

test('exit code 1 and a note where a client bypasses the waypoint', () => {
  const at = story('bypass');
  writeFiles(at, {
    'legacy.yaml':
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: legacy\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: batch\n  namespace: legacy\n',
  });
  const { code, out } = runCli([
    'new',
    'route',
    '--host',
    'api.partner.example',
    '--tls',
    'originate',
    '--from',
    'legacy/batch',
    '--dry-run',
    at,
  ]);
  assert.equal(code, 1);
  assert.match(out, /^Not as asked for legacy\/batch: /m);
});

const wrong: readonly (readonly [args: readonly string[], expected: RegExp])[] = [
  [['new'], /istio-egress new route/],
  [['new', 'route', '--dry-run'], /needs --host \(External host\)/],
  [['new', 'route', '--host', '10.0.0.1', '--dry-run'], /--host: "10\.0\.0\.1" is not valid here: give the DNS name/],
  [['new', 'route', '--host', '*.com', '--dry-run'], /--host: "\*\.com" is not valid/],
  [[...route, '--tls', 'none', '--dry-run'], /--tls: "none" is not valid here: use originate, pass-through/],
  [[...route, '--tls', 'mutual', '--dry-run'], /needs --secret/],
  [[...route, '--port', '5432', '--dry-run'], /--port: "5432" is not valid here: this is the port of PostgreSQL/],
  [[...route, '--port', '80', '--dry-run'], /port of HTTP without TLS/],
  [[...route, '--tls', 'plain', '--port', '8443', '--dry-run'], /port of TLS/],
  [[...route, '--path', 'v1', '--dry-run'], /a path begins with \//],
  [[...route, '--gateway', 'egress', '--dry-run'], /--gateway: "egress" is not valid here: give NAMESPACE\/NAME/],
  [
    [...route, '--host', 'httpbin.org', '--dry-run'],
    /ServiceEntry common-infrastructure\/httpbin already declares httpbin\.org/,
  ],
  [[...route, '--istio-version', '1.24', '--dry-run'], /need Istio 1\.25 or newer/],
  [
    [...route, '--host', '*.partner.example', '--istio-version', '1.27', '--dry-run'],
    /--host: A wildcard needs Istio 1\.28 or newer/,
  ],
  [
    [...route, '--host', '*.partner.example', '--gateway', 'istio-system/istio-egressgateway', '--dry-run'],
    /--gateway: A wildcard goes through a waypoint only/,
  ],
  [route, /not a terminal: add --yes/],
  [[...route, '--dry-run', 'a', 'b'], /give one FOLDER/],
  [['check', '--tls', 'plain'], /--tls/],
];
for (const [args, expected] of wrong)
  test(`${args.join(' ')} says what is wrong`, () => {
    const { code, err } = runCli(args, { cwd: story('wrong') });
    assert.equal(code, 2);
    assert.match(err, expected);
  });

async function atTerminal(
  at: string,
  lines: readonly (string | undefined)[],
  yes: boolean,
  more: readonly string[] = [],
) {
  const asked: string[] = [];
  let [out, err] = ['', ''];
  const left = [...lines];
  const host = {
    ...cliHost('0', noServers),
    canAsk: true,
    askLine: (question: string) => {
      asked.push(question);
      return Promise.resolve(left.shift());
    },
    ask: (question: string) => {
      asked.push(question);
      return Promise.resolve(yes);
    },
    stdout: (text: string) => void (out += text),
    stderr: (text: string) => void (err += text),
  };
  const code = await run(['new', 'route', ...more, at], host, allRules);
  return { code, out, err, asked };
}

test('a terminal is asked what no option says; a number is a choice, Enter the usual answer, and what is wrong is asked again', async () => {
  const at = story('asked');
  const lines = ['https://api.partner.example', 'api.partner.example', '2', '', '1', '', 'no'];
  const { code, err, asked } = await atTerminal(at, lines, true);
  assert.equal(code, 0, err);
  assert.deepEqual(
    asked.map((question) => question.split('\n').find((line) => /^[A-Z][^.:]*( \(|$)/.test(line)) ?? question),
    [
      'External host (several: separate them with commas)',
      'External host (several: separate them with commas)',
      'TLS to the host',
      'Port of the host',
      'Clients that may call it (several: separate them with commas)',
      'Waypoint or egress gateway (NAMESPACE/NAME)',
      'Access log of the gateway',
      'Write 2 files? [y/N] ',
    ],
  );
  assert.match(asked[1]!, /^"https:\/\/api\.partner\.example" is not valid here/);
  assert.match(asked[4]!, /1\) default\/curl +service account/);
  assert.match(asked[5]!, /\[common-infrastructure\/egress-gateway\] > $/);
  assert.match(readFileSync(join(at, 'api-partner-example-service-entry.yaml'), 'utf8'), /protocol: TLS/);
});

test('clients with sidecars are asked for their egress gateway first, and one takes it by its number', async () => {
  const at = join(folder, 'sidecars');
  writeFiles(at, {
    'client.yaml':
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: cart\n  namespace: shop\n',
  });
  const { code, out, asked } = await atTerminal(at, ['api.partner.example', '1', '', '1', '', '', '1', 'no'], true);
  assert.match(asked[6]!, /1\) istio-system\/istio-egressgateway +classic egress gateway, for clients with a sidecar/);
  assert.equal(code, 0, out);
  assert.match(out, /reached through egress gateway istio-system\/istio-egressgateway with TLS \(SIMPLE\)/);
  assert.equal(runCli(['check', '--fail-on', 'information', at]).code, 0);
  assert.equal(runCli(['trace', 'http://api.partner.example/', '--from', 'shop/cart', at]).code, 0);
  assert.equal(runCli(['trace', 'http://api.partner.example/', '--from', 'shop/other', at]).code, 1);
});

test('a wildcard is traced by a name below it', () => {
  const at = story('wildcard');
  const { code, out, err } = runCli([...route, '--host', '*.partner.example', '--yes', at]);
  assert.equal(code, 0, err);
  assert.match(out, /^GET http:\/\/www\.partner\.example\/ from default\/curl$/m);
  assert.match(
    readFileSync(join(at, 'wildcard-partner-example-service-entry.yaml'), 'utf8'),
    /resolution: DYNAMIC_DNS/,
  );
});

test('who ends the input or says no changes nothing', async () => {
  const at = story('no');
  assert.match((await atTerminal(at, ['api.partner.example', undefined], true)).err, /No file changed/);
  const { out, err } = await atTerminal(at, ['', '', '', '', '', ''], false, route.slice(2));
  assert.match(out, /Route to api\.partner\.example/);
  assert.match(err, /No file changed/);
  assert.ok(!existsSync(join(at, 'api-partner-example-service-entry.yaml')));
});
