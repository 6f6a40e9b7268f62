// What a person sees of findings, and how lists of files, colours, versions and help are given.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { commands } from '../../server/src/cli/command-table.ts';
import { runCli, writeFiles } from '../kit/cli.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'istio-egress-output-'));
  const entry = (resolution: string) => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: payments, namespace: shop}
spec:
  hosts: [api.payments.example]
  ports:
    - number: 443
      name: http
      protocol: HTTP
  ${resolution}: DNS
`;
  writeFiles(folder, {
    'entry.yaml': entry('resolutionn'),
    'fine.yaml': entry('resolution').replace('HTTP', 'TLS').replace('payments', 'other'),
  });
});
after(() => rmSync(folder, { recursive: true, force: true }));

const check = (...args: string[]) => runCli(['check', ...args], { cwd: folder });

test('a finding shows its line with the range underlined, and the sum says how many a command fixes', () => {
  const { out } = check();
  assert.match(out, /^entry\.yaml:9:17: warning: .*\n {4}\| protocol: HTTP\n {4}\| {11}\^{4}\n/m);
  assert.match(out, /^1 can be fixed with `istio-egress fix`\.$/m);
});

test('colours follow NO_COLOR and FORCE_COLOR', () => {
  const coloured = (env: NodeJS.ProcessEnv) =>
    runCli(['check'], { cwd: folder, env: { ...process.env, NO_COLOR: '', FORCE_COLOR: '', ...env } }).out.includes(
      '\u001b[',
    );
  assert.deepEqual(
    [coloured({}), coloured({ FORCE_COLOR: '1' }), coloured({ FORCE_COLOR: '1', NO_COLOR: '1' })],
    [false, true, false],
  );
});

test('a list of files may name what is no manifest or is gone; one without manifests passes', () => {
  const listed = (input: string) => runCli(['check', '--files-from', '-'], { cwd: folder, input });
  assert.equal(listed('README.md\nentry.yaml\ngone.yaml\n').code, 1);
  assert.equal(listed('fine.yaml\r\nREADME.md\r\n').code, 0);
  const none = listed('README.md\n');
  assert.deepEqual([none.code, none.err], [0, 'No manifests are listed in -.\n']);
  assert.equal(check('--files-from', 'nowhere.txt').code, 2);
});

test('a patch version is its minor version; another is refused', () => {
  assert.equal(check('--istio-version', '1.28.3').out, check('--istio-version', '1.28').out);
  assert.match(check('--istio-version', '9.9.9').err, /--istio-version 9\.9\.9 is not valid: use 1\./);
});

test('help of one command has its usage and no option of another', () => {
  for (const command of commands.filter((one) => one !== 'help' && one !== 'version')) {
    const { code, out } = runCli(['help', command]);
    assert.equal(code, 0);
    assert.match(out, new RegExp(`^Usage\n {2}istio-egress ${command} `));
    assert.equal(runCli([command, '-h']).out, out);
  }
  assert.doesNotMatch(runCli(['help', 'access']).out, /--sni|--baseline/);
  assert.match(runCli(['help', 'access']).out, /--wide/);
});

interface Sarif {
  readonly runs: readonly [
    {
      readonly results: readonly {
        readonly ruleId: string;
        readonly partialFingerprints: Readonly<Record<string, string>>;
      }[];
      readonly tool: {
        readonly driver: { readonly rules: readonly { readonly id: string; readonly properties: object }[] };
      };
    },
  ];
}

test('fingerprints in SARIF stay while lines move and files are renamed, and differ between findings', () => {
  const sarif = (text: string, name: string) => {
    const other = mkdtempSync(join(folder, 'moved-'));
    writeFiles(other, { [name]: text });
    return (JSON.parse(runCli(['check', '--format', 'sarif'], { cwd: other }).out) as Sarif).runs[0];
  };
  const text = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: a, namespace: shop}
spec:
  hosts: [a.example.com]
  ports:
  - {number: 443, name: a, protocol: HTTP}
  - {number: 8443, name: b, protocol: HTPS}
  resolution: DNSS
`;
  const [one, two] = [sarif(text, 'a.yaml'), sarif(`# moved\n\n${text}`, 'b.yaml')];
  const prints = one.results.map(({ partialFingerprints }) => partialFingerprints['istioEgress/v1']);
  assert.ok(prints.length > 1);
  assert.equal(new Set(prints).size, prints.length);
  assert.deepEqual(
    two.results.map(({ partialFingerprints }) => partialFingerprints['istioEgress/v1']),
    prints,
  );
  const rule = one.tool.driver.rules.find(({ id }) => id === 'protocol-contradicts-port');
  assert.match(JSON.stringify(rule?.properties), /"security-severity":"5\.5"/);
});
