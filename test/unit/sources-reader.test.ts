import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FolderReader } from '../../server/src/sources/folder-reader.ts';
import { memoryFiles as files, type MemoryFiles } from './sources-kit.ts';

const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n';
const meshValues = 'meshConfig: { trustDomain: td }\n';

test('files come with their facts, and foreign ones are left out', () => {
  const reader = new FolderReader(files({ '/w/a.yaml': namespace, '/w/c/Chart.yaml': 'name: c\n', '/w/c/templates/t.yaml': namespace, '/w/other.json': '{}', '/w/kustomization.yaml': 'namespace: n\nresources: [a.yaml]\n' }));
  const read = [...reader.files('/w')].map((file) => ('why' in file ? file : [file.uri, file.facts]));
  assert.deepEqual(read, [['/w/a.yaml', { namespace: 'n' }], ['/w/c/templates/t.yaml', { leftAlone: 'helm-template' }], ['/w/kustomization.yaml', { leftAlone: 'kustomize-patch' }]]);
});

test('files that cannot be read are told', () => {
  const memory = files({ '/w/a.yaml': namespace });
  const reader = new FolderReader({ ...methods(memory), read: () => ({ ok: false, reason: 'permission denied' }) });
  assert.deepEqual([...reader.files('/w')], [{ uri: '/w/a.yaml', why: 'permission denied' }]);
  assert.deepEqual([...reader.files('/gone')], [{ uri: '/gone', why: 'not found' }]);
});

function methods({ list, read, stat, uriOf, pathOf }: MemoryFiles) {
  return { list, read, stat, uriOf, pathOf };
}

test('one file is read as it is now', () => {
  const memory = files({ '/w/a.yaml': namespace, '/w/kustomization.yaml': 'namespace: n\nresources: [a.yaml]\n' });
  const reader = new FolderReader(memory);
  assert.deepEqual(reader.file('/w', '/w/a.yaml'), { uri: '/w/a.yaml', text: namespace, facts: { namespace: 'n' } }, 'before any pass');
  assert.equal([...reader.files('/w')].length, 2);
  memory.put('/w/a.yaml', 'kind: x');
  assert.deepEqual(reader.file('/w', '/w/a.yaml'), { uri: '/w/a.yaml', text: 'kind: x', facts: { namespace: 'n' } });
  memory.remove('/w/a.yaml');
  assert.deepEqual(['/w/a.yaml', '/v/a.yaml', '/w/a.md'].map((uri) => reader.file('/w', uri)), [undefined, undefined, undefined]);
});

test('mesh settings in a folder count after a pass, or from the start where it is read ahead', () => {
  const memory = files({ '/w/values.yaml': meshValues, '/w/a.yaml': namespace, '/w/c/Chart.yaml': '', '/w/c/templates/x.yaml': 'meshConfig: { trustDomain: template }\n' });
  const reader = new FolderReader(memory);
  assert.deepEqual(reader.configuration('/w').mesh, {});
  assert.equal([...reader.files('/w')].length, 1);
  assert.deepEqual(reader.configuration('/w').mesh, { trustDomain: 'td', origin: '/w/values.yaml' });
  memory.put('/w/values.yaml', 'meshConfig: { trustDomain: other }\n');
  reader.file('/w', '/w/values.yaml');
  assert.equal(reader.configuration('/w').mesh.trustDomain, 'other');
  memory.remove('/w/values.yaml');
  reader.file('/w', '/w/values.yaml');
  assert.deepEqual(reader.configuration('/w').mesh, {});

  memory.put('/w/values.yaml', meshValues);
  const ahead = new FolderReader(memory, { readAhead: true });
  assert.equal(ahead.configuration('/w').mesh.trustDomain, 'td');
  memory.put('/w/b.yaml', namespace);
  assert.deepEqual([[...ahead.files('/w')].length, [...ahead.files('/w')].length], [1, 2], 'what was read ahead is given once');
});

test('a configuration file wins over what is found, and says what to ignore', () => {
  const reader = new FolderReader(files({ '/w/.istio-egress.yaml': 'mesh: { trustDomain: own }\nignore: [gen]\n', '/w/values.yaml': 'meshConfig: { trustDomain: td, rootNamespace: r }\n', '/w/gen/a.yaml': namespace }), { readAhead: true });
  const { mesh } = reader.configuration('/w');
  assert.deepEqual(mesh, { trustDomain: 'own', rootNamespace: 'r', origin: '/w/.istio-egress.yaml' });
  assert.deepEqual([...reader.files('/w')], []);
  assert.equal(reader.configuration('/w/values.yaml').mesh.trustDomain, 'own', 'of a single file: from its folder');
});
