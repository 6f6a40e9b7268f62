// The built command line as a process: formats, exit codes, and what goes to which stream.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../kit/lsp-client.ts';
import { runCli } from '../kit/cli.ts';
import { storyWith, temporaryFolder } from '../kit/story-folder.ts';

const dir = temporaryFolder('cli');
const run = runCli;
const broken = storyWith(join(dir, 'broken'), 'destination-rule.yaml', (text) =>
  text.replace('mode: SIMPLE', 'mode: DISABLE'),
);

test('the story has nothing to report, and the run says what was read', () => {
  const { code, out, err } = run(['check', 'examples']);
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /^0 errors, 0 warnings, .* in \d+ files with \d+ resources\.\n/);
});

test('findings: exit 1 in every format, 0 where the threshold is higher', () => {
  for (const format of ['text', 'json', 'sarif', 'github', 'junit']) {
    const { code, out, err } = run(['check', '--format', format, '.'], { cwd: broken });
    assert.deepEqual([format, code, err], [format, 1, '']);
    assert.match(out, /plaintext-to-tls-port/);
    assert.equal(run(['check', '--format', format, '--fail-on', 'error', '.'], { cwd: broken }).code, 0, format);
  }
});

test('json is the contract', () => {
  const report = JSON.parse(run(['check', '--format', 'json', broken]).out) as {
    version: number;
    files: number;
    resources: number;
    findings: Record<string, unknown>[];
  };
  assert.equal(report.version, 1);
  assert.ok(report.files >= 7 && report.resources >= 9);
  const [finding] = report.findings;
  assert.deepEqual(Object.keys(finding!).sort(), [
    'file',
    'fixes',
    'message',
    'peers',
    'range',
    'related',
    'resource',
    'rule',
    'severity',
  ]);
  assert.deepEqual(finding!['resource'], { kind: 'ServiceEntry', namespace: 'common-infrastructure', name: 'httpbin' });
  assert.equal((finding!['fixes'] as { safety: string }[])[0]?.safety, 'safe');
});

test('sarif validates against the schema of SARIF 2.1.0', () => {
  const require = createRequire(import.meta.url);
  const folder = require.resolve('@microsoft/jest-sarif/package.json');
  const near = createRequire(folder);
  const Ajv = near('ajv') as new (
    options: object,
  ) => {
    addMetaSchema: (schema: object) => void;
    compile: (schema: object) => ((value: unknown) => boolean) & { errors?: unknown };
  };
  const ajv = new Ajv({ schemaId: 'auto', allErrors: true, logger: false, unknownFormats: 'ignore' });
  ajv.addMetaSchema(near('ajv/lib/refs/json-schema-draft-04.json') as object);
  const validate = ajv.compile(near('./lib/schemas/sarif-2.1.0-rtm.5.json') as object);
  for (const args of [[broken], ['examples'], ['-']]) {
    const log = JSON.parse(run(['check', '--format', 'sarif', ...args], { input: 'a: []' }).out) as { version: string };
    assert.equal(log.version, '2.1.0');
    assert.ok(validate(log), JSON.stringify(validate.errors));
  }
  assert.equal(validate({ version: '2.1.0' }), false);
});

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}
interface ArtifactLocation {
  readonly uri: string;
  readonly uriBaseId?: string;
}
interface ArtifactChange {
  readonly artifactLocation: ArtifactLocation;
  readonly replacements: readonly { readonly deletedRegion: Region; readonly insertedContent?: { text: string } }[];
}
interface SarifRun {
  readonly tool: { readonly driver: { readonly informationUri: string } };
  readonly originalUriBaseIds: Readonly<Record<string, object>>;
  readonly results: readonly {
    readonly ruleId: string;
    readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: ArtifactLocation } }[];
    readonly fixes?: readonly { readonly artifactChanges: readonly ArtifactChange[] }[];
  }[];
}

function sarifOf(folder: string, ...args: readonly string[]): SarifRun {
  return (JSON.parse(run(['check', '--format', 'sarif', ...args], { cwd: folder }).out) as { runs: [SarifRun] })
    .runs[0];
}

/** Replacements from the last to the first, so that places before them stay. */
function changed(text: string, { replacements }: ArtifactChange): string {
  const lines = text.split('\n');
  const at = (line: number, column: number) =>
    lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0) + column - 1;
  return replacements
    .map(({ deletedRegion: { startLine, startColumn, endLine, endColumn }, insertedContent }) => ({
      start: at(startLine, startColumn),
      end: at(endLine, endColumn),
      inserted: insertedContent?.text ?? '',
    }))
    .sort((a, b) => b.start - a.start)
    .reduce((all, { start, end, inserted }) => all.slice(0, start) + inserted + all.slice(end), text);
}

