// How much is printed, how it fits the terminal, paths with wildcards, and names that are mistyped.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join } from 'node:path';
import { parseArguments } from '../../server/src/cli/args.ts';
import { run } from '../../server/src/cli/run.ts';
import { cliHost } from '../../server/src/host/node/cli-host.ts';
import { runCli, writeFiles } from '../kit/cli.ts';
import { noServers } from '../kit/no-servers.ts';
import { allRules } from '../kit/run-in-process.ts';
import { temporaryFolder } from '../kit/story-folder.ts';

const entry = (name: string, protocol: string) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${name}, namespace: shop }
spec:
  hosts: [${name}.example.com]
  resolution: DNS
  ports: [{ number: 443, name: https, protocol: ${protocol} }]
`;
const dir = temporaryFolder('detail');
writeFiles(dir, {
  'apps/shop/entry.yaml': entry('faulty', 'HTTP'),
  'apps/bank/entry.yaml': entry('fine', 'TLS'),
  'apps/bank/egress/deep.yaml': entry('deep', 'TLS'),
  'apps/ends*.yaml': entry('star', 'TLS'),
  'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 0.1.0\n',
  'chart/templates/entry.yaml': 'kind: {{ .Values.kind }}\n',
});
const check = (...args: readonly string[]) => runCli(['check', ...args], { cwd: dir });

test('quiet prints the findings that fail, a line each, and nothing else', () => {
  const { code, out, err } = check('--quiet');
  assert.deepEqual([code, err], [1, '']);
  assert.match(out, /^apps\/shop\/entry\.yaml:7:\d+: warning: [^\n]* \[protocol-contradicts-port\]\n$/);
  assert.deepEqual(check('-q', '--fail-on', 'error'), { code: 0, out: '', err: '' });
  assert.match(check('-q', '--verbose').err, /use either --quiet or --verbose/);
});

test('quiet: the other commands print what decides, a line each; where it would do nothing it is refused', () => {
  const namespace =
    'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }\n';
  const base = `${entry('api', 'TLS')}---\n${entry('old', 'TLS')}---\n${namespace}`;
  writeFiles(dir, {
    'quiet/a/entry.yaml': base,
    'quiet/b/entry.yaml': base.replace('old.example.com', 'new.example.com').replace('protocol: TLS', 'protocol: HTTP'),
    'quiet/a/x.egress-test.yaml':
      '- { name: in, from: shop, request: "https://api.example.com/", expect: denied }\n- { name: out, from: shop, request: "https://old.example.com/", expect: allowed }\n',
    'quiet/fixed/entry.yaml': entry('typo', 'TLS').replace('resolution', 'resolutionn'),
  });
  const quiet = (...args: readonly string[]) => runCli([...args, '--quiet'], { cwd: join(dir, 'quiet') });
  assert.match(quiet('test', 'a').out, /^a\/x\.egress-test\.yaml:1: in: Expected that it is denied, but [^\n]*\n$/);
  const { out } = quiet('diff', 'a', 'b');
  assert.match(out, /^closed: old\.example\.com:443 for all clients: /m);
  assert.match(out, /^opened: new\.example\.com:443 for all clients: /m);
  assert.match(out, /^entry\.yaml:7:\d+: warning: [^\n]* \[request-fails\]$/m);
  assert.doesNotMatch(out, /\n\n|because of|resources? changed/);
  assert.deepEqual(quiet('diff', 'a', 'a'), { code: 0, out: '', err: '' });
  assert.match(
    quiet('trace', 'https://api.example.com/', '--from', 'shop', 'a').out,
    /^(?:allowed|undetermined): [^\n]*\n$/,
  );
  assert.deepEqual(quiet('fix', 'fixed'), { code: 0, out: '', err: '' });
  assert.deepEqual(quiet('check', 'fixed'), { code: 0, out: '', err: '' });
  const line =
    '[2026-01-01T00:00:00.000Z] "GET /get HTTP/1.1" 200 - via_upstream - "-" 0 241 215 215 "-" "curl/8" "-" "api.example.com" "192.0.2.10:443" inbound-vip|80|http|api.example.com 10.42.0.1:45140 240.240.0.1:80 10.42.0.2:55413 - default\n';
  const log = runCli(['log', '--quiet'], { input: `x\n${line}${line}` }).out;
  assert.match(log, /^line 2: [^\n]*\nline 3: [^\n]*\n$/);
  assert.equal(runCli(['learn', '--quiet', '--format', 'diff'], { input: line }).err, '');
  for (const command of ['access', 'graph', 'stats', 'explain', 'migrate', 'new'])
    assert.match(
      quiet(command).err,
      /--quiet works only with check, fix, diff, test, drift, trace, log, learn$/m,
      command,
    );
});

test('verbose says what a rule is about, every fix and every skipped file', () => {
  const usual = check().out;
  const { out } = check('--verbose');
  assert.match(out, /^ {4}rule: .* Read on: istio-egress explain request-fails$/m);
  assert.doesNotMatch(usual, /Read on/);
  const doubleTls = `${entry('twice', 'HTTPS')}---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: twice, namespace: shop }
