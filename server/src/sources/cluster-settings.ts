// What a cluster says of its mesh, as settings: below what a user or a folder says, above Istio's defaults.
import type { MeshSettings } from '../mesh/settings.ts';
import { newestVersion, oldestVersion } from '../model/istio-releases.ts';
import { parseDocument } from '../yaml/parse.ts';
import { readMeshConfig } from './mesh-config.ts';
import type { ControlPlane } from '../model/cluster-content.ts';

export function clusterMeshSettings(
  { namespace, version, meshText }: ControlPlane,
  context: string,
): Partial<MeshSettings> {
  const istioVersion = supportedOf(version);
  const read =
    meshText === undefined
      ? undefined
      : { rootNamespace: namespace, ...readMeshConfig(parseDocument(meshText).root), origin: `cluster:${context}` };
  return { cluster: context, ...(istioVersion !== undefined && { istioVersion }), ...read };
}

/** A newer one than those supported is taken for the newest; one that is older, or a build's placeholder such as 1.0.0, says nothing. */
function supportedOf(version: string | undefined): string | undefined {
  const [, minor] = /^v?1\.(\d+)/.exec(version ?? '') ?? [];
  const first = Number(oldestVersion.slice(2));
  const last = Number(newestVersion.slice(2));
  return minor === undefined || Number(minor) < first ? undefined : `1.${Math.min(last, Number(minor))}`;
}
