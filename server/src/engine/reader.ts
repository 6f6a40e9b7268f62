// The interface for reading files that front ends need; the host implements it.
import type { FileFacts } from '../sources/file-facts.ts';
import type { RenderJob } from '../sources/rendered/plan-renderings.ts';
import type { Requirements } from '../model/requirements.ts';
import type { EngineSettings } from './settings.ts';
import type { MeshSettings } from '../mesh/settings.ts';

export interface ReadFile {
  readonly uri: string;
  readonly text: string;
  readonly facts: FileFacts;
}

/** A file or document that was skipped, and the reason as a phrase. */
export interface Skipped {
  readonly uri: string;
  /** A phrase for messages, for example `Helm template`. */
  readonly why: string;
  /** True for an overlay that is for another mesh than the one that is read now. */
  readonly isBeside?: boolean;
  /** For settings that are missing because their file cannot be read: the reason. */
  readonly unreadable?: string;
}

export interface FolderReader {
  /** Every manifest below a folder (or the one file), lazily; what was skipped; and undefined if only time has passed. */
  readonly files: (folder: string) => Iterable<ReadFile | Skipped | undefined>;
  /** What a file's place says of it, whatever its text; empty until the folder was read. */
  readonly factsOf: (folder: string, uri: string) => FileFacts;
  /** One file of a folder as it is now; undefined if it is gone, no manifest, or not to be read. */
  readonly file: (folder: string, uri: string) => ReadFile | undefined;
  /** The charts and overlays of a folder that tools could render; looks for them where the folder was not read yet. */
  readonly jobs: (folder: string) => readonly RenderJob[];
  /** What the nearest `.istio-egress.yaml` from the folder upwards says. `rules` are the ids that it may name. */
  readonly configuration: (folder: string, rules: readonly string[]) => FolderConfiguration;
}

/** What a folder's files say; each part is absent where they say nothing. */
export interface FolderConfiguration {
  /** The file. */
  readonly uri?: string;
  readonly mesh?: Partial<MeshSettings>;
  readonly severities?: EngineSettings['severities'];
  readonly completeKinds?: EngineSettings['completeKinds'];
  readonly defaultNamespace?: string | undefined;
  readonly requirements?: Requirements | undefined;
  /** What is wrong with those files, each with its place. */
  readonly problems?: readonly Skipped[];
}

/** Which setting wins: a user's, else the folder's own files, else Istio's defaults. */
export function resolveSettings(
  own: Partial<Omit<EngineSettings, 'mesh'>> & {
    readonly istioVersion?: string | undefined;
    readonly mesh?: Partial<MeshSettings>;
  },
  folder: FolderConfiguration,
  otherwise: EngineSettings,
): EngineSettings {
  return {
    mesh: {
      ...otherwise.mesh,
      ...folder.mesh,
      ...own.mesh,
      ...(own.istioVersion === undefined ? {} : { istioVersion: own.istioVersion }),
    },
    severities: { ...otherwise.severities, ...folder.severities, ...own.severities },
    firmSeverities: own.severities,
    completeKinds: own.completeKinds ?? folder.completeKinds ?? otherwise.completeKinds,
    requirements: folder.requirements,
    defaultNamespace: own.defaultNamespace ?? folder.defaultNamespace ?? otherwise.defaultNamespace,
  };
}

/** Of nothing at all. */
export const emptyReader: FolderReader = {
  files: () => [],
  factsOf: () => ({}),
  file: () => undefined,
  jobs: () => [],
  configuration: () => ({}),
};
