// Files against a cluster, with kubectl's answers given: what is called missing, different, extra, and what is not judged.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDrift, type Drift, type FileObject } from '../../../server/src/cluster/snapshot/drift.ts';
import { fieldDifferences } from '../../../server/src/cluster/objects/field-differences.ts';
import { liveObject, type LiveObject } from '../../../server/src/cluster/objects/live-object.ts';
import type { Snapshot } from '../../../server/src/cluster/snapshot/snapshot.ts';
import { toYaml } from '../../../server/src/cluster/objects/to-yaml.ts';
import type { Kind } from '../../../server/src/model/kinds.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';
import { toPlain } from '../../../server/src/yaml/read.ts';
import { recorded, tools, type Answer } from './cluster-kit.ts';

const manifest = (name: string, spec: object, metadata: object = {}) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'ServiceEntry',
  metadata: { name, namespace: 'egress', ...metadata },
  spec,
});
const file = (name: string, spec: object, kind: Kind = 'ServiceEntry', namespace = 'egress'): FileObject => ({
  id: name,
  kind,
  namespace,
  name,
  object: manifest(name, spec, { namespace }),
});
const live = (name: string, spec: object, metadata: object = {}): LiveObject =>
  liveObject('ServiceEntry', manifest(name, spec, metadata))!;

const snapshot = (objects: readonly LiveObject[], more: Partial<Snapshot> = {}): Snapshot => ({
  context: 'prod',
  takenAt: '2026-11-24T20:00:00Z',
  namespaces: undefined,
  objects,
  complete: ['ServiceEntry'],
  unread: [],
  controlPlane: { namespace: 'istio-system', version: undefined, meshText: undefined },
  ...more,
});
/** The API server would add a default to whatever it is given. */
const replaced = (_: unknown, input = ''): Answer => ({
  stdout: input
    .split('\n')
    .map((text) => {
      const object = JSON.parse(text) as { spec: object };
      return JSON.stringify({ ...object, spec: { location: 'MESH', ...object.spec } }, null, 4);
    })
    .join('\n'),
});
const said = (all: readonly Drift[]): string[] =>
  all.map((one) => `${one.what} ${one.what === 'extra' ? one.live.name : one.file.name}`);
const ask = (
  files: readonly FileObject[],
  objects: readonly LiveObject[],
  more: Partial<Snapshot> = {},
  run = recorded([[/replace --dry-run=server/, replaced]]),
) => readDrift(run, { snapshot: snapshot(objects, more), tools, files, mayHoldMore: () => false });

test('missing, different, extra; defaults are no difference', async () => {
  const found = await ask(
    [
      file('gone', {}),
      file('same', { resolution: 'DNS' }),
      file('other', { resolution: 'DNS', ports: [{ number: 80 }] }),
    ],
    [
      live('same', { resolution: 'DNS', location: 'MESH' }),
      live('other', { resolution: 'NONE', ports: [{ number: 81 }], exportTo: ['.'] }),
      live('more', {}),
    ],
  );
  assert.deepEqual(said(found), ['missing gone', 'different other', 'extra more']);
  assert.deepEqual(
    found.find(({ what }) => what === ('different' as string)),
    {
      what: 'different',
      file: file('other', { resolution: 'DNS', ports: [{ number: 80 }] }),
      live: live('other', { resolution: 'NONE', ports: [{ number: 81 }], exportTo: ['.'] }),
      fields: [
        { path: 'spec.exportTo', file: undefined, cluster: ['.'] },
        { path: 'spec.location', file: 'MESH', cluster: undefined },
        { path: 'spec.ports[0].number', file: 80, cluster: 81 },
        { path: 'spec.resolution', file: 'DNS', cluster: 'NONE' },
      ],
      alone: file('other', { location: 'MESH', resolution: 'DNS', ports: [{ number: 80 }] }).object,
    },
  );
});

test('extra is nothing that a controller made, nothing elsewhere, nothing that a template may hold', async () => {
  const owned = live('owned', {}, { ownerReferences: [{ kind: 'X', name: 'x' }] });
  const managed = live('managed', {}, { labels: { 'gateway.istio.io/managed': 'istio.io-mesh-controller' } });
  const elsewhere = live('elsewhere', {}, { namespace: 'other' });
  const files = [file('a', {})];
  assert.deepEqual(said(await ask(files, [live('a', { location: 'MESH' }), owned, managed, elsewhere])), []);
  const templated = await readDrift(recorded([[/replace/, replaced]]), {
    snapshot: snapshot([live('a', { location: 'MESH' }), live('b', {})]),
    tools,
    files,
    mayHoldMore: (kind, namespace) => kind === 'ServiceEntry' && namespace === 'egress',
  });
  assert.deepEqual(said(templated), []);
});

