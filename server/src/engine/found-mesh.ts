// The mesh settings in the files of a folder, combined with the user's settings.
import { plainMaps } from '../base/plain-maps.ts';
import { defaultMeshSettings, type MeshSettings } from '../mesh/settings.ts';
import type { FileFacts } from '../sources/file-facts.ts';
import { findMeshSettings, mergeMeshSettings, type MeshSettingsFound } from '../sources/mesh-settings.ts';
import type { EngineSettings } from './settings.ts';

export class FoundMesh {
  readonly #byFile = new Map<string, readonly MeshSettingsFound[]>();

  /** Whether a file's text makes another mesh of it. */
  read(uri: string, text: string, { leftAlone }: FileFacts): boolean {
    return this.set(uri, leftAlone === undefined ? findMeshSettings(text, uri) : []);
  }

  /** True if a file says something else than before. */
  set(uri: string, found: readonly MeshSettingsFound[]): boolean {
    const before = this.#byFile.get(uri) ?? [];
    if (found.length === 0 && before.length === 0) return false;
    if (found.length === 0) this.#byFile.delete(uri);
    else this.#byFile.set(uri, found);
    return JSON.stringify(before, plainMaps) !== JSON.stringify(found, plainMaps);
  }

  /** Settings override files, and files override a cluster. */
  under({ mesh, clusterMesh }: EngineSettings): MeshSettings {
    return { ...defaultMeshSettings, ...clusterMesh, ...mergeMeshSettings([...this.#byFile.values()].flat()), ...mesh };
  }
}

/** The version that documents are read for. */
export function readVersion({ mesh, clusterMesh }: EngineSettings): string {
  return mesh.istioVersion ?? clusterMesh?.istioVersion ?? defaultMeshSettings.istioVersion;
}
