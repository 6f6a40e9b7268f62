// A random mesh of the oracle as a workspace, in which namespaces join the mesh in each way.
import { stringify } from 'yaml';
import { defaultSettings } from '../../server/src/engine/settings.ts';
import type { Workspace } from '../../server/src/engine/workspace.ts';
import { base, samples, type Profile, type Sample } from '../oracle/generate.ts';
import { profiles } from '../oracle/profiles/all.ts';
import { settingsOf } from '../oracle/settings.ts';
import { classicProfiles, classicSample, type ClassicSample } from '../oracle/classic/sample.ts';
import type { MeshSettings } from '../../server/src/mesh/settings.ts';
import { readMeshConfig } from '../../server/src/sources/mesh-config.ts';
import { parseDocument } from '../../server/src/yaml/parse.ts';
import { newWorkspace } from './workspace.ts';

export interface RandomWorkspace {
  /** Which one it is, to find it again. */
  readonly title: string;
  readonly workspace: Workspace;
  /** By file. */
  readonly texts: ReadonlyMap<string, string>;
}

/** About so many, of all profiles. */
export function* randomWorkspaces(seed: number, wanted: number): Iterable<RandomWorkspace> {
  const kinds = Object.entries({ base, ...profiles });
  for (const [name, profile] of kinds)
    for (const [i, sample] of samples(seed, Math.ceil(wanted / kinds.length), profile).entries())
      yield { title: `${name} ${i}`, ...workspaceOf(sample, profile, i) };
}

/** About so many of clients with sidecars and egress gateways, of all profiles. What is refused is left to the checks. */
export function* classicWorkspaces(seed: number, wanted: number): Iterable<RandomWorkspace> {
  const names = Object.keys(classicProfiles);
  for (const name of names)
    for (let i = 0; i < Math.ceil(wanted / names.length); i++)
      yield { title: `${name} ${seed + i}`, ...classicWorkspace(classicSample(name, seed + i)) };
}

function classicWorkspace({ manifests, mesh }: ClassicSample): Omit<RandomWorkspace, 'title'> {
  return workspaceWith(readMeshConfig(parseDocument(JSON.stringify(mesh)).root), manifests);
}

function workspaceOf(sample: Sample, profile: Profile, number: number): Omit<RandomWorkspace, 'title'> {
  return workspaceWith(
    settingsOf(sample, profile),
    sample.manifests.map((manifest, n) => joining(manifest, n, number)),
  );
}

function workspaceWith(mesh: Partial<MeshSettings>, manifests: readonly object[]): Omit<RandomWorkspace, 'title'> {
  const workspace = newWorkspace({ mesh: { ...defaultSettings.mesh, ...mesh } });
  const texts = new Map(manifests.map((manifest, n) => [`file:///${n}.yaml`, stringify(manifest)]));
  for (const [uri, text] of texts) workspace.setFile(uri, text);
  workspace.refresh();
  return { workspace, texts };
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
