// The JSON that commands print matches its published schema: on random meshes here, and whenever a test runs a command (`test/kit/cli.ts`).
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { outputSchemas } from '../../../server/build/generate-output-schemas.ts';
import { outputs } from '../../../server/build/output-schemas/outputs.ts';
import { driftJson, type ReportedDrift } from '../../../server/src/cli/drift-report.ts';
import { commandsByFormats } from '../../../server/src/cli/formats.ts';
import { countsOf } from '../../../server/src/engine/counts.ts';
import { placesIn } from '../../../server/src/engine/places.ts';
import { asItIs } from '../../../server/src/engine/to-source.ts';
import { access } from '../../../server/src/eval/access/access.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import {
  accessAnswer,
  checkAnswer,
  statsAnswer,
  traceAnswer,
} from '../../../server/src/features/answers/json-answers.ts';
import { findingReporter } from '../../../server/src/features/answers/finding-report.ts';
import { egressGraph } from '../../../server/src/features/egress-graph.ts';
import { drained } from '../../../server/src/base/steps.ts';
import { egressStatsInSteps } from '../../../server/src/features/stats.ts';
import { knownTraffic } from '../../../server/src/features/facts/known-traffic.ts';
import { documentRules, rules } from '../../../server/src/rules/index.gen.ts';
import { root } from '../../kit/lsp-client.ts';
import { assertOutput, validatorOf } from '../../kit/output-schema.ts';
import { classicWorkspaces, randomWorkspaces } from '../../kit/random-workspace.ts';

const holds = (command: string, text: string) => assertOutput([command, '--format', 'json'], text);

test('the published schemas are those that are generated', async () => {
  const made = await outputSchemas.make();
  assert.ok('files' in made);
  for (const { path, text } of made.files) assert.equal(readFileSync(path, 'utf8'), text, path);
});

test('random meshes: check, access, trace, stats and graph print what their schemas say', () => {
  let traces = 0;
  for (const { workspace } of [...randomWorkspaces(20261129, 20), ...classicWorkspaces(20261129, 20)]) {
    const { mesh } = workspace;
    const textOf = () => undefined;
    const placed = placesIn(workspace, { textOf, toSource: asItIs });
    const place = ({ resource, span }: Parameters<Parameters<typeof accessAnswer>[1]>[0]) => {
      const { uri, ...rest } = placed(resource, span);
      return { file: uri, ...rest };
    };
    holds('access', accessAnswer(access(mesh), place));
    const findings = [...workspace.uris].flatMap((uri) => workspace.findings(uri));
    const report = findingReporter({ workspace, rules: { rules, documentRules }, textOf, fileOf: (uri) => uri });
    const none = { comments: 0, severities: 0 };
    const counts = countsOf(workspace);
    holds('check', checkAnswer({ ...counts, findings: findings.map(report), skipped: [], ignored: none }));
    const bySeverity = { error: 0, warning: 0, information: 0, hint: 0, byRule: {} };
    holds('stats', statsAnswer({ ...counts, ...drained(egressStatsInSteps(mesh)), findings: bySeverity }));
    const drawn = egressGraph(mesh, {
      place,
      findings,
      placeOfFinding: ({ uri, range, resource }) => ({
        file: uri,
        range,
        resource: { kind: resource?.kind ?? '', namespace: resource?.namespace ?? '', name: resource?.name ?? '' },
      }),
    });
    holds('graph', JSON.stringify({ version: 1, ...drawn }));
    for (const request of [...knownTraffic([mesh], () => false)].slice(0, 10)) {
      holds('trace', traceAnswer(trace(mesh, request), place));
      traces++;
    }
  }
  assert.ok(traces > 50);
});

test('a missing field, another type and a field that no schema names are faults', () => {
  const good = { version: 1, short: false, clients: [], gateways: [], hosts: [], edges: [], findings: [] };
  const { short: _, ...without } = good;
  const validate = validatorOf('graph')!;
  assert.equal(validate(good), true);
  for (const bad of [without, { ...good, short: 'no' }, { ...good, more: 1 }, { ...good, version: 2 }])
    assert.equal(validate(bad), false, JSON.stringify(bad));
});

test('each command that prints JSON has a schema, and each schema is of such a command', () => {
  const files = readdirSync(join(root, 'schemas/output')).map((name) => name.replace('.schema.json', ''));
  assert.deepEqual(files.sort(), Object.keys(outputs).sort());
  const printsJson = [...commandsByFormats()].flatMap(([formats, of]) =>
    formats.split('|').includes('json') ? of : [],
  );
  assert.deepEqual(files.sort(), [...printsJson].sort());
});

test('drift: whatever can differ', () => {
  const [at, resource] = [
    { line: 3, character: 2 },
    { kind: 'ServiceEntry', namespace: 'shop', name: 'pay' },
  ];
  const inFile = { resource, file: 'pay.yaml', range: { start: at, end: at } };
  const drift: readonly ReportedDrift[] = [
    { what: 'missing', ...inFile },
    { what: 'extra', resource, file: 'istio-egress-cluster:/c/shop/ServiceEntry/pay.yaml', range: null },
    {
      what: 'different',
      ...inFile,
      fields: [
        { path: 'spec.hosts', file: ['pay.example'], cluster: undefined },
        { path: 'spec.resolution', file: undefined, cluster: 'DNS' },
      ],
    },
    { what: 'not-compared', ...inFile, why: 'a Secret', byDesign: true },
  ];
  holds('drift', driftJson({ context: 'c', takenAt: '2026-01-02T03:04:05Z', compared: 4, drift }));
});
