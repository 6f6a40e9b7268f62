// The supported Istio releases are listed once, in `server/src/model/istio-releases.ts`. To support another one is one line and
// `npm run generate`; nothing else in the tree lists them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { releaseFiles } from '../../server/build/generate-releases.ts';
import { assertSum, pins } from '../../server/build/schemas/modules.ts';
import { help } from '../../server/src/cli/help.ts';
import { defaultMeshSettings } from '../../server/src/mesh/settings.ts';
import {
  istioReleases,
  newestVersion,
  oldestVersion,
  supportedVersions,
} from '../../server/src/model/istio-releases.ts';
import { projectRoot } from './source-tree.ts';
import { readTexts, type Texts } from './texts.ts';

const onDisk = (path: string) => readFileSync(join(projectRoot, path), 'utf8');

const listed = /(?<![\d.])1\.\d\d(?!\.?\d)(?:["'`%,|\s]+1\.\d\d(?!\.?\d)){2,}/g;
const ranged = /(?<![\d.])(1\.\d\d)(?!\.?\d)["'`]?\s*(?:\.\.+|…|-|–|to|through|until)\s*["'`]?(1\.\d\d)(?!\.?\d)/g;

/** Lists of three releases or more, and ranges that end at the oldest or the newest one. */
function releaseLists(texts: Texts): readonly string[] {
  return [...texts].flatMap(([path, text]) => {
    const ranges = [...text.matchAll(ranged)].filter(([, from, to]) => from === oldestVersion || to === newestVersion);
    return [...text.matchAll(listed), ...ranges].map((match) => `${path}: ${match[0].replaceAll(/\s+/g, ' ')}`);
  });
}

/** The list itself, what is generated from it, facts of one release, and the record of what a release brought. */
const exempt = new Set([
  'server/src/model/istio-releases.ts',
  'schemas/index.json',
  'CHANGELOG.md',
  'server/docs/istio-semantics.md',
  'server/docs/istio-semantics-classic.md',
  'test/tidy/releases.test.ts',
  ...releaseFiles(supportedVersions).map(({ path }) => path),
]);

test('the check finds lists and ranges of releases', () => {
  const lists = [
    `const a = ['${oldestVersion}', '1.28', '${newestVersion}'];`,
    `Istio ${oldestVersion}, 1.25, 1.26`,
    `${oldestVersion}..${newestVersion}`,
    `Istio ${oldestVersion} to ${newestVersion}`,
    `"1.26",\n  "1.27",\n  "1.28"`,
  ];
  for (const text of lists) assert.equal(releaseLists(new Map([['a', text]])).length, 1, text);
  const others = [
    `istioVersion: "${newestVersion}"`,
    'since 1.28, and 1.30 before',
    'v1.24.0 to v1.31.0',
    '10.1.24, 1.1.25, 1.1.26',
  ];
  for (const text of others) assert.deepEqual(releaseLists(new Map([['a', text]])), [], text);
});

test('no other list of releases is written by hand', () => {
  const texts = new Map([...readTexts()].filter(([path]) => !exempt.has(path)));
  assert.ok(texts.size > 500, `${texts.size} texts`);
  assert.deepEqual(releaseLists(texts), []);
});

test('what is generated from the list is current', () => {
  for (const { path, text } of releaseFiles(supportedVersions))
    assert.ok(text === onDisk(path), `${path}: npm run generate`);
});

test('one more release in the list changes everything that names them', () => {
  const files = releaseFiles([...supportedVersions, '1.99']);
  assert.deepEqual(
    files.map(({ path }) => path),
    ['package.json', 'schemas/istio-egress.schema.json', 'README.md'],
  );
  for (const { path, text } of files) assert.ok(text.includes('1.99') && !onDisk(path).includes('1.99'), path);
  assert.match(files[0]!.text, /"",\s+"1\.99",/);
  assert.match(files[0]!.text, /"Istio 1\.99\."/);
  assert.ok(files[2]!.text.includes(`${oldestVersion} to 1.99`));
});

test('schemas, help and defaults follow the list', () => {
  assert.deepEqual(
    pins.map((pin) => [pin.istio, pin.api.version, pin.gatewayApi.version]),
    istioReleases.map(({ istio, api, gatewayApi }) => [istio, api, gatewayApi]),
  );
  assert.ok(help(undefined).includes(`--istio-version ${oldestVersion}..${newestVersion} `));
  assert.equal(defaultMeshSettings.istioVersion, newestVersion);
});

test('a module that was recorded keeps its checksum, and a new one is taken', () => {
  assert.throws(() => assertSum('m@v1', 'h1:b', { 'm@v1': 'h1:a' }), /has checksum h1:b/);
  assertSum('m@v1', 'h1:a', { 'm@v1': 'h1:a' });
  assertSum('m@v2', 'h1:b', { 'm@v1': 'h1:a' });
});
