// What a folder's files say of settings, in the form that the faces of the product take.
import { LineIndex } from '../base/line-index.ts';
import type { Kind } from '../model/kinds.ts';
import type { MeshSettings } from '../mesh/settings.ts';
import { configFileName, readConfigFile, type ConfigFile, type Level } from './config-file.ts';
import type { FileSystem } from './file-system.ts';
import { readMeshSettings } from './mesh-settings.ts';
import { nameOf, upwards } from './paths.ts';

export interface FolderSettings {
  readonly mesh: Partial<MeshSettings>;
  readonly severities: Readonly<Record<string, Level>>;
  readonly completeKinds: readonly Kind[] | undefined;
  readonly defaultNamespace: string | undefined;
  /** Patterns of files that are not read. */
  readonly ignore: readonly string[];
  /** Mistakes in the settings, each with file, line and column in `why`. */
  readonly problems: readonly { readonly uri: string; readonly why: string }[];
}

export const noSettings: FolderSettings = { mesh: {}, severities: {}, completeKinds: undefined, defaultNamespace: undefined, ignore: [], problems: [] };

/** The text of an `.istio-egress.yaml`. */
export function readConfigText(text: string, uri: string): FolderSettings {
  const { errors, ...settings }: ConfigFile = readConfigFile(text, uri);
  const lines = new LineIndex(text);
  const problems = errors.map(({ message, span }) => {
    const { line, character } = lines.positionAt(span.start);
    return { uri, why: `${nameOf(uri)}:${line + 1}:${character + 1}: ${message}` };
  });
  return { ...settings, problems };
}

/** The text of a file that a person names as the mesh's configuration. */
export function readMeshConfigText(text: string, uri: string): Partial<MeshSettings> {
  return readMeshSettings(text, uri);
}

/** The nearest `.istio-egress.yaml` in a folder or above it. */
export function findConfiguration(files: FileSystem, folder: string): FolderSettings {
  for (const above of upwards(folder)) {
    const path = `${above === '/' ? '' : above}/${configFileName}`;
    const read = files.read(path);
    if (read.ok) return readConfigText(read.text, files.uriOf(path));
    if (files.stat(path) !== undefined) return { ...noSettings, problems: [{ uri: files.uriOf(path), why: `${configFileName}: ${read.reason}` }] };
  }
  return noSettings;
}
