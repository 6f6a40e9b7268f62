// The real helm: what it renders is read, its findings stand in its templates, and its complaints are quoted.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runCli, writeFiles } from '../kit/cli.ts';
import { peers } from '../kit/peers.ts';

const found = peers('helm');
const skip = found.available ? false : found.why;
const dir = mkdtempSync(join(tmpdir(), 'istio-egress-helm-'));
after(() => rmSync(dir, { recursive: true, force: true }));
if (found.available) symlinkSync(found.bin('helm'), join(dir, 'helm'));
const env = { ...process.env, PATH: `${dir}:${process.env['PATH'] ?? ''}` };

const template = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: one
  labels:
    istio.io/use-waypoint: {{ .Values.waypoint | quote }}
spec:
  hosts:
  - {{ .Values.host }}
  ports:
  - number: 80
    name: http
    protocol: {{ include "c.protocol" . }}
  resolution: DNS
{{- range .Values.more }}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: {{ . | replace "." "-" }}
spec:
  hosts:
  - {{ . }}
  ports:
  - number: 443
    name: tls
    protocol: TLSS
  resolution: DNS
{{- end }}
`;
const chart = {
  'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 0.1.0\n',
  'values.yaml': 'host: one.example.com\nmore: [two.example.com, three.example.com]\nwaypoint: egress\n',
  'templates/_helpers.tpl': '{{- define "c.protocol" -}}\nHTTPP\n{{- end }}\n',
  'templates/entry.yaml': template,
  'templates/tests/hook.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: t\n  annotations:\n    helm.sh/hook: test\nspec: {}\n',
};

test('a chart is looked at as helm renders it', { skip }, () => {
  writeFiles(join(dir, 'chart'), chart);
  const { out, code } = runCli(['check', '--render', '--format', 'json'], { cwd: join(dir, 'chart'), env });
  const { findings, resources, skipped } = JSON.parse(out) as {
    findings: { file: string; rule: string; range: { start: { line: number } } }[];
    resources: number;
    skipped: unknown[];
  };
  assert.deepEqual(
    findings.map(({ file, range, rule }) => `${file}:${range.start.line + 1} ${rule}`),
    [
      'templates/entry.yaml:6 unknown-waypoint',
      'templates/entry.yaml:13 invalid-combination',
      'templates/entry.yaml:27 invalid-combination',
    ],
  );
  assert.deepEqual([code, resources, skipped], [1, 3, []]);
});

test('without being asked helm is not run, and nothing is concluded from its templates', { skip }, () => {
  const { out, code } = runCli(['check'], { cwd: join(dir, 'chart'), env });
  assert.equal(code, 0);
  assert.match(out, /Helm template: use --render, or check the output of `helm template/);
});

test('what helm refuses is quoted at the chart; a dependency that is not there is not fetched', { skip }, () => {
  writeFiles(join(dir, 'needs'), {
    ...chart,
    'Chart.yaml': `${chart['Chart.yaml']}dependencies: [{ name: other, version: 1.0.0, repository: "https://charts.example.com" }]\n`,
  });
  const refused = runCli(['check', '--render'], { cwd: join(dir, 'needs'), env });
  assert.equal(refused.code, 2);
  assert.match(refused.err, /Chart.yaml: not rendered: helm says: .*missing in charts\/ directory: other/);
  writeFiles(join(dir, 'odd'), { ...chart, 'templates/entry.yaml': '{{ .Values.host | nosuch }}\n' });
  assert.match(
    runCli(['check', '--render'], { cwd: join(dir, 'odd'), env }).err,
    /Chart.yaml: not rendered: helm says: .*nosuch/,
  );
});
