import type { Requirements } from '../model/requirements.ts';
import type { Kind } from '../model/kinds.ts';
import type { MeshSettings } from '../mesh/settings.ts';
import type { FileFacts } from '../sources/file-facts.ts';
import type { Severity } from '../rules/rule.ts';

export type SeveritySetting = Severity | 'off';

/** What a user or a folder can choose about an analysis. */
export interface EngineSettings {
  /** Mesh settings that are said outright; what is absent comes from the files, else from Istio's defaults. */
  readonly mesh: Partial<MeshSettings>;
  /** By rule id; what is not named has the rule's own severity. */
  readonly severities: Readonly<Record<string, SeveritySetting>>;
  /** Settings of the user: they override those of files. */
  readonly firmSeverities?: Readonly<Record<string, SeveritySetting>> | undefined;
  /** Kinds that the folder fully covers; undefined means `completeByDefault` of mesh/index/vouching.ts. */
  readonly completeKinds: readonly Kind[] | undefined;
  /** Only some files of a folder are read: that one of a kind is there does not show that all are. */
  readonly isPartial?: boolean;
  /** Kinds that the cluster snapshot fully covers, in `suppliedNamespaces` or anywhere. */
  readonly suppliedKinds?: readonly Kind[] | undefined;
  readonly suppliedNamespaces?: readonly string[] | undefined;
  /** What a cluster says of its mesh: counts below `mesh` and the files. */
  readonly clusterMesh?: Partial<MeshSettings> | undefined;
  /** What the organisation requires of all egress. */
  readonly requirements?: Requirements | undefined;
  /** The namespace of manifests that name none. */
  readonly defaultNamespace: string;
}

export const defaultSettings: EngineSettings = {
  mesh: {},
  severities: {},
  completeKinds: undefined,
  defaultNamespace: 'default',
};

/** What is set for a rule in a file: a user's choice, else that of the nearest settings file. */
export function levelOf(settings: EngineSettings, rule: string, facts: FileFacts): SeveritySetting | undefined {
  return settings.firmSeverities?.[rule] ?? facts.severities?.[rule] ?? settings.severities[rule];
}
