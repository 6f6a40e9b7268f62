// Charts and overlays in an editor: nothing is run without trust, findings stand at their sources, a saved file is rendered again.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { writeFiles } from '../kit/cli.ts';
import { LspClient } from '../kit/lsp-client.ts';

const skip = process.platform === 'win32' ? 'a script stands in for helm' : false;
const dir = mkdtempSync(join(tmpdir(), 'istio-egress-lsp-render-'));
const uriOf = (path: string) => pathToFileURL(join(dir, path)).href;
const template = uriOf('w/chart/templates/a.yaml');
const chart = uriOf('w/chart/Chart.yaml');
let client: LspClient;

const entry = (protocol: string) =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: a\nspec:\n  hosts:\n  - a.example.com\n  ports:\n  - number: 80\n    name: http\n    protocol: ${protocol}\n  resolution: DNS\n`;

before(async () => {
  writeFiles(join(dir, 'w'), {
    'chart/Chart.yaml': 'name: c\nversion: 0.1.0\n',
    'chart/values.yaml': 'on: true\n',
    'chart/templates/a.yaml': entry('HTTPP'),
  });
  // Prints the template as helm would, and refuses one that says so.
  writeFiles(dir, {
    'bin/helm':
      '#!/bin/sh\nif grep -q refused "$2/templates/a.yaml"; then echo "Error: refused" >&2; exit 1; fi\necho "---"\necho "# Source: c/templates/a.yaml"\ncat "$2/templates/a.yaml"\n',
  });
  chmodSync(join(dir, 'bin/helm'), 0o755);
  client = await LspClient.start({
    folders: [uriOf('w')],
    env: { ...process.env, PATH: `${join(dir, 'bin')}:${process.env['PATH'] ?? ''}` },
  });
});
after(async () => {
  await client.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function save(text: string): Promise<void> {
  writeFileSync(join(dir, 'w/chart/templates/a.yaml'), text);
  await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
    changes: [{ uri: template, type: 2 }],
  });
}

test('without trust templates are skipped', { skip }, async () => {
  await client.connection.sendRequest('istioEgress/checkWorkspace');
  assert.deepEqual([client.diagnostics(template), client.diagnostics(chart)], [[], []]);
});

test('with trust they are rendered, and what is wrong is shown in the template', { skip }, async () => {
  await client.connection.sendNotification('istioEgress/trust');
  const [found] = await client.until(
    'the finding',
    () => client.diagnostics(template).length > 0 && client.diagnostics(template),
  );
  assert.deepEqual(
    [found!.code, found!.range],
    ['invalid-combination', { start: { line: 10, character: 14 }, end: { line: 10, character: 19 } }],
  );
});

test('it is gone when the template is saved without it', { skip }, async () => {
  await save(entry('HTTP'));
  await client.until('no finding', () => client.diagnostics(template).length === 0);
});

test('a place that no line of a template has is shown at the chart', { skip }, async () => {
  await save(
    `${entry('HTTP')}---\n${entry('HTTPP')}`.replaceAll(
      '  protocol: HTTPP',
      '  protocol: HTTPP\n    targetPort: 90000',
    ),
  );
  await client.until('a finding', () => client.diagnostics(template).length + client.diagnostics(chart).length > 0);
  await save('refused\n');
  const [note] = await client.until(
    'the note',
    () => client.diagnostics(chart).length === 1 && client.diagnostics(chart),
  );
  assert.deepEqual([note!.severity, note!.message], [3, 'Not rendered: helm says: Error: refused']);
  assert.deepEqual(client.diagnostics(template), []);
});

test('switched off, nothing is rendered any more', { skip }, async () => {
  await save(entry('HTTPP'));
  await client.until('the finding again', () => client.diagnostics(template).length === 1);
  assert.deepEqual(client.diagnostics(chart), []);
  client.settings = { render: { enabled: false } };
  await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  await client.until('no finding', () => client.diagnostics(template).length === 0);
});
