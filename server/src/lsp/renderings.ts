// Charts and overlays in an editor: rendered where the user trusts the workspace, and shown where their files say the same.
import type { Finding } from '../engine/finding.ts';
import type { Sources } from '../engine/to-source.ts';
import type { Skipped } from '../engine/reader.ts';
import type { RenderedReader } from '../engine/rendered-reader.ts';
import { asItIs, findingAtSource } from '../engine/to-source.ts';
import { isRenderedUri } from '../sources/rendered/rendered-files.ts';
import type { Folder } from './folder.ts';

type ByFile = ReadonlyMap<string, readonly Finding[]>;

export class Renderings {
  readonly #reader: RenderedReader | undefined;
  readonly sources: Sources;
  readonly #shown = new WeakMap<Folder, ByFile>();
  /** Folders of which something was rendered, or could not be, since their findings were placed. */
  readonly #moved = new WeakSet<Folder>();
  readonly #requested = new WeakMap<Folder, string>();
  /** One tool at a time: they are heavy, and each answers for what the files say when it starts. */
  #last: Promise<unknown> = Promise.resolve();
  trusted = false;

  constructor(reader: RenderedReader | undefined, textOf: (uri: string) => string | undefined) {
    this.#reader = reader;
    this.sources = { textOf, toSource: reader ? (uri, span) => reader.toSource(uri, span, textOf) : asItIs };
  }

  /** True if the folder has to be read again. `changed` are files that are others now; without them everything is rendered again. */
  render(folder: Folder, changed?: readonly string[]): Promise<boolean> {
    const reader = this.#reader;
    if (!reader || folder.uri === '') return Promise.resolve(false);
    this.#requested.set(folder, settingsOf(folder));
    const work = async () =>
      this.trusted && folder.renders
        ? reader.render(folder.uri, folder.workspace.settings.defaultNamespace, changed)
        : reader.forget(folder.uri);
    const done = this.#last.then(work).finally(() => this.#moved.add(folder));
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Whether settings that rendering depends on are others now. */
  isOld(folder: Folder): boolean {
    const requested = this.#requested.get(folder);
    return requested !== undefined && requested !== settingsOf(folder);
  }

  /** Finds the places of a folder's findings again; gives the files that show others than before. */
  place(folder: Folder, changed: ReadonlySet<string>, edited: string | undefined): ReadonlySet<string> {
    const before: ByFile = this.#shown.get(folder) ?? new Map();
    if (
      !this.#moved.delete(folder) &&
      ![...changed].some(isRenderedUri) &&
      (edited === undefined || !before.has(edited))
    )
      return new Set();
    const now = this.#byFile(folder);
    this.#shown.set(folder, now);
    return new Set([...before.keys(), ...now.keys()]);
  }

  shownIn(folder: Folder, uri: string): readonly Finding[] {
    return this.#shown.get(folder)?.get(uri) ?? [];
  }

  /** What could not be rendered, at its chart or kustomization. */
  notes(folder: Folder, uri: string): readonly Skipped[] {
    return this.#reader?.problems(folder.uri).filter((problem) => problem.uri === uri) ?? [];
  }

  #byFile(folder: Folder): ByFile {
    const files = new Map<string, Finding[]>(this.#reader?.problems(folder.uri).map(({ uri }) => [uri, []]));
    const seen = new Set<string>();
    for (const uri of [...folder.workspace.uris].filter(isRenderedUri))
      for (const found of folder.workspace.findings(uri)) {
        const finding = findingAtSource(found, this.sources);
        if (!finding) continue;
        // A loop renders one line many times.
        const key = JSON.stringify([finding.uri, finding.span, finding.rule, finding.message]);
        if (seen.has(key)) continue;
        seen.add(key);
        files.set(finding.uri, [...(files.get(finding.uri) ?? []), finding]);
      }
    return files;
  }
}

function settingsOf({ renders, workspace }: Folder): string {
  return `${renders} ${workspace.settings.defaultNamespace}`;
}
