// Reads CustomResourceDefinitions out of the modules' folders.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { nameOf, pins, type MinorPins } from './modules.ts';
import type { OpenApiSchema } from './structure.ts';

/** One version of one kind in one release. */
export interface CrdVersion {
  readonly group: string;
  readonly kind: string;
  readonly scope: 'Namespaced' | 'Cluster';
  /** `v1`, `v1beta1`, ... */
  readonly version: string;
  readonly served: boolean;
  readonly channel: 'standard' | 'experimental';
  /** Minor version of the release: Istio's for Istio's kinds, the Gateway API's for its own. */
  readonly release: string;
  readonly schema: OpenApiSchema;
}

interface Crd {
  readonly kind: string;
  readonly spec: {
    readonly group: string;
    readonly scope: 'Namespaced' | 'Cluster';
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly schema: { readonly openAPIV3Schema: OpenApiSchema };
    }[];
  };
}

/** Oldest release first. */
export function readCrds(folders: ReadonlyMap<string, string>): readonly CrdVersion[] {
  return [
    ...pins.flatMap((pin) => readIstio(pin, folders)),
    ...gatewayPins().flatMap((pin) => readGatewayApi(pin, folders)),
  ];
}

function readIstio({ istio, api }: MinorPins, folders: ReadonlyMap<string, string>): readonly CrdVersion[] {
  const file = join(folders.get(nameOf(api))!, 'kubernetes/customresourcedefinitions.gen.yaml');
  return readFile(file).flatMap((crd) => versionsOf(crd, 'standard', istio));
}

/** Each minor of the Gateway API once, in its newest pinned patch. */
function gatewayPins(): readonly MinorPins['gatewayApi'][] {
  return [...new Map(pins.map(({ gatewayApi }) => [minorOf(gatewayApi.version), gatewayApi])).values()];
}

function readGatewayApi(pin: MinorPins['gatewayApi'], folders: ReadonlyMap<string, string>): readonly CrdVersion[] {
  return (['standard', 'experimental'] as const).flatMap((channel) => {
    const folder = join(folders.get(nameOf(pin))!, 'config/crd', channel);
    const files = readdirSync(folder)
      .filter((name) => name.startsWith('gateway.'))
      .sort();
    return files
      .flatMap((name) => readFile(join(folder, name)))
      .flatMap((crd) => versionsOf(crd, channel, minorOf(pin.version)));
  });
}

/** `v1.5.1` is of minor `1.5`. */
export function minorOf(version: string): string {
  return /^v?(\d+\.\d+)/.exec(version)?.[1] ?? version;
}

function readFile(file: string): readonly Crd[] {
  const documents = parseAllDocuments(readFileSync(file, 'utf8'));
  return [...documents]
    .map((document) => document.toJS() as Crd | null)
    .filter((crd): crd is Crd => crd?.kind === 'CustomResourceDefinition');
}

function versionsOf({ spec }: Crd, channel: CrdVersion['channel'], release: string): readonly CrdVersion[] {
  return spec.versions.map(({ name, served, schema }) => ({
    group: spec.group,
    kind: spec.names.kind,
    scope: spec.scope,
    version: name,
    served,
    channel,
    release,
    schema: schema.openAPIV3Schema,
  }));
}
