// `check --render` with the machine's kubectl, and with programs that fail, hang or are not there; rendered text on stdin.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { nodeRenderer } from '../../server/src/host/node/renderer.ts';
import type { RenderJob } from '../../server/src/sources/rendered/plan-renderings.ts';
import { runCli, writeFiles } from '../kit/cli.ts';

const dir = mkdtempSync(join(tmpdir(), 'istio-egress-render-'));
after(() => rmSync(dir, { recursive: true, force: true }));

const canKustomize = spawnSync('kubectl', ['kustomize', '--help']).status === 0;
const skip = canKustomize ? false : 'kubectl is not installed';
const posix = process.platform === 'win32' ? 'a script stands in for the program' : false;

const entry =
  'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: a\nspec:\n  # istio-egress-ignore invalid-combination: tried on purpose\n  hosts:\n  - a b\n  ports:\n  - number: 80\n    name: http\n    protocol: HTTP\n  resolution: DNS\n';
const patch =
  'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: a\nspec:\n  ports:\n  - number: 80\n    name: http\n    protocol: HTTPP\n';

/** A folder with a program of that name, as only folder of PATH. */
function stub(name: string, script: string): NodeJS.ProcessEnv {
  const bin = mkdtempSync(join(dir, 'bin-'));
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
  return { PATH: bin };
}

interface Shown {
  readonly findings: readonly {
    readonly file: string;
    readonly message: string;
    readonly range: { readonly start: { readonly line: number } };
    readonly fixes: readonly unknown[];
  }[];
  readonly skipped: readonly { readonly file: string; readonly why: string }[];
  readonly files: number;
  readonly resources: number;
}

function check(folder: string, ...args: readonly string[]): Shown {
  return JSON.parse(runCli(['check', '--format', 'json', ...args], { cwd: join(dir, folder) }).out) as Shown;
}

test('an overlay is looked at as kubectl renders it, and its base only there', { skip }, () => {
  writeFiles(join(dir, 'kustomize'), {
    'base/kustomization.yaml': 'resources: [a.yaml]\n',
    'base/a.yaml': entry,
    'prod/kustomization.yaml': 'namespace: prod\nresources: [../base]\npatches: [{ path: p.yaml }]\n',
    'prod/p.yaml': patch,
  });
  const raw = check('kustomize');
  assert.deepEqual(
    raw.findings.map(({ file }) => file),
    [],
  );
  const { findings, files, resources, skipped } = check('kustomize', '--render');
  assert.deepEqual(
    findings.map(({ file, range, fixes }) => [file, range.start.line + 1, fixes]),
    [['prod/p.yaml', 9, []]],
  );
  assert.deepEqual([files, resources, skipped], [4, 1, []]);
});

test('an overlay alone brings its base along', { skip }, () => {
  const { findings } = check('kustomize', '--render', 'prod');
  assert.deepEqual(
    findings.map(({ file }) => file),
    ['prod/p.yaml'],
  );
});

test('overlays that are for different meshes are each looked at', { skip }, () => {
  const overlay = (name: string, protocol: string) => ({
    [`${name}/kustomization.yaml`]: 'namespace: x\nresources: [../base]\npatches: [{ path: p.yaml }]\n',
    [`${name}/p.yaml`]: patch.replace('HTTPP', protocol),
  });
  writeFiles(join(dir, 'meshes'), {
    'base/kustomization.yaml': 'resources: [a.yaml]\n',
    'base/a.yaml': entry.replace('a b', 'a.example.com'),
    ...overlay('dev', 'HTTPD'),
    ...overlay('prod', 'HTTPP'),
    ...overlay('test', 'HTTP'),
  });
  const { findings, skipped, resources } = check('meshes', '--render');
  assert.deepEqual(
    findings.map(({ file }) => file),
    ['dev/p.yaml', 'prod/p.yaml'],
  );
  assert.deepEqual([skipped, resources], [[], 1]);
  const cwd = join(dir, 'meshes');
  assert.equal(runCli(['check', '--render', '--write-baseline', 'known.json'], { cwd }).code, 0);
  assert.equal(runCli(['check', '--render', '--baseline', 'known.json'], { cwd }).code, 0);
});

test('what is known of rendered text is known by a baseline', { skip }, () => {
  const cwd = join(dir, 'kustomize');
  assert.equal(runCli(['check', '--render', '--write-baseline', 'known.json'], { cwd }).code, 0);
  const { code, out } = runCli(['check', '--render', '--baseline', 'known.json'], { cwd });
  assert.equal(code, 0, out);
  rmSync(join(cwd, 'known.json'));
});

