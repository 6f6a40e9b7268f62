// Addresses in kustomizations and charts, wherever the tools would load them from: such a job is refused before anything runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRemote } from '../../../server/src/model/kustomization.ts';
import { planRenderings } from '../../../server/src/sources/rendered/plan-renderings.ts';
import { remoteValueIn } from '../../../server/src/sources/rendered/remote-values.ts';
import { memoryFiles } from './sources-kit.ts';

test('an address in every form that kustomize takes for one', () => {
  for (const address of [
    'https://example.com/base.yaml',
    'http://127.0.0.1:8080/x',
    'HTTPS://example.com/a',
    'ssh://git@example.com/a/b',
    'file:///srv/repo',
    'git@example.com:a/b.git',
    'org-1@example.com:a/b',
    'git::https://example.com/a/b',
    'git::github.com/a/b',
    'github.com/a/b//deploy?ref=main',
    'github.com:a/b',
    'GitHub.com/a/b',
    'a/b?version=v1',
    'oci://example.com/chart',
    's3::https://example.com/a',
    'key=https://example.com/a',
  ])
    assert.equal(isRemote(address), true, address);
  for (const path of ['../base', 'a.yaml', './a@b.yaml', 'github.yaml', 'deploy/github.com.yaml', 'C:/x', 'key=a.txt'])
    assert.equal(isRemote(path), false, path);
});

const address = 'http://127.0.0.1:9/x.yaml';
const inEachField: readonly string[] = [
  `resources: [${address}]`,
  `bases: ["${address}"]`,
  `components: [${address}]`,
  `crds: [${address}]`,
  `configurations: [${address}]`,
  `openapi: { path: ${address} }`,
  `patches: [{ path: ${address} }]`,
  `patchesStrategicMerge: [${address}]`,
  `patchesJson6902: [{ path: ${address}, target: { kind: A, name: a, version: v1 } }]`,
  `replacements: [{ path: ${address} }]`,
  `generators: [${address}]`,
  `transformers: [${address}]`,
  `validators: [${address}]`,
  `configMapGenerator: [{ name: a, files: [${address}] }]`,
  `configMapGenerator: [{ name: a, files: ["key=${address}"] }]`,
  `configMapGenerator: [{ name: a, envs: [${address}] }]`,
  `configMapGenerator: [{ name: a, env: ${address} }]`,
  `secretGenerator: [{ name: a, files: [${address}] }]`,
  `helmCharts: [{ name: a, repo: "${address}" }]`,
  `helmChartInflationGenerator: [{ chartName: a, chartRepoUrl: a, path: ${address} }]`,
  `generators:\n- |-\n  apiVersion: builtin\n  kind: ConfigMapGenerator\n  metadata: { name: a }\n  files: [${address}]`,
  `transformers:\n- |-\n  apiVersion: builtin\n  kind: PatchTransformer\n  metadata: { name: a }\n  path: ${address}`,
  `base: &a ${address}\nresources: [*a]`,
  `"resour\\x63es": ["http:\\x2f\\x2f127.0.0.1:9/x.yaml"]`,
  `resources: [a.yaml\nbases: [${address}]`,
  `Resources: [${address}]`,
  `patches: [{ Path: ${address} }]`,
  `<<: { resources: [${address}] }`,
  `resources: [!!binary ${Buffer.from(address).toString('base64')}]`,
];

for (const text of inEachField)
  test(`refused: ${text.replaceAll('\n', ' ')}`, () => {
    assert.match(remoteValueIn(text) ?? '', /127\.0\.0\.1:9/);
    const files = memoryFiles({ '/w/kustomization.yaml': `namePrefix: a-\n${text}\n` });
    assert.match(planRenderings(files, ['/w/kustomization.yaml'])[0]?.refused ?? '', /127\.0\.0\.1:9/);
  });

test('texts that are loaded from nowhere', () => {
  for (const text of [
    'resources: [a.yaml, ../base]',
    'commonAnnotations: { docs: https://example.com }',
    'configMapGenerator: [{ name: a, literals: ["url=https://example.com"] }]',
    'images: [{ name: a, newName: example.com/a }]',
    'patches:\n- patch: |-\n    - op: add\n      path: /metadata/annotations/a\n      value: https://example.com',
    'patchesStrategicMerge:\n- |-\n  kind: A\n  metadata: { annotations: { a: "https://example.com" } }',
    '# https://example.com\nresources: [a.yaml]',
  ])
    assert.equal(remoteValueIn(text), undefined, text);
});

