// `diff` over real git repositories and folders.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runCli, writeFiles } from '../kit/cli.ts';
import { root } from '../kit/lsp-client.ts';

const examples = join(root, 'examples');
const policy = readFileSync(join(examples, 'authorization-policy.yaml'), 'utf8');
const open = policy.replace(/ {2}rules:[\s\S]*$/, '  rules:\n  - {}\n');

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'istio-egress-diff-'));
  folders.push(folder);
  return folder;
}

function git(folder: string, ...args: string[]): string {
  const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'protocol.file.allow=always'];
  const { status, stdout, stderr } = spawnSync('git', [...author, ...args], { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

/** The story in one commit on branch main. */
function storyRepository(): string {
  const folder = emptyFolder();
  cpSync(examples, folder, { recursive: true });
  git(folder, 'init', '--quiet', '--initial-branch=main');
  commit(folder, 'the story');
  return folder;
}

function commit(folder: string, message: string): string {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', `--message=${message}`);
  return git(folder, 'rev-parse', 'HEAD');
}

interface Json {
  readonly access: readonly {
    readonly what: string;
    readonly from: unknown;
    readonly host: string;
    readonly opened: readonly { readonly methods?: readonly string[] }[];
    readonly closed: readonly { readonly methods?: readonly string[] }[];
    readonly causes: readonly {
      readonly what: string;
      readonly file: string;
      readonly range: { readonly start: { readonly line: number } };
    }[];
  }[];
  readonly requests: readonly { readonly before: string; readonly after: string }[];
  readonly expectations: readonly { readonly name: string }[];
  readonly findings: {
    readonly new: readonly { readonly rule: string }[];
    readonly fixed: readonly { readonly rule: string }[];
  };
  readonly resources: readonly { readonly what: string }[];
}

function diff(
  cwd: string,
  ...args: string[]
): { readonly code: number | null; readonly out: string; readonly err: string; readonly json: Json } {
  const text = runCli(['diff', ...args], { cwd });
  const { out } = runCli(['diff', '--format', 'json', ...args], { cwd });
  return { ...text, json: out === '' ? (undefined as never) : (JSON.parse(out) as Json) };
}

test('a policy that lets everyone through opens the host for everyone, at its line', () => {
  const folder = storyRepository();
  writeFiles(folder, { 'authorization-policy.yaml': open });
  const { code, out, json } = diff(folder, 'HEAD');
  assert.equal(code, 0);
  assert.ok(json.access.length > 1);
  assert.ok(json.access.every(({ what, host }) => what === 'opened' && host === 'httpbin.org'));
  const [cause] = json.access[0]!.causes;
  assert.deepEqual([cause!.what, cause!.file], ['changed', 'authorization-policy.yaml']);
  assert.match(out, /^ {2}opened {3}httpbin\.org:80 for .*all other clients/m);
  assert.match(
    out,
    /because of AuthorizationPolicy common-infrastructure\/httpbin \(changed\), authorization-policy\.yaml:\d+:\d+/,
  );
  assert.equal(runCli(['diff', 'HEAD', '--fail-on', 'opened'], { cwd: folder }).code, 1);
  assert.equal(runCli(['diff', 'HEAD', '--fail-on', 'bypass,new-findings'], { cwd: folder }).code, 0);
});

test('one more method is exactly that', () => {
  const folder = storyRepository();
  writeFiles(folder, { 'authorization-policy.yaml': policy.replace('[GET]', '[GET, HEAD]') });
  const { json } = diff(folder, 'HEAD');
  assert.equal(json.access.length, 1);
  assert.deepEqual(json.access[0]!.opened, [{ methods: ['HEAD'] }]);
  assert.deepEqual(json.access[0]!.closed, []);
});

test('a label that goes sends requests past the gateway; broken expectations and new findings are listed', () => {
  const folder = storyRepository();
  const namespace = readFileSync(join(folder, 'namespace.yaml'), 'utf8');
  writeFiles(folder, { 'namespace.yaml': namespace.replace(/^ *istio\.io\/use-waypoint: .*\n/m, '') });
  const { json } = diff(folder, 'HEAD');
  assert.ok(json.expectations.length > 0);
  assert.ok(json.findings.new.length > 0);
  assert.equal(runCli(['diff', 'HEAD', '--fail-on', 'new-findings'], { cwd: folder }).code, 1);
  const sarif = JSON.parse(runCli(['diff', 'HEAD', '--format', 'sarif'], { cwd: folder }).out) as {
    runs: [{ results: unknown[] }];
  };
  assert.equal(sarif.runs[0].results.length, json.findings.new.length);
});

test('two revisions are compared without a checkout; exchanged, opened and closed change places', () => {
  const folder = storyRepository();
  const first = git(folder, 'rev-parse', 'HEAD');
  writeFiles(folder, { 'authorization-policy.yaml': open });
  const second = commit(folder, 'open');
  rmSync(join(folder, 'authorization-policy.yaml'));
  const [there, back] = [diff(folder, first, second).json, diff(folder, second, first).json];
  assert.deepEqual(new Set(there.access.map(({ what }) => what)), new Set(['opened']));
  assert.deepEqual(new Set(back.access.map(({ what }) => what)), new Set(['closed']));
  assert.deepEqual(diff(folder, `${first}..${second}`).json.access.length, there.access.length);
  assert.equal(git(folder, 'status', '--porcelain'), 'D authorization-policy.yaml');
});

test('moved files, other formatting and comments change nothing', () => {
  const folder = storyRepository();
  writeFiles(folder, { 'moved/keep.txt': '' });
  renameSync(join(folder, 'authorization-policy.yaml'), join(folder, 'moved/policy.yaml'));
  writeFiles(folder, { 'moved/policy.yaml': `# moved\n${policy}`.replaceAll('\n', '\r\n') });
  const { out, json } = diff(folder, 'HEAD');
  assert.deepEqual(
    [json.access, json.requests, json.expectations, json.findings.new, json.findings.fixed, json.resources],
    [[], [], [], [], [], []],
  );
  assert.match(out, /0 resources changed\.\nAccess, requests and findings are the same\./);
});

test('A...B compares B with where it left A', () => {
  const folder = storyRepository();
  git(folder, 'checkout', '--quiet', '-b', 'feature');
  writeFiles(folder, { 'authorization-policy.yaml': policy.replace('[GET]', '[GET, HEAD]') });
  commit(folder, 'one method more');
  git(folder, 'checkout', '--quiet', 'main');
  writeFiles(folder, { 'authorization-policy.yaml': open });
  commit(folder, 'main went on');
  const { json } = diff(folder, 'main...feature');
  assert.deepEqual(
    json.access.map(({ opened }) => opened),
    [[{ methods: ['HEAD'] }]],
  );
});

test('two folders', () => {
  const [a, b] = [emptyFolder(), emptyFolder()];
  cpSync(examples, a, { recursive: true });
  cpSync(examples, b, { recursive: true });
  assert.deepEqual(diff(a, '.', b).json.resources, []);
  rmSync(join(b, 'authorization-policy.yaml'));
  const { json } = diff(a, '.', b);
  assert.deepEqual(
    json.resources.map(({ what }) => what),
    ['removed'],
  );
  assert.ok(json.access.some(({ what }) => what === 'opened'));
});

test('only the paths that are named, and what was not there at that revision is new', () => {
  const folder = emptyFolder();
  git(folder, 'init', '--quiet', '--initial-branch=main');
  writeFiles(folder, { 'other/values.yaml': 'a: 1\n' });
  commit(folder, 'nothing yet');
  cpSync(examples, join(folder, 'egress'), { recursive: true });
  const { json } = diff(folder, 'HEAD', 'egress');
  assert.ok(json.resources.length > 5);
  assert.ok(json.resources.every(({ what }) => what === 'added'));
});

test('a submodule is named and left alone', () => {
  const [folder, inner] = [storyRepository(), storyRepository()];
  git(folder, 'submodule', '--quiet', 'add', inner, 'inner');
  commit(folder, 'with a submodule');
  const { code, err } = runCli(['diff', 'HEAD', 'HEAD'], { cwd: folder });
  assert.equal(code, 0, err);
  assert.match(err, /the submodule \S*inner is not compared/);
});

test('a shallow clone says what to fetch', () => {
  const folder = storyRepository();
  git(folder, 'checkout', '--quiet', '-b', 'feature');
  writeFiles(folder, { 'authorization-policy.yaml': open });
  commit(folder, 'open');
  const clone = join(emptyFolder(), 'clone');
  git(folder, 'clone', '--quiet', '--depth=1', '--branch=feature', `file://${folder}`, clone);
  const unknown = runCli(['diff', 'origin/main'], { cwd: clone });
  assert.equal(unknown.code, 2);
  assert.match(
    unknown.err,
    /git does not know origin\/main here; this clone is shallow: fetch it with `git fetch --depth=1 origin main`/,
  );
  git(clone, 'fetch', '--quiet', '--depth=1', 'origin', 'main');
  assert.equal(runCli(['diff', 'FETCH_HEAD', '--fail-on', 'opened'], { cwd: clone }).code, 1);
  const parting = runCli(['diff', 'FETCH_HEAD...HEAD'], { cwd: clone });
  assert.match(parting.err, /no common commit here; this clone is shallow/);
});

test('what is no revision, no folder or no option of git is refused in words', () => {
  const folder = storyRepository();
  for (const [args, message] of [
    [[], /diff needs BASE/],
    [['nowhere'], /git does not know nowhere here\n/],
    [['--', '--upload-pack=touch stolen'], /git does not know --upload-pack=touch stolen here/],
    [['HEAD', '--fail-on', 'error'], /--fail-on error is not valid: use opened, bypass, new-findings/],
  ] as const) {
    const { code, err } = runCli(['diff', ...args], { cwd: folder });
    assert.equal(code, 2);
    assert.match(err, message);
  }
  assert.match(runCli(['diff', 'HEAD'], { cwd: emptyFolder() }).err, /not a git repository/);
});

test('a comment has at most 65,536 characters, its sums first, and names are text in it', () => {
  const folder = emptyFolder();
  git(folder, 'init', '--quiet', '--initial-branch=main');
  writeFiles(folder, { 'a.txt': '' });
  commit(folder, 'empty');
  const entries = Array.from({ length: 400 }, (_, i) =>
    policyAndEntry(`host-${i}`, i === 0 ? '"x](https://evil.example) <b>"' : `team-${i}`),
  );
  writeFiles(folder, { 'many.yaml': entries.join('---\n') });
  const { out } = runCli(['diff', 'HEAD', '--format', 'markdown'], { cwd: folder });
  assert.ok(out.length <= 65_536, String(out.length));
  assert.ok(out.length > 20_000);
  assert.match(out, /^### What this change opens and closes\n\n\*\*\d+ rows of access opened\*\*/);
  assert.match(out, /and \d+ more/);
  assert.doesNotMatch(out, /\]\(https|<b>/);
});

test('settings at a revision are read where a symbolic link leads', { skip: process.platform === 'win32' }, () => {
  const folder = emptyFolder();
  git(folder, 'init', '--quiet', '--initial-branch=main');
  writeFiles(folder, { 'shared/settings.yaml': 'ignore: [old/]\n', 'old/a.yaml': policyAndEntry('pay', 'shop') });
  symlinkSync('shared/settings.yaml', join(folder, '.istio-egress.yaml'));
  commit(folder, 'linked settings');
  rmSync(join(folder, 'old'), { recursive: true });
  const { out } = runCli(['diff', 'HEAD', '--format', 'json'], { cwd: folder });
  assert.deepEqual(JSON.parse(out).access, []);
});

test('requests that differ by their client only are one line, and the sums are those of the sections', () => {
  const folder = emptyFolder();
  const account = (name: string) =>
    `apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: ${name}, namespace: shop }\n---\n`;
  const files = (label: string) =>
    `${['a', 'b', 'c', 'd'].map(account).join('')}apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio.io/dataplane-mode: ambient } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gate, namespace: shop }
spec:
  gatewayClassName: istio-waypoint
  listeners: [{ name: mesh, port: 15008, protocol: HBONE }]
---
${policyAndEntry('pay', 'shop').replace('metadata:', `metadata:\n  labels: { istio.io/use-waypoint: ${label} }`)}`;
  writeFiles(folder, { 'before/all.yaml': files('gate'), 'after/all.yaml': files('gone') });
  const shown = (...args: readonly string[]) => runCli(['diff', 'before', 'after', ...args], { cwd: folder }).out;
  const requests = shown().match(/^ {2}https:\/\/pay\.example\.com from .*$/gm) ?? [];
  assert.equal(requests.length, 1);
  assert.match(requests[0], / from shop\/a, shop\/b, shop\/c and \d+ more clients: allowed -> bypasses: /);
  const comment = shown('--format', 'markdown');
  const number = (pattern: RegExp) => Number(pattern.exec(comment)![1]);
  const inRequests = number(/undetermined \((\d+)\)<\/summary>/);
  assert.ok(inRequests > 4);
  assert.equal(number(/, (\d+) requests that now fail/), inRequests);
  assert.doesNotMatch(comment, /\n\n\n/);
});

function policyAndEntry(name: string, namespace: string): string {
  return `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  hosts: [${name}.example.com]
  ports:
  - {number: 443, name: tls, protocol: TLS}
  resolution: DNS
`;
}

const posix = process.platform === 'win32' ? 'a script stands in for the program' : false;

test('--render renders both revisions, each from its own files, and leaves no copy behind', { skip: posix }, () => {
  const [folder, tools] = [emptyFolder(), emptyFolder()];
  // Prints what the chart's values say, as helm does for a template with one value.
  writeFiles(tools, {
    'bin/helm': '#!/bin/sh\nhost=$(sed -n "s/^host: //p" "$2/values.yaml")\nsed "s/HOST/$host/" "$2/printed.txt"\n',
    'tmp/keep.txt': '',
  });
  chmodSync(join(tools, 'bin/helm'), 0o755);
  writeFiles(folder, {
    'charts/egress/Chart.yaml': 'apiVersion: v2\nname: egress\nversion: 1.0.0\n',
    'charts/egress/values.yaml': 'host: a.example.com\n',
    'charts/egress/templates/entry.yaml': policyAndEntry('api', 'shop').replace(
      'api.example.com',
      '{{ .Values.host }}',
    ),
    'charts/egress/printed.txt': `---\n# Source: egress/templates/entry.yaml\n${policyAndEntry('api', 'shop').replace('api.example.com', 'HOST')}`,
  });
  git(folder, 'init', '--quiet', '--initial-branch=main');
  commit(folder, 'the chart');
  writeFiles(folder, { 'charts/egress/values.yaml': 'host: b.example.com\n' });
  const env = { ...process.env, PATH: `${join(tools, 'bin')}:${process.env['PATH']}`, TMPDIR: join(tools, 'tmp') };
  const args = ['diff', 'HEAD', '--format', 'json'];
  const raw = JSON.parse(runCli(args, { cwd: folder, env }).out) as Json;
  assert.deepEqual(raw.access, []);
  const { code, out, err } = runCli([...args, '--render'], { cwd: join(folder, 'charts'), env });
  assert.equal(code, 0, err);
  const { access, resources } = JSON.parse(out) as Json;
  assert.deepEqual(
    new Set(access.map(({ host, what }) => `${what} ${host}`)),
    new Set(['closed a.example.com', 'opened b.example.com']),
  );
  assert.deepEqual(
    resources.map(({ what }) => what),
    ['changed'],
  );
  assert.deepEqual(
    access[0]!.causes.map(({ file }) => file),
    ['egress/templates/entry.yaml'],
  );
  assert.deepEqual(readdirSync(join(tools, 'tmp')), ['keep.txt']);
});

test('clients are called all only where all are', () => {
  const folder = storyRepository();
  const accounts = policy.replace('[default/curl]', '[default/curl, default/batch, default/web]');
  writeFiles(folder, { 'authorization-policy.yaml': accounts });
  const { out } = diff(folder, 'HEAD');
  assert.match(out, /^ {2}opened {3}httpbin\.org:80 for default\/batch, default\/web: denied -> GET /m);
});
