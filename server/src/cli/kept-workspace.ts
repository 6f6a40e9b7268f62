// The workspace of the last run in this process, for the next one: what is the same on disk is neither read nor checked again.
import { plainMaps } from '../base/plain-maps.ts';
import type { ReadFile } from '../engine/reader.ts';
import type { EngineSettings } from '../engine/settings.ts';
import type { Workspace } from '../engine/workspace.ts';
import { findMeshSettings } from '../sources/mesh-settings.ts';

/** A workspace with what its rules tell. */
export interface MadeWorkspace {
  readonly workspace: Workspace;
  /** Rules that threw: what they would have found is missing. */
  readonly failedRules: ReadonlySet<string>;
  /** Where failures of rules are told. */
  readonly teller: { stderr: (text: string) => void };
}

interface Kept extends MadeWorkspace {
  readonly settings: string;
  readonly files: ReadonlyMap<string, ReadFile>;
}

export class KeptWorkspace {
  #last: Kept | undefined;

  forget(): void {
    this.#last = undefined;
  }

  /** With these files and no others. The one that is kept, if it differs in files only; it is gone if something throws on the way. */
  withFiles(files: ReadonlyMap<string, ReadFile>, settings: EngineSettings, make: () => MadeWorkspace): MadeWorkspace {
    const asText = JSON.stringify(settings, plainMaps);
    const last = this.#take(asText, files);
    const made = last ?? make();
    update(made.workspace, last?.files ?? new Map(), files);
    this.#last = { ...made, settings: asText, files };
    return made;
  }

  /** Nothing holds on to one that is not usable: another is read in its place. */
  #take(settings: string, files: ReadonlyMap<string, ReadFile>): Kept | undefined {
    const last = this.#last;
    this.#last = undefined;
    return last?.settings === settings && !changesMesh(last.files, files) ? last : undefined;
  }
}

function update(
  workspace: Workspace,
  before: ReadonlyMap<string, ReadFile>,
  files: ReadonlyMap<string, ReadFile>,
): void {
  for (const uri of before.keys()) if (!files.has(uri)) workspace.removeFile(uri);
  for (const file of files.values())
    if (!isSame(before.get(file.uri), file)) workspace.setFile(file.uri, file.text, file.facts);
}

function isSame(before: ReadFile | undefined, { text, facts }: ReadFile): boolean {
  return before?.text === text && (before.facts === facts || JSON.stringify(before.facts) === JSON.stringify(facts));
}

/** Of mesh settings in several files the first one counts, and a file that is new to a workspace is its last. */
function changesMesh(before: ReadonlyMap<string, ReadFile>, files: ReadonlyMap<string, ReadFile>): boolean {
  const holdsSome = (file: ReadFile | undefined) =>
    file !== undefined && file.facts.leftAlone === undefined && findMeshSettings(file.text, file.uri).length > 0;
  for (const file of files.values()) {
    const last = before.get(file.uri);
    if (!isSame(last, file) && holdsSome(file) && !holdsSome(last)) return true;
  }
  return false;
}
