import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { nodeFiles, pathOfUri, slashed, uriOfPath } from '../../../server/src/host/node/files.ts';
import { decodeText } from '../../../server/src/sources/decode.ts';
import { largestFile, linkToNothing, notAFile } from '../../../server/src/sources/file-system.ts';
import { planRenderings } from '../../../server/src/sources/rendered/plan-renderings.ts';
import { walk } from '../../../server/src/sources/walk.ts';
import { drained } from '../../../server/src/base/steps.ts';
import { scanWorkspace } from '../../../server/src/sources/workspace-files.ts';

let folder = '';
const files = nodeFiles();
const path = (name: string) => `${folder}/${name}`;

before(() => {
  folder = slashed(mkdtempSync(join(tmpdir(), 'istio-egress-files-')));
});
after(() => rmSync(folder, { recursive: true }));

const encodings: readonly {
  readonly what: string;
  readonly bytes: readonly number[] | Buffer;
  readonly read: unknown;
}[] = [
  { what: 'ASCII', bytes: Buffer.from('a: b\r\n'), read: ['a: b\r\n', 'utf-8'] },
  { what: 'UTF-8', bytes: Buffer.from('a: é🙂'), read: ['a: é🙂', 'utf-8'] },
  { what: 'UTF-8 with a mark', bytes: Buffer.from('\ufeffa: é'), read: ['a: é', 'utf-8-bom'] },
  { what: 'UTF-16 little endian', bytes: Buffer.from('\ufeffa: é🙂', 'utf16le'), read: ['a: é🙂', 'utf-16le'] },
  { what: 'UTF-16 big endian', bytes: Buffer.from('\ufeffa: é🙂', 'utf16le').swap16(), read: ['a: é🙂', 'utf-16be'] },
  { what: 'UTF-16 without a mark', bytes: Buffer.from('a: b', 'utf16le'), read: 'not a text file' },
  { what: 'Latin-1', bytes: [0x61, 0xe9, 0x62], read: 'not valid UTF-8 text' },
  { what: 'half a character of UTF-16', bytes: [0xff, 0xfe, 0x3d, 0xd8], read: 'not valid UTF-16 text' },
  { what: 'nothing', bytes: [], read: ['', 'utf-8'] },
  { what: 'a second mark is text', bytes: Buffer.from('\ufeff\ufeffa'), read: ['\ufeffa', 'utf-8-bom'] },
];
for (const { what, bytes, read } of encodings) {
  test(`decodes ${what}`, () => {
    writeFileSync(path('encoded.yaml'), Buffer.from(bytes as Uint8Array));
    for (const answer of [files.read(path('encoded.yaml')), decodeText(Uint8Array.from(bytes))])
      assert.deepEqual(answer.ok ? [answer.text, answer.encoding] : answer.reason, read);
  });
}

test('a file larger than the buffer is read whole, one over the limit is refused', () => {
  const text = `# ${'é'.repeat(300_000)}\na: b\n`;
  writeFileSync(path('large.yaml'), text);
  const read = files.read(path('large.yaml'));
  assert.ok(read.ok && read.text === text);
  writeFileSync(path('huge.yaml'), Buffer.alloc(largestFile + 1, 0x61));
  assert.deepEqual(files.read(path('huge.yaml')), { ok: false, reason: 'larger than 10 MB' });
  writeFileSync(path('huge.yaml'), Buffer.alloc(largestFile, 0x61));
  assert.ok(files.read(path('huge.yaml')).ok);
  rmSync(path('huge.yaml'));
});

test('what cannot be read gets a message', () => {
  mkdirSync(path('folder.yaml'));
  assert.deepEqual(
    [files.read(path('gone.yaml')), files.read(path('folder.yaml')), files.list(path('gone'))],
    [
      { ok: false, reason: 'not found' },
      { ok: false, reason: 'a folder, not a file' },
      { ok: false, reason: 'not found' },
    ],
  );
});

const noPipes = process.platform === 'win32' ? 'no pipes in folders' : false;

