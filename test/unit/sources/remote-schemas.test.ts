// Schemas of charts' values that helm would fetch something for: in the chart, in its dependencies, and in packed ones.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { nodeFiles, slashed } from '../../../server/src/host/node/files.ts';
import { planRenderings } from '../../../server/src/sources/rendered/plan-renderings.ts';
import { remoteSchemaIn } from '../../../server/src/sources/rendered/remote-schema.ts';
import { writeFiles } from '../../kit/cli.ts';
import { packedChart, record, tarOf } from '../../kit/packed-chart.ts';
import { memoryFiles } from './sources-kit.ts';

const dir = slashed(mkdtempSync(join(tmpdir(), 'istio-egress-schemas-')));
after(() => rmSync(dir, { recursive: true, force: true }));

const address = 'http://127.0.0.1:9/a.json';

const remote: Readonly<Record<string, string>> = {
  'a reference': `{"properties":{"a":{"$ref":"${address}"}}}`,
  'a dynamic reference': `{"$dynamicRef":"${address}"}`,
  'a reference whose name is escaped': `{"\\u0024ref":"${address}"}`,
  'a reference whose address is escaped': '{"$ref":"http\\u003a//127.0.0.1:9/a.json"}',
  'a reference in a list': `{"allOf":[[{"$ref":"${address}#/a"}]]}`,
  'a reference to another machine by its path': '{"$ref":"//127.0.0.1/a.json"}',
  'a language of its own': `{"$schema":"${address}"}`,
  'a language of its own below': `{"definitions":{"a":{"$id":"a","$schema":"${address}"}}}`,
  'a language like a known one': '{"$schema":"http://json-schema.org/draft-07/schema/127.0.0.1"}',
  'a name that others stand behind': '{"$id":"http://127.0.0.1/","$ref":"a.json"}',
  'the same in draft 4': '{"id":"http://127.0.0.1/","properties":{"a":{"$ref":"a.json"}}}',
  'an error in the text': '{"$ref":"http://127.0.0.1/"} x',
  'escapes and an error in the text': '{"$ref":"http:\\u002f/127.0.0.1/"} x',
};
for (const [what, text] of Object.entries(remote))
  test(`refused: ${what}`, () => assert.notEqual(remoteSchemaIn(text), undefined));

