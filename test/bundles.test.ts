// What is packaged: the same bundles from the same sources, one build of the YAML parser in them, and notices for every package whose code they hold.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { buildProduct, root } from '../server/build/bundles.ts';
import { componentsFile, noticesFile } from '../server/build/third-party.ts';

const folders = ['out/bundles-one', 'out/bundles-two'] as const;
const [first] = folders;
let inputs: readonly string[] = [];
before(async () => {
  const [results] = [
    await buildProduct({ minify: true }, folders[0]),
    await buildProduct({ minify: true }, folders[1]),
  ];
  inputs = results.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {}));
});
after(() => {
  for (const folder of folders) rmSync(join(root, folder), { recursive: true, force: true });
});

function filesIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, folder).length + 1))
    .sort();
}

const bytes = (folder: string, file: string) => readFileSync(join(root, folder, file));

test('two builds are equal, byte by byte', () => {
  const files = filesIn(first);
  assert.ok(files.length >= 8, files.join());
  assert.deepEqual(filesIn(folders[1]), files);
  for (const file of files) assert.ok(bytes(first, file).equals(bytes(folders[1], file)), file);
});

test('no bundle names a folder of the machine that built it', () => {
  for (const file of filesIn(first)) assert.ok(!bytes(first, file).includes(root), file);
});

test('every bundle has the build of the YAML parser for browsers, and none has what only the build needs', () => {
  const packages = inputs.filter((file) => file.includes('node_modules/'));
  assert.ok(packages.some((file) => file.includes('node_modules/yaml/browser/')));
  assert.deepEqual(
    packages.filter((file) => /node_modules\/(?:yaml\/dist|ajv)\//.test(file)),
    [],
  );
});

test('the notices and the list of components have every package in the bundles', () => {
  const names = new Set(inputs.flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []));
  const notices = bytes(first, noticesFile).toString();
  const { bomFormat, specVersion, components, dependencies } = JSON.parse(bytes(first, componentsFile).toString()) as {
    readonly bomFormat: string;
    readonly specVersion: string;
    readonly components: readonly {
      readonly name: string;
      readonly version: string;
      readonly purl: string;
      readonly licenses: readonly unknown[];
    }[];
    readonly dependencies: readonly { readonly dependsOn: readonly string[] }[];
  };
  assert.deepEqual([bomFormat, specVersion], ['CycloneDX', '1.6']);
  assert.deepEqual(new Set(components.map(({ name }) => name)), names);
  assert.deepEqual(
    dependencies[0]?.dependsOn,
    components.map(({ purl }) => purl),
  );
  for (const { name, version, licenses } of components) {
    assert.equal(licenses.length, 1, name);
    const part = notices.split(`\n${name} ${version} (`)[1] ?? '';
    assert.match(part.slice(0, 600), /copyright|permission to use|license/i, name);
  }
});

test('the oldest VS Code that is declared is the one whose API types the client is compiled with', () => {
  const { engines, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly engines: { readonly vscode: string };
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const minor = (version: string) => version.replace(/^\^/, '').split('.').slice(0, 2).join('.');
  assert.equal(minor(devDependencies['@types/vscode']!), minor(engines.vscode));
});