test('a fix in sarif does to the file what fix does', () => {
  const folder = storyWith(join(dir, 'sarif-fix'), 'destination-rule.yaml', (text) =>
    text.replace('trafficPolicy', 'traficPolicy'),
  );
  const file = join(folder, 'destination-rule.yaml');
  const text = readFileSync(file, 'utf8');
  const [first] = sarifOf(folder).results.flatMap(({ ruleId, fixes }) =>
    ruleId === 'unknown-field' ? (fixes ?? []) : [],
  );
  assert.deepEqual(
    first!.artifactChanges.map(({ artifactLocation }) => artifactLocation),
    [{ uri: 'destination-rule.yaml', uriBaseId: 'SRCROOT' }],
  );
  const expected = changed(text, first!.artifactChanges[0]!);
  assert.notEqual(expected, text);
  run(['fix', '--rule', 'unknown-field', '.'], { cwd: folder });
  assert.equal(readFileSync(file, 'utf8'), expected);
});

test('places in sarif are relative to a base that is declared, or absolute', () => {
  const { results, originalUriBaseIds, tool } = sarifOf(broken, '.', join(root, 'examples'));
  assert.match(tool.driver.informationUri, /^https:\/\//);
  const places = results.flatMap(({ locations, fixes = [] }) => [
    ...locations.map(({ physicalLocation }) => physicalLocation.artifactLocation),
    ...fixes.flatMap(({ artifactChanges }) => artifactChanges.map(({ artifactLocation }) => artifactLocation)),
  ]);
  assert.ok(places.length > 1);
  for (const { uri, uriBaseId } of places) {
    if (uriBaseId === undefined) assert.match(uri, /^file:\/\/\//);
    else assert.ok(uriBaseId in originalUriBaseIds && !/^(?:\/|\.\.|[a-z]+:)/.test(uri), uri);
  }
  assert.ok(
    sarifOf(root, broken).results.every(({ locations: [one] }) =>
      one!.physicalLocation.artifactLocation.uri.startsWith('file:///'),
    ),
  );
});

test('sarif tells of each rule what it finds, why, where to read on, and what others call it', () => {
  interface Descriptor {
    readonly id: string;
    readonly shortDescription: { text: string };
    readonly fullDescription: { text: string };
    readonly help: { text: string; markdown: string };
    readonly helpUri: string;
    readonly defaultConfiguration: { level: string };
    readonly relationships?: readonly { target: { id: string; toolComponent: { name: string } } }[];
  }
  const input =
    'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: a }\nspec: { host: nowhere.example.com, trafficPolicy: { tls: { mode: SIMPL } } }\n';
  const { runs } = JSON.parse(
    run(['check', '--format', 'sarif', '--complete', 'ServiceEntry,Service', '-'], { input }).out,
  ) as {
    runs: [
      {
        tool: { driver: { rules: readonly Descriptor[] } };
        taxonomies: readonly { name: string; taxa: readonly { id: string }[] }[];
      },
    ];
  };
  const { rules } = runs[0].tool.driver;
  assert.deepEqual(rules.map(({ id }) => id).sort(), ['invalid-value', 'unknown-destination-host']);
  for (const { shortDescription, fullDescription, help, helpUri, defaultConfiguration } of rules) {
    assert.ok(
      fullDescription.text.startsWith(shortDescription.text) &&
        fullDescription.text.length > shortDescription.text.length,
    );
    assert.match(help.markdown, /^# [^]*\n## Why\n[^]*\n## In other tools\n/);
    assert.doesNotMatch(help.text, /```|^#/m);
    assert.match(helpUri, /^https:\/\/istio\.io\//);
    assert.match(defaultConfiguration.level, /^(error|warning|note)$/);
  }
  assert.deepEqual(
    rules
      .find(({ id }) => id === 'unknown-destination-host')
      ?.relationships?.map(({ target }) => [target.toolComponent.name, target.id]),
    [
      ['istioctl analyze', 'IST0174'],
      ['Kiali', 'KIA0202'],
    ],
  );
  assert.deepEqual(
    runs[0].taxonomies.map(({ name, taxa }) => [name, taxa.map(({ id }) => id)]),
    [
      ['istioctl analyze', ['IST0106', 'IST0174']],
      ['Kiali', ['KIA0202']],
    ],
  );
  assert.match(
    run(['explain', 'unknown-destination-host']).out,
    /\n## In other tools\n- istioctl analyze: IST0174\n- Kiali: KIA0202\n$/,
  );
  assert.doesNotMatch(run(['explain', 'missing-sni']).out, /In other tools/);
});

test('standard input', () => {
  const input = readFileSync(join(root, 'examples/service-entry.yaml'), 'utf8').replace(
    'resolution: DNS',
    'resolution: DNSS',
  );
  const { code, out } = run(['check', '-'], { input });
  assert.equal(code, 1);
  assert.match(out, /^-:\d+:\d+: error: .*\[invalid-value\]/m);
});

test('wrong usage and unreadable input: exit 2, words on stderr, nothing on stdout', () => {
  const cases: [string[], RegExp][] = [
    [['chek'], /unknown command chek \(did you mean check\?\)/],
    [['check', '--fromat', 'json'], /unknown option --fromat \(did you mean --format\?\)/],
    [['check', '--format', 'yaml'], /--format yaml is not valid: use text, json, sarif, github, junit/],
    [['check', '--format'], /--format needs a value/],
    [['check', join(dir, 'nowhere')], /file or folder not found/],
    [['check', '--istio-version', '1.2', 'examples'], /--istio-version 1\.2 is not valid: use 1\.24/],
    [['check', '--complete', 'ServiceEntri', 'examples'], /not a kind that is checked \(did you mean ServiceEntry\?\)/],
    [['explain', 'double-tsl'], /there is no rule double-tsl \(did you mean double-tls\?\)/],
    [['explain', 'constructor'], /there is no rule constructor/],
    [['lsp'], /lsp --stdio/],
    [['check', '--config', join(dir, 'none.yaml')], /cannot be read/],
    [['fix', '-'], /cannot read standard input/],
  ];
  for (const [args, words] of cases) {
    const { code, out, err } = run(args);
    assert.deepEqual([args.join(' '), code, out], [args.join(' '), 2, '']);
    assert.match(err, words);
  }
});

test('a configuration file found upwards sets severities; its errors are reported at their position', () => {
  const folder = storyWith(join(dir, 'configured'), 'destination-rule.yaml', (text) =>
    text.replace('mode: SIMPLE', 'mode: DISABLE'),
  );
  writeFileSync(join(folder, '.istio-egress.yaml'), 'severities:\n  plaintext-to-tls-port: information\n');
  assert.equal(run(['check', '.'], { cwd: folder }).code, 0);
  writeFileSync(join(folder, '.istio-egress.yaml'), 'severities:\n  plaintext-to-tls-port: loud\n');
  const { code, err } = run(['check', '.'], { cwd: folder });
  assert.equal(code, 2);
  assert.match(err, /\.istio-egress\.yaml:2:26: /);
});

test('fix writes what is safe and leaves the rest; a dry run prints a diff that the patch tool takes', () => {
  const folder = storyWith(join(dir, 'fixing'), 'destination-rule.yaml', (text) =>
    text.replace('istio.io/v1\n', 'istio.io/v1beta1\n'),
  );
  const before = readFileSync(join(folder, 'destination-rule.yaml'), 'utf8');
  const dry = run(['fix', '--dry-run', '.'], { cwd: folder });
  assert.match(dry.out, /^--- a\/destination-rule\.yaml\n\+\+\+ b\/destination-rule\.yaml\n@@ -\d+,\d+ \+\d+,\d+ @@\n/);
  assert.equal(readFileSync(join(folder, 'destination-rule.yaml'), 'utf8'), before);
  const patched = spawnSync('git', ['apply', '--check', '-'], { cwd: folder, input: dry.out, encoding: 'utf8' });
  assert.equal(patched.status, 0, patched.stderr);
  const fixed = run(['fix', '.'], { cwd: folder });
  assert.deepEqual([fixed.code, fixed.out], [0, '']);
  assert.equal(readFileSync(join(folder, 'destination-rule.yaml'), 'utf8'), before.replace('v1beta1', 'v1'));
  assert.match(run(['fix', '.'], { cwd: folder }).err, /^0 fixed/);
});

test('explain prints the page', () => {
  assert.match(run(['explain', 'double-tls']).out, /^# double-tls\n/);
  assert.match(run(['explain']).out, /^double-tls +warning +/m);
});

test('templates, patches and other YAML are skipped and listed', () => {
  const folder = join(dir, 'mixed');
  mkdirSync(join(folder, 'chart/templates'), { recursive: true });
  writeFileSync(join(folder, 'chart/Chart.yaml'), 'apiVersion: v2\nname: x\nversion: 1.0.0\n');
  writeFileSync(
    join(folder, 'chart/templates/se.yaml'),
    'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: {{ .Release.Name }}\nspec: {hosts: [x]\n',
  );
  writeFileSync(join(folder, 'compose.yaml'), 'services:\n  web:\n    image: x\n');
  const { code, out } = run(['check', folder]);
  assert.equal(code, 0);
  assert.match(out, /skipped:\n.*chart\/templates\/se\.yaml: Helm template/s);
});

test('help names every command and option', () => {
  const { code, out } = run(['help']);
  assert.equal(code, 0);
  for (const word of [
    'check',
    'fix',
    'explain',
    'lsp',
    '--format',
    '--fail-on',
    '--istio-version',
    '--mesh-config',
    '--complete',
    '--config',
    '--rule',
    '--dry-run',
    '--no-color',
  ])
    assert.ok(out.includes(word), word);
  assert.equal(run([]).code, 0);
  assert.match(runCli(['--version']).out, /^\d+\.\d+\.\d+ \(Istio 1\.\d+ to 1\.\d+\)\n$/);
  assert.ok(readdirSync(join(root, 'dist')).includes('cli.js'));
});
