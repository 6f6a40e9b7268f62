// A random mesh of the oracle as a workspace, in which namespaces join the mesh in each way.
import { stringify } from 'yaml';
import { defaultSettings } from '../../server/src/engine/settings.ts';
import type { Workspace } from '../../server/src/engine/workspace.ts';
import { base, samples, type Profile, type Sample } from '../oracle/generate.ts';
import { profiles } from '../oracle/profiles/all.ts';
import { settingsOf } from '../oracle/settings.ts';
import { classicProfiles, classicSample, type ClassicSample } from '../oracle/classic/sample.ts';
import { readMeshConfig } from '../../server/src/sources/mesh-config.ts';
import { parseDocument } from '../../server/src/yaml/parse.ts';
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

/** About so many of clients with sidecars and egress gateways, of all profiles. What is refused is left to the checks. */
export function* classicWorkspaces(seed: number, wanted: number): Iterable<RandomWorkspace> {
  const names = Object.keys(classicProfiles);
  for (const name of names)
    for (let i = 0; i < Math.ceil(wanted / names.length); i++)
      yield { title: `${name} ${seed + i}`, workspace: classicWorkspace(classicSample(name, seed + i)) };
}

function classicWorkspace({ manifests, mesh }: ClassicSample): Workspace {
  const settings = readMeshConfig(parseDocument(JSON.stringify(mesh)).root);
  const workspace = newWorkspace({ mesh: { ...defaultSettings.mesh, ...settings } });
  for (const [n, manifest] of manifests.entries()) workspace.setFile(`file:///${n}.yaml`, stringify(manifest));
  workspace.refresh();
  return workspace;
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