const local: Readonly<Record<string, string>> = {
  'known languages':
    '{"$schema":"https://json-schema.org/draft/2020-12/schema","a":{"$schema":"http://json-schema.org/draft-07/schema#"}}',
  'a part of its own': '{"$ref":"#/definitions/a:b","definitions":{"a:b":{}}}',
  'a file beside it': '{"$ref":"other.json"}',
  'names of draft 4 without references': '{"id":"http://example.com/a","properties":{"a":{"$ref":"#/b"}}}',
  'a property of that name': '{"properties":{"$ref":{"type":"string"},"$schema":{"type":"string"}}}',
  'an address in words': `{"description":"${address}","default":"${address}"}`,
  'not an object': '[true,null,1,"http://example.com"]',
  'an error in the text': '{"a": tru',
  'deep nesting': `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
};
for (const [what, text] of Object.entries(local))
  test(`not refused: ${what}`, () => assert.equal(remoteSchemaIn(text), undefined));

const schema = remote['a reference']!;
const harmless = { name: 'dep/Chart.yaml', content: 'name: dep\nversion: 1.0.0\n' };
const path = 'dep/values.schema.json';

let charts = 0;
/** What a chart with this dependency is refused for. */
function refusedFor(packed: Uint8Array, name = 'dep-1.0.0.tgz', files = nodeFiles()): string | undefined {
  const folder = `${dir}/${charts++}`;
  writeFiles(folder, { 'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 0.1.0\n', 'charts/README': '' });
  writeFileSync(join(folder, 'charts', name), packed);
  return planRenderings(files, [`${folder}/Chart.yaml`])[0]?.refused;
}

const packed: Readonly<Record<string, Uint8Array>> = {
  'its schema': packedChart([harmless, { name: path, content: schema }]),
  'a schema in a chart in it': packedChart([{ name: 'dep/charts/b/values.schema.json', content: schema }]),
  'a schema in a chart that is packed in it': packedChart([
    { name: 'dep/charts/b.tgz', content: packedChart([{ name: 'b/values.schema.json', content: schema }]) },
  ]),
  'a schema named by a prefix': packedChart([{ name: 'values.schema.json', prefix: 'dep', content: schema }]),
  'a schema named by an extended header': packedChart([
    { name: 'x', type: 'x', content: record('mtime', '1') + record('path', path) },
    { name: 'a', content: schema },
  ]),
  'a schema named by a long name': packedChart([
    { name: 'x', type: 'L', content: `${path}\0` },
    { name: 'a', content: schema },
  ]),
  'a schema with its size in an extended header': packedChart([
    { name: 'x', type: 'x', content: record('size', String(schema.length)) },
    { name: path, content: schema, size: '00000000000\0' },
  ]),
  'a schema with its size in binary': packedChart([
    { name: path, content: schema, size: `\x80${'\0'.repeat(10)}${String.fromCharCode(schema.length)}` },
  ]),
  'a schema behind a link that gives a size': packedChart([
    { name: 'dep/link', type: '2', content: '', size: '00000001000\0' },
    { name: path, content: schema },
  ]),
  'a schema named as on Windows': packedChart([{ name: 'dep\\values.schema.json', content: schema }]),
  'a schema behind another archive in the same file': Buffer.concat([
    gzipSync(tarOf([harmless]).subarray(0, -1024)),
    packedChart([{ name: path, content: schema }]),
  ]),
};
for (const [what, bytes] of Object.entries(packed))
  test(`a packed dependency with ${what} is refused`, () =>
    assert.match(refusedFor(bytes) ?? '', /^it needs .*127\.0\.0\.1/));

test('a packed dependency without addresses is not refused', () => {
  const fine = packedChart([
    { name: 'pax_global_header', type: 'g', content: record('comment', address) },
    harmless,
    { name: path, content: local['known languages']! },
    { name: 'dep/README.md', content: schema },
    { name: 'dep/empty', content: '' },
  ]);
  assert.equal(refusedFor(fine), undefined);
  assert.equal(refusedFor(Buffer.from('not packed'), 'README.md'), undefined);
});

test('a packed dependency that cannot be searched is refused', () => {
  const deep = Array.from({ length: 6 }).reduce<Uint8Array>(
    (inside) => packedChart([{ name: 'a/charts/a.tgz', content: inside }]),
    gzipSync(''),
  );
  const cases: Readonly<Record<string, readonly [Uint8Array, RegExp]>> = {
    'not gzip': [Buffer.from('text'), /not packed with gzip/],
    'cut off': [packed['its schema']!.subarray(0, 40), /not packed with gzip/],
    'a file longer than the archive': [
      packedChart([{ name: 'a', content: '', size: '77777777777\0' }]),
      /not a valid tar/,
    ],
    'a size that is no number': [packedChart([{ name: 'a', content: '', size: '9\0' }]), /not a valid tar/],
    holes: [packedChart([{ name: 'a', type: 'S', content: '' }]), /not a valid tar/],
    'holes by an extended header': [
      packedChart([{ name: 'x', type: 'x', content: record('GNU.sparse.major', '1') }, harmless]),
      /not a valid tar/,
    ],
    'a broken extended header': [
      packedChart([{ name: 'x', type: 'x', content: '99 path=a\n' }, harmless]),
      /not a valid/,
    ],
    'a schema that is not text': [
      packedChart([{ name: path, content: Buffer.from([0x7b, 0xff, 0x7d]) }]),
      /not valid UTF-8/,
    ],
    'packed too deep': [deep, /too deep/],
    'more than is unpacked': [gzipSync(Buffer.alloc(129 * 1024 * 1024)), /too large/],
  };
  for (const [what, [bytes, reason]] of Object.entries(cases)) {
    const refused = refusedFor(bytes) ?? '';
    assert.match(refused, /dep-1\.0\.0\.tgz/, what);
    assert.match(refused, reason, what);
  }
});

test('a host that cannot unpack renders no chart with packed dependencies', () => {
  const { list, read, stat, uriOf } = nodeFiles();
  assert.match(refusedFor(packedChart([harmless]), 'dep.tgz', { list, read, stat, uriOf }) ?? '', /it is packed/);
  assert.equal(
    planRenderings(memoryFiles({ '/w/c/Chart.yaml': 'name: c\n' }), ['/w/c/Chart.yaml'])[0]?.refused,
    undefined,
  );
});
