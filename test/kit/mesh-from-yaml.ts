// A mesh from manifests as text, for tests of the mesh and of what asks it.
import { readRecord, type DocumentRecord } from '../../server/src/engine/document.ts';
import { MeshIndex, type MeshIndexOptions } from '../../server/src/mesh/index/index-builder.ts';
import type { Mesh } from '../../server/src/mesh/mesh.ts';
import { defaultMeshSettings, type MeshSettings } from '../../server/src/mesh/settings.ts';
import type { Kind } from '../../server/src/model/kinds.ts';
import type { AnyResource, Resource } from '../../server/src/model/resource.ts';
import { splitDocuments } from '../../server/src/yaml/chunks.ts';

/** Texts by file name, or one text. */
export type Files = string | Readonly<Record<string, string>>;

export interface MeshOptions extends Omit<Partial<MeshIndexOptions>, 'mesh'> {
  /** What differs from Istio's defaults. */
  readonly settings?: Partial<MeshSettings>;
  /** Told every key that an answer rests on. */
  readonly record?: (key: string) => void;
  /** Counts what the API server refuses as it is written. */
  readonly written?: boolean;
}

export interface TestMesh {
  readonly mesh: Mesh;
  readonly index: MeshIndex;
  readonly resources: readonly AnyResource[];
  /** The resource of that kind and name (`name` or `namespace/name`); fails where there is none. */
  readonly find: <K extends Kind>(kind: K, name: string) => Resource<K>;
}

let nextId = 1;

/** Resources of the files, in order. Manifests that name no namespace are in `default`. */
export function resourcesFromYaml(files: Files): readonly AnyResource[] {
  return readFiles(files, defaultMeshSettings.istioVersion).flatMap(({ resources }) => resources);
}

/**
 * The mesh of the files, as an engine would build it; documents that are skipped count as such. What is refused is left out,
 * unless keys are recorded, as rules do.
 */
export function meshFromYaml(files: Files, options: MeshOptions = {}): TestMesh {
  const { settings, record, written = record !== undefined, ...vouching } = options;
  const mesh = { ...defaultMeshSettings, ...settings };
  const index = new MeshIndex({ mesh, ...vouching });
  const documents = readFiles(files, mesh.istioVersion);
  for (const { resources, recognition } of documents) {
    for (const resource of resources) index.add(resource);
    for (const { kind, namespace } of recognition.suppliesUnknown) index.addUnknown(kind, namespace);
  }
  const resources = documents.flatMap((document) => document.resources);
  return {
    mesh: written ? index.view(record && (({ key }) => record(key))) : index.inForce(),
    index,
    resources,
    find: (kind, name) => find(resources, kind, name),
  };
}

function readFiles(files: Files, istioVersion: string): DocumentRecord[] {
  const named = typeof files === 'string' ? { 'mesh.yaml': files } : files;
  return Object.entries(named).flatMap(([file, text]) =>
    splitDocuments(text).map((chunk) =>
      readRecord(chunk.text, {
        uri: `file:///${file}`,
        document: nextId++,
        defaultNamespace: 'default',
        overrideNamespace: undefined,
        nextId: () => nextId++,
        istioVersion,
      }),
    ),
  );
}

function find<K extends Kind>(resources: readonly AnyResource[], kind: K, name: string): Resource<K> {
  const found = resources.find(
    (one) => one.kind === kind && (one.name === name || `${one.namespace}/${one.name}` === name),
  );
  if (!found) throw new Error(`the test's mesh has no ${kind} ${name}`);
  return found as unknown as Resource<K>;
}

/** The waypoint `egress/wp`, which admits every namespace. */
export const waypointForAll = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: egress }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE, allowedRoutes: { namespaces: { from: All } } }] }
---`;