test('an address in what a kustomization names, however far away', () => {
  const generator = `apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: { name: a }\nfiles: [${address}]\n`;
  const cases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'a base': {
      '/w/top/kustomization.yaml': 'namePrefix: a-\nresources: [../base]\n',
      '/w/base/kustomization.yaml': `configMapGenerator: [{ name: a, files: [${address}] }]\n`,
    },
    'a component': {
      '/w/top/kustomization.yaml': 'components: [../c]\n',
      '/w/c/kustomization.yaml': `kind: Component\npatches: [{ path: ${address} }]\n`,
    },
    'a generator in a file': { '/w/top/kustomization.yaml': 'generators: [g.yaml]\n', '/w/top/g.yaml': generator },
    'the second document of one': {
      '/w/top/kustomization.yaml': 'transformers: [g.yaml]\n',
      '/w/top/g.yaml': `kind: A\n---\n${generator}`,
    },
    'generators in a folder': {
      '/w/top/kustomization.yaml': 'generators: [g]\n',
      '/w/top/g/kustomization.yaml': `resources: [${address}]\n`,
    },
    'a generator in a folder': {
      '/w/top/kustomization.yaml': 'generators: [g]\n',
      '/w/top/g/kustomization.yaml': 'resources: [one.yaml]\n',
      '/w/top/g/one.yaml': generator,
    },
    'a transformer in a folder of folders': {
      '/w/top/kustomization.yaml': 'Transformers: [g]\n',
      '/w/top/g/kustomization.yaml': 'Resources: [h]\n',
      '/w/top/g/h/kustomization.yaml': 'resources: [one.yaml]\n',
      '/w/top/g/h/one.yaml': generator.replace('files', 'FILES'),
    },
    'a base that a second field names': {
      '/w/top/kustomization.yaml': 'namePrefix: a-\nresources: []\nReSources: [b]\n',
      '/w/top/b/kustomization.yaml': `resources: [${address}]\n`,
    },
    'a component of a component': {
      '/w/top/kustomization.yaml': 'namePrefix: a-\ncomponents: [../c]\n',
      '/w/c/kustomization.yaml': 'kind: Component\ncomponents: [../d]\n',
      '/w/d/kustomization.yaml': `kind: Component\ncrds: [${address}]\n`,
    },
  };
  for (const [what, files] of Object.entries(cases)) {
    const jobs = planRenderings(
      memoryFiles(files),
      Object.keys(files).filter((path) => path.endsWith('/kustomization.yaml')),
    );
    assert.match(jobs.find(({ folder }) => folder === '/w/top')?.refused ?? '', /127\.0\.0\.1:9/, what);
  }
});

test('a schema of values that refers to others elsewhere', () => {
  const chart = (reference: string, path = '/w/c/values.schema.json') => ({
    '/w/c/Chart.yaml': 'name: c\nversion: 0.1.0\n',
    [path]: JSON.stringify({
      $schema: 'http://json-schema.org/draft-07/schema#',
      properties: { a: { $ref: reference } },
    }),
  });
  const refusedOf = (files: Readonly<Record<string, string>>) =>
    planRenderings(memoryFiles(files), Object.keys(files))[0]?.refused;
  assert.match(refusedOf(chart('https://example.com/a.json')) ?? '', /it needs https:\/\/example\.com\/a\.json/);
  assert.match(refusedOf(chart('http://127.0.0.1/a', '/w/c/charts/d/values.schema.json')) ?? '', /127\.0\.0\.1/);
  const ignored = memoryFiles(chart('http://127.0.0.1/a', '/w/c/charts/d/values.schema.json'));
  assert.match(planRenderings(ignored, ['/w/c/Chart.yaml'])[0]?.refused ?? '', /127\.0\.0\.1/);
  for (const reference of ['#/$defs/a', 'other.json']) assert.equal(refusedOf(chart(reference)), undefined, reference);
});

test('what cannot be read or searched for addresses is refused', () => {
  const refusedFor = (base: string | undefined) => {
    const memory = memoryFiles({
      '/w/kustomization.yaml': 'namePrefix: a-\nresources: [b]\n',
      '/w/b/kustomization.yaml': base ?? '',
    });
    const read: typeof memory.read = (path) =>
      base === undefined && path.startsWith('/w/b/') ? { ok: false, reason: 'permission denied' } : memory.read(path);
    return planRenderings({ list: memory.list, read, stat: memory.stat, uriOf: memory.uriOf }, [
      '/w/kustomization.yaml',
    ])[0]?.refused;
  };
  assert.equal(refusedFor(undefined), '/w/b/kustomization.yaml cannot be read: permission denied');
  assert.match(
    refusedFor(`a: ${'['.repeat(2000)}\nresources: [!!binary aHR0cDovL2E=]`) ?? '',
    /a document (too large to be read|with errors) may name/,
  );
  assert.match(
    refusedFor('resources: ["http:\\x2f\\x2f127.0.0.1:9/x.yaml]\n') ?? '',
    /a document with errors may name/,
  );
  assert.equal(refusedFor('resources: [a.yaml]\n'), undefined);
});