test('trace answers for what is rendered, and names the files', { skip }, () => {
  const { out } = runCli(['trace', 'http://b.example.com/', '--from', 'default/curl', '--render', '--format', 'json'], {
    cwd: traced(),
  });
  assert.match(out, /"file": "base\/b.yaml"/);
  assert.doesNotMatch(out, /istio-egress-rendered/);
});

function traced(): string {
  writeFiles(join(dir, 'trace'), {
    'base/kustomization.yaml': 'resources: [b.yaml]\nnamePrefix: x-\n',
    'base/b.yaml': entry.replace('a b', 'b.example.com').replace('name: a', 'name: b'),
  });
  return join(dir, 'trace');
}

test('a renderer that fails is quoted once, and nothing is answered', { skip }, () => {
  writeFiles(join(dir, 'broken'), { 'kustomization.yaml': 'resources: [none.yaml]\nnamePrefix: x-\n' });
  for (const args of [['check'], ['trace', 'http://a.example.com', '--from', 'default'], ['access'], ['test']]) {
    const { code, out, err } = runCli([...args, '--render'], { cwd: join(dir, 'broken') });
    assert.deepEqual([args, code, out], [args, 2, '']);
    assert.match(err, /kustomization.yaml: not rendered: kustomize says: .*none\.yaml/);
  }
});

const job: RenderJob = {
  tool: 'helm',
  folder: dir,
  file: join(dir, 'Chart.yaml'),
  objects: [],
  patches: [],
  renames: false,
  reads: () => true,
  replaces: () => true,
};

test('helm gets its words one by one, no cluster and no way to download', { skip: posix }, async () => {
  const env = stub('helm', 'printf "%s|" "$@" "$KUBECONFIG" "$HTTPS_PROXY"');
  assert.deepEqual(await nodeRenderer({ env })(job, 'team; rm -rf /'), {
    ok: true,
    text: `template|${dir}|--skip-tests|--namespace|team; rm -rf /|/dev/null|http://127.0.0.1:1|`,
  });
});

test('a renderer that hangs is ended', { skip: posix }, async () => {
  assert.deepEqual(
    await nodeRenderer({ env: { ...stub('helm', 'exec /bin/sleep 60') }, timeoutMs: 300 })(job, 'default'),
    { ok: false, why: 'helm did not finish within 0.3 seconds' },
  );
});

test('a renderer that prints without end is ended as soon as it is too much', { skip: posix }, async () => {
  for (const stream of ['', ' >&2'])
    assert.deepEqual(
      await nodeRenderer({
        env: stub('helm', `exec /usr/bin/yes aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa${stream}`),
        timeoutMs: 600_000,
      })(job, 'default'),
      { ok: false, why: 'helm printed more than 32 MB' },
    );
});

test('one that is not there is named, and what failed is quoted in a line', { skip: posix }, async () => {
  assert.deepEqual(await nodeRenderer({ env: { PATH: dir } })(job, 'default'), {
    ok: false,
    why: 'helm is not in any of the 1 folders of PATH.',
  });
  assert.deepEqual(
    await nodeRenderer({ env: stub('helm', 'echo "Error: a" >&2; echo " b" >&2; exit 3') })(job, 'default'),
    { ok: false, why: 'helm says: Error: a b' },
  );
});

test('nothing is run unless it is asked for', { skip: posix }, () => {
  writeFiles(join(dir, 'quiet'), { 'Chart.yaml': 'name: c\nversion: 0.1.0\n', 'templates/a.yaml': entry });
  const env = stub('helm', `: > ${join(dir, 'was-run')}`);
  runCli(['check'], { cwd: join(dir, 'quiet'), env });
  assert.ok(!readdirSync(dir).includes('was-run'));
  runCli(['check', '--render'], { cwd: join(dir, 'quiet'), env });
  assert.ok(readdirSync(dir).includes('was-run'));
  assert.equal(runCli(['fix', '--render'], { cwd: join(dir, 'quiet'), env }).code, 2);
});

test('rendered text on standard input is checked like a file', () => {
  const rendered = `---\n# Source: c/templates/a.yaml\n${patch}  hosts: [a.example.com]\n---\n# Source: c/templates/b.yaml\n${entry}`;
  const { code, out } = runCli(['check', '-'], { input: rendered });
  assert.equal(code, 1);
  assert.match(out, /^-:11:15: error: .*HTTPP/m);
  assert.match(out, /2 resources/);
});

test('an overlay of kubectl goes through a pipe', { skip }, () => {
  const rendered = spawnSync('kubectl', ['kustomize', join(dir, 'kustomize/prod')], { encoding: 'utf8' }).stdout;
  const { code, out } = runCli(['check', '-'], { input: rendered });
  assert.equal(code, 1);
  assert.match(out, /HTTPP/);
});