spec: { host: twice.example.com, trafficPolicy: { tls: { mode: SIMPLE } } }
`;
  writeFiles(dir, { 'twice/entry.yaml': doubleTls });
  const fixes = (text: string) => text.match(/^ {4}fix: /gm)?.length ?? 0;
  assert.ok(
    fixes(check('twice', '--verbose', '--rule', 'double-tls').out) > fixes(check('twice', '--rule', 'double-tls').out),
  );
  writeFiles(
    dir,
    Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`chart/templates/${i}.yaml`, 'kind: {{ .a }}\n'])),
  );
  assert.match(check().out, /and 3 more \(--verbose lists them all\)/);
  assert.match(check('-v').out, /chart\/templates\/9\.yaml/);
});

/** What a terminal of this width gets. */
function inTerminal(columns: number, ...args: readonly string[]): string {
  let out = '';
  const host = { ...cliHost('0', noServers), columns, color: true, stdout: (text: string) => void (out += text) };
  void run(args, host, allRules);
  return out;
}

// oxlint-disable-next-line no-control-regex -- colours are control characters
const colour = /\u001b\[\d+m/g;

test('lines fit the terminal, broken between words and in the same colours', () => {
  const wide = inTerminal(500, 'check', join(dir, 'apps/shop'));
  const narrow = inTerminal(70, 'check', join(dir, 'apps/shop'));
  const words = (text: string) => text.replaceAll(colour, '').split(/\s+/).join(' ');
  assert.equal(words(narrow), words(wide));
  assert.deepEqual(narrow.match(colour), wide.match(colour));
  for (const line of narrow.replaceAll(colour, '').split('\n'))
    assert.ok(line.length <= 70 || !line.trim().includes(' '), line);
  assert.ok(wide.replaceAll(colour, '').split('\n')[1]!.length > 70);
});

test('of a long line the part around the range is shown', () => {
  const hosts = Array.from({ length: 40 }, (_, i) => `h${i}.example.com`).join(', ');
  writeFiles(dir, { 'long/entry.yaml': entry('long', 'TLS').replace('long.example.com', `${hosts}, not_valid..host`) });
  const { out } = check('long');
  const [, line, underline] = /^ {4}\| (.*not_valid\.\.host.*)\n {4}\| ( *\^+)$/m.exec(out)!;
  assert.ok(line!.startsWith('…') && line!.length <= 120);
  assert.equal(line!.slice(underline!.lastIndexOf(' ') + 1, underline!.length), 'not_valid..host');
});

test('a path with wildcards that no shell expanded names the manifests that match', () => {
  const read = (...paths: readonly string[]) => /in (\d+) files?/.exec(check(...paths).out)?.[1];
  assert.equal(read('apps/*/entry.yaml'), '2');
  assert.equal(read('apps/bank/**'), '2');
  assert.equal(read('apps/**/d??p.yaml'), '1');
  assert.equal(read('apps/*/entry.yaml', 'apps/bank'), '3');
  assert.equal(read(join(dir, 'apps/*/entry.yaml')), '2');
  assert.equal(read('apps/ends*.yaml'), '1');
  for (const none of ['apps/*.yml', 'nowhere/*.yaml']) {
    const { code, err } = check(none);
    assert.equal(code, 2);
    assert.ok(err.includes(`${none}: no file matches this pattern`), err);
  }
  const traced = runCli(['trace', 'https://fine.example.com/?a=*', '--from', 'shop', 'apps/*/entry.yaml'], {
    cwd: dir,
  });
  assert.match(traced.out, /fine\.example\.com/);
});

test('a failure in JUnit names file and line, as GitLab links them, and a command of GitHub the same', () => {
  const place = 'name="apps/shop/entry.yaml:7:49" file="apps/shop/entry.yaml" line="7"';
  assert.ok(check('--format', 'junit', 'apps/shop').out.includes(place));
  assert.match(
    check('--format', 'github', 'apps/shop').out,
    /^::warning file=apps\/shop\/entry\.yaml,line=7,col=49,endLine=7,endColumn=\d+,title=protocol-contradicts-port::/,
  );
});

test('what is mistyped gets the nearest name', () => {
  for (const [args, words] of [
    [['chekc'], /unknown command chekc \(did you mean check\?\)/],
    [['check', '--fromat', 'json'], /unknown option --fromat \(did you mean --format\?\)/],
    [['check', '--quite'], /did you mean --quiet\?/],
    [['check', '--istio-versoin=1.30'], /unknown option --istio-versoin \(did you mean --istio-version\?\)/],
    [['check', '--verbose=yes'], /--verbose takes no value/],
    [['check', '--from', 'a'], /--from works only with trace, learn, new/],
    [['explain', 'unknown-waypont'], /did you mean unknown-waypoint\?/],
  ] as const) {
    const { code, err } = runCli(args);
    assert.equal(code, 2);
    assert.match(err, words);
  }
  assert.equal(parseArguments(['check', '-q']).detail, 'quiet');
});
