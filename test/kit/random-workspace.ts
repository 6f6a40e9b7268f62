// A random mesh of the oracle as a workspace, in which namespaces join the mesh in each way.
import { stringify } from 'yaml';
import { defaultSettings } from '../../server/src/engine/settings.ts';
import type { Workspace } from '../../server/src/engine/workspace.ts';
import { base, samples, type Profile, type Sample } from '../oracle/generate.ts';
import { profiles } from '../oracle/profiles/all.ts';
import { settingsOf } from '../oracle/settings.ts';
import { newWorkspace } from './workspace.ts';

export interface RandomWorkspace {
  /** Which one it is, to find it again. */
  readonly title: string;
  readonly workspace: Workspace;
}

/** About so many, of all profiles. */
export function* randomWorkspaces(seed: number, wanted: number): Iterable<RandomWorkspace> {
  const kinds = Object.entries({ base, ...profiles });
  for (const [name, profile] of kinds)
    for (const [i, sample] of samples(seed, Math.ceil(wanted / kinds.length), profile).entries())
      yield { title: `${name} ${i}`, workspace: workspaceOf(sample, profile, i) };
}

function workspaceOf(sample: Sample, profile: Profile, number: number): Workspace {
  const workspace = newWorkspace({ mesh: { ...defaultSettings.mesh, ...settingsOf(sample, profile) } });
  for (const [n, manifest] of sample.manifests.entries())
    workspace.setFile(`file:///${n}.yaml`, stringify(joining(manifest, n, number)));
  workspace.refresh();
  return workspace;
}

const labels: readonly Readonly<Record<string, string>>[] = [
  {},
  { 'istio-injection': 'enabled' },
  { 'istio.io/dataplane-mode': 'ambient' },
];

/** The oracle is not asked how namespaces join, so its meshes leave it out: each third mesh of them stays so. */
function joining(manifest: Sample['manifests'][number], place: number, mesh: number): Sample['manifests'][number] {
  if (manifest['kind'] !== 'Namespace' || mesh % 3 === 0) return manifest;
  const metadata = { ...(manifest['metadata'] as object) } as { labels?: object };
  const own = labels[(place + Math.floor(mesh / 3)) % labels.length];
  return { ...manifest, metadata: { ...metadata, labels: { ...metadata.labels, ...own } } };
}