test('notes of deployment tools are no difference, unless the file has them too', async () => {
  const annotations = { 'meta.helm.sh/release-name': 'x', 'argocd.argoproj.io/tracking-id': 'y', team: 'blue' };
  const noted = live('a', { location: 'MESH' }, { annotations, labels: { 'app.kubernetes.io/managed-by': 'Helm' } });
  const found = await ask([file('a', {})], [noted]);
  assert.deepEqual(
    found.map((one) => one.what === 'different' && one.fields.map(({ path }) => path)),
    [['metadata.annotations.team']],
  );
});

test('what may not be read, values of secrets, and namespaces that were not asked for are not judged', async () => {
  const forbidden = { kind: 'forbidden' as const, message: 'You may not list.', advice: '' };
  const found = await ask(
    [file('a', {}, 'Secret'), file('b', {}, 'Telemetry'), file('c', {}, 'ServiceEntry', 'other')],
    [],
    { unread: [{ kind: 'Telemetry', problem: forbidden }], namespaces: ['egress'] },
  );
  assert.deepEqual(
    found.map((one) => one.what === 'not-compared' && [one.file.name, one.why, one.byDesign]),
    [
      ['a', 'values of secrets are never read', true],
      ['b', 'You may not list.', false],
      ['c', 'namespace other was not read', true],
    ],
  );
});

test('one that the API server refuses costs only itself; who may not update asks by a patch', async () => {
  const run = recorded([
    [
      /replace --dry-run=server/,
      (_, input = '') => {
        if (input.includes('\n') || input.includes('"bad"'))
          return {
            code: 1,
            stderr: 'Error from server (BadRequest): admission webhook "validation.istio.io" denied the request: no',
          };
        return input.includes('"poor"')
          ? { code: 1, stderr: 'Error from server (Forbidden): User "dev" cannot update resource "serviceentries"' }
          : replaced(undefined, input);
      },
    ],
    [/apply --server-side .*--dry-run=server --force-conflicts/, (_, input = '') => ({ stdout: input })],
  ]);
  const found = await ask(
    [file('bad', {}), file('good', { a: 1 }), file('poor', { a: 1 })],
    [live('bad', {}), live('good', { a: 1, location: 'MESH' }), live('poor', { a: 2 })],
    {},
    run,
  );
  assert.deepEqual(said(found), ['not-compared bad', 'different poor']);
  assert.match(found[0]?.what === 'not-compared' ? found[0].why : '', /admission check "validation\.istio\.io"/);
});

test('differences by field: maps and lists of one length are gone into, empty is none', () => {
  const paths = (a: unknown, b: unknown) => fieldDifferences(a, b).map(({ path }) => path);
  assert.deepEqual(paths({ metadata: { labels: { 'a/b': '1' } } }, { metadata: {} }), ['metadata.labels["a/b"]']);
  assert.deepEqual(paths({ spec: { l: [1, 2] } }, { spec: { l: [1] } }), ['spec.l']);
  assert.deepEqual(paths({ spec: { l: [{ x: 1 }, 2] } }, { spec: { l: [{ x: 2 }, 2] } }), ['spec.l[0].x']);
  assert.deepEqual(paths({ spec: { a: {} } }, { spec: {} }), []);
  assert.deepEqual(paths({ spec: { a: null } }, { spec: { a: 0 } }), ['spec.a']);
});

test('YAML that is shown reads back as the same object', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'X',
    metadata: {
      name: 'a',
      labels: { 'istio.io/x': 'true', n: '1', y: 'yes', e: '', s: 'a: b # c', m: 'two\nlines', u: 'ü "q" \\' },
    },
    spec: {
      list: [1, 'a', [1, [2]], { b: [], c: {} }, [], null],
      deep: { z: { y: [{ k: 1, a: { b: 2 } }] } },
      off: false,
    },
  };
  const text = toYaml(object);
  assert.deepEqual(toPlain(parseDocument(text).root!), object);
  assert.match(text, /^apiVersion: v1\nkind: X\nmetadata:\n/);
});
