// From the list of supported Istio releases to every text that names them: the manifest, the schema of
// `.istio-egress.yaml` and the README. The help of the command line and messages read the list themselves.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { supportedVersions } from '../src/model/istio-releases.ts';
import type { Generated, GeneratedFile } from './generated.ts';

const root = resolve(import.meta.dirname, '../..');

export const releases: Generated = {
  name: 'releases',
  make: async () => ({ files: releaseFiles(supportedVersions) }),
};

type Rewrite = (text: string, versions: readonly string[]) => string;

const rewrites: Readonly<Record<string, Rewrite>> = {
  'package.json': withSetting,
  'schemas/istio-egress.schema.json': withVersionEnum,
  'README.md': withRange,
};

/** The files as they should be for `versions`, oldest first. */
export function releaseFiles(versions: readonly string[]): readonly GeneratedFile[] {
  return Object.entries(rewrites).map(([path, rewrite]) => ({
    path,
    text: rewrite(readFileSync(join(root, path), 'utf8'), versions),
  }));
}

const setting = 'istioEgress.istioVersion';

interface Manifest {
  readonly contributes: {
    readonly configuration: readonly {
      readonly properties: Record<string, { enum?: readonly string[]; enumDescriptions?: readonly string[] }>;
    }[];
  };
}

/** The setting offers the newest release first, after "automatic". */
function withSetting(text: string, versions: readonly string[]): string {
  const manifest = JSON.parse(text) as Manifest;
  const property = manifest.contributes.configuration.map(({ properties }) => properties[setting]).find(Boolean);
  if (!property) throw new Error(`package.json has no setting ${setting}`);
  const newestFirst = versions.toReversed();
  property.enum = ['', ...newestFirst];
  const automatic = property.enumDescriptions?.[0];
  if (automatic === undefined) throw new Error(`${setting} has no description of its automatic choice`);
  property.enumDescriptions = [automatic, ...newestFirst.map((version) => `Istio ${version}.`)];
  return print(manifest);
}

interface SettingsSchema {
  readonly definitions: { readonly version: { readonly anyOf: [{ enum?: readonly string[] }, ...unknown[]] } };
}

function withVersionEnum(text: string, versions: readonly string[]): string {
  const schema = JSON.parse(text) as SettingsSchema;
  schema.definitions.version.anyOf[0] = { enum: versions };
  return print(schema);
}

const range = /(<!-- generated: releases -->)[^<]*(<!-- end of generated -->)/g;

function withRange(text: string, versions: readonly string[]): string {
  if (text.search(range) < 0)
    throw new Error('README.md has no <!-- generated: releases --> … <!-- end of generated -->');
  return text.replace(range, `$1${versions[0]} to ${versions.at(-1)}$2`);
}

function print(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