test('pipes, devices and links to nothing are there, are told, and are never waited for', { skip: noPipes }, () => {
  mkdirSync(path('odd'));
  execFileSync('mkfifo', [path('odd/pipe.yaml'), path('odd/values.schema.json')]);
  symlinkSync('/dev/zero', path('odd/device.yaml'));
  symlinkSync('nowhere', path('odd/nothing.yaml'));
  assert.deepEqual(files.read(path('odd/pipe.yaml')), { ok: false, reason: notAFile });
  for (const [name, reason] of [
    ['pipe.yaml', notAFile],
    ['device.yaml', notAFile],
    ['nothing.yaml', linkToNothing],
  ] as const) {
    assert.deepEqual(files.stat(path(`odd/${name}`)), {
      kind: 'other',
      real: slashed(realpathSync(path('odd'))) + `/${name}`,
      reason,
    });
    assert.deepEqual([...walk(files, [path(`odd/${name}`)])].flat(), [{ path: path(`odd/${name}`), reason }]);
  }
  assert.deepEqual(
    [...walk(files, [path('odd')])].flat().sort((a, b) => (a.path < b.path ? -1 : 1)),
    [
      { path: path('odd/device.yaml'), reason: notAFile },
      { path: path('odd/nothing.yaml'), reason: linkToNothing },
      { path: path('odd/pipe.yaml'), reason: notAFile },
      { path: path('odd/values.schema.json'), reason: notAFile },
    ],
  );
  writeFileSync(path('odd/Chart.yaml'), 'apiVersion: v2\nname: a\nversion: 1.0.0\n');
  assert.match(planRenderings(files, [path('odd/Chart.yaml')])[0]?.refused ?? '', /cannot be read: a pipe/);
});

test('what an option names may be a pipe', { skip: noPipes }, () => {
  const pipe = path('named-pipe');
  execFileSync('mkfifo', [pipe]);
  const writer = spawn('sh', ['-c', `printf 'a: b' > ${pipe}`]);
  try {
    assert.deepEqual(nodeFiles({ waits: true }).read(pipe), { ok: true, text: 'a: b', encoding: 'utf-8' });
  } finally {
    writer.kill();
  }
});

test('no permission', { skip: process.getuid?.() === 0 ? 'root may read everything' : false }, () => {
  writeFileSync(path('secret.yaml'), 'a: b');
  chmodSync(path('secret.yaml'), 0);
  assert.deepEqual(files.read(path('secret.yaml')), { ok: false, reason: 'permission denied' });
});

test('links on a real disk: each file once, no circle', () => {
  mkdirSync(path('walk/a'), { recursive: true });
  mkdirSync(path('outside'));
  writeFileSync(path('walk/a/one.yaml'), 'a: b');
  writeFileSync(path('outside/two.yaml'), 'a: b');
  symlinkSync(path('walk'), path('walk/a/loop'));
  symlinkSync(path('walk/a/one.yaml'), path('walk/same.yaml'));
  symlinkSync(path('outside'), path('walk/out'));
  symlinkSync(path('nowhere'), path('walk/broken.yaml'));
  symlinkSync(path('walk/circle.yaml'), path('walk/circle.yaml'));
  const { manifests, unreadable } = drained(scanWorkspace(files, [path('walk')]));
  assert.deepEqual(manifests, [path('walk/a/one.yaml'), path('walk/out/two.yaml')]);
  assert.deepEqual(unreadable.map((one) => one.path).sort(), [path('walk/broken.yaml'), path('walk/circle.yaml')]);
});

test('URIs are escaped as VS Code does it, and come back', () => {
  assert.equal(uriOfPath("/a b/ü/(1)!'*@#?%.yaml"), 'file:///a%20b/%C3%BC/%281%29%21%27%2A%40%23%3F%25.yaml');
  assert.equal(uriOfPath('C:/a'), 'file:///c%3A/a');
  for (const one of ['/a b/ü/(1)!.yaml', '/plain/x.yaml', '/']) assert.equal(pathOfUri(uriOfPath(one)), one);
  assert.equal(pathOfUri(pathToFileURL('/a b/@.yaml').href), '/a b/@.yaml');
  assert.deepEqual(['untitled:Untitled-1', 'file://host/x', 'file:///%zz'].map(pathOfUri), [
    undefined,
    undefined,
    undefined,
  ]);
});
