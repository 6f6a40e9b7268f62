// Whose code the bundles hold: the notices that their licences ask for, and the list of components in CycloneDX.
import type { Metafile } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly folder: string;
}

/** Every package that a file of a bundle comes from, by name and version. */
function packagesIn(metafiles: readonly Metafile[]): readonly Package[] {
  const folders = new Set(
    metafiles.flatMap(({ inputs }) => Object.keys(inputs)).flatMap((file) => folderOf(file) ?? []),
  );
  return [...folders].map(readPackage).sort((a, b) => idOf(a).localeCompare(idOf(b), 'en'));
}

function folderOf(file: string): string | undefined {
  return /^(?:[^:]+:)?(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
}

function readPackage(folder: string): Package {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  if (typeof name !== 'string' || typeof version !== 'string' || typeof license !== 'string')
    throw new Error(`${folder}: its package.json names no licence`);
  return { name, version, license, folder };
}

function idOf({ name, version }: Package): string {
  return `${name}@${version}`;
}

/** The texts of the licences, as they come with the packages. */
export function noticesOf(metafiles: readonly Metafile[]): string {
  const parts = packagesIn(metafiles).map(
    (one) => `${'='.repeat(80)}\n${one.name} ${one.version} (${one.license})\n${'='.repeat(80)}\n\n${licenceOf(one)}\n`,
  );
  return `Istio Egress contains code of these packages.\n\n${parts.join('\n')}`;
}

function licenceOf({ name, folder }: Package): string {
  const files = readdirSync(join(root, folder)).filter((file) =>
    /^(licen[cs]e|copying|notice|thirdpartynotices)(\.(md|txt))?$/i.test(file),
  );
  if (files.length === 0) throw new Error(`${name}: no file with its licence`);
  return files
    .sort()
    .map((file) =>
      readFileSync(join(root, folder, file), 'utf8')
        .replaceAll('\r\n', '\n')
        .trim(),
    )
    .join('\n\n');
}

/** CycloneDX 1.6, without time and serial number: the same bundles have the same list. */
export function componentsOf(metafiles: readonly Metafile[]): string {
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license: string;
  };
  const packages = packagesIn(metafiles);
  const licenses = (license: string) => [
    /[ ()]/.test(license) ? { expression: license } : { license: { id: license } },
  ];
  const component = (type: string, { name, version, license }: Pick<Package, 'name' | 'version' | 'license'>) => ({
    type,
    'bom-ref': purlOf(name, version),
    name,
    version,
    licenses: licenses(license),
    purl: purlOf(name, version),
  });
  const list = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: component('application', own) },
    components: packages.map((one) => component('library', one)),
    dependencies: [
      { ref: purlOf(own.name, own.version), dependsOn: packages.map(({ name, version }) => purlOf(name, version)) },
    ],
  };
  return `${JSON.stringify(list, null, 2)}\n`;
}

/** https://github.com/package-url/purl-spec */
function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

export const noticesFile = 'THIRD_PARTY_NOTICES.txt';
export const componentsFile = 'sbom.cdx.json';
