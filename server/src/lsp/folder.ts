// One workspace folder: its files, settings and findings. Folders are independent.
import { layCluster, removeCluster, withClusterSettings } from '../engine/cluster-layer.ts';
import { resolveSettings, type FolderReader, type Skipped } from '../engine/reader.ts';
import { defaultSettings, type EngineSettings } from '../engine/settings.ts';
import { ruleIds } from '../engine/rule-ids.ts';
import { Workspace } from '../engine/workspace.ts';
import type { Rules } from '../engine/workspace-options.ts';
import { describe, type AnyResource } from '../model/resource.ts';
import { engineSettings } from './client-settings.ts';
import type { ClientSettings } from './protocol/settings.ts';
import type { ClusterContent } from '../model/cluster-content.ts';

export interface FolderOptions {
  readonly uri: string;
  readonly rules: Rules;
  readonly client: ClientSettings;
  readonly reader: FolderReader | undefined;
  readonly onRuleError: (rule: string, subject: AnyResource, error: unknown) => void;
}

export class Folder {
  readonly uri: string;
  readonly workspace: Workspace;
  /** Grows with each change of a file or of the settings: where things are may be different now. */
  version = 0;
  /** The file that is being read, or was read last. */
  reading = '';
  readonly #reader: FolderReader | undefined;
  readonly #rules: readonly string[];
  readonly #configUris = new Set<string>();
  /** Configuration files that cannot be read, with the reason. */
  readonly #unreadable = new Map<string, string>();
  readonly #skipped = new Map<string, Skipped>();
  #client: ClientSettings;
  #cluster: ClusterContent | undefined;
  /** Texts of open files as they were last read. */
  readonly #shown = new Map<string, string>();
  /** By file: the objects that it declared when the cluster was last added. */
  readonly #described = new Map<string, string>();

  constructor(options: FolderOptions) {
    this.uri = options.uri;
    this.#reader = options.reader;
    this.#rules = ruleIds(options.rules);
    this.#client = options.client;
    this.workspace = new Workspace({ ...options.rules, settings: this.#resolve(), onRuleError: options.onRuleError });
  }

  get skipped(): readonly Skipped[] {
    return [...this.#skipped.values()];
  }

  /** Its configuration files, those that are gone too. */
  get configUris(): Iterable<string> {
    return this.#configUris;
  }

  /** Why a configuration file cannot be read; undefined for one that can, or is gone. */
  unreadable(uri: string): string | undefined {
    return this.#unreadable.get(uri);
  }

  /** Whether its settings let charts and overlays be rendered. */
  get renders(): boolean {
    return this.#client.render?.enabled !== false;
  }

  contains(uri: string): boolean {
    return this.uri === '' || uri === this.uri || uri.startsWith(`${this.uri}/`);
  }

  /**
   * Reads every file that no editor holds; yields between documents, so that the caller can let other work through. `found` comes with
   * the first of them: what the places of files say of them is known from then on.
   */
  *read(isOpen: (uri: string) => boolean): Generator<'found' | undefined> {
    this.version++;
    this.#skipped.clear();
    this.#unreadable.clear();
    this.#note(this.#reader?.configuration(this.uri, this.#rules).problems);
    const seen = new Set<string>();
    for (const file of this.#reader?.files(this.uri) ?? []) {
      yield file && seen.size === 0 ? 'found' : undefined;
      if (!file) continue;
      seen.add(file.uri);
      this.reading = file.uri;
      if ('why' in file) {
        this.#skipped.set(file.uri, file);
        this.#note([file]);
      }
      if (!('why' in file) && !isOpen(file.uri)) yield* this.workspace.settingFile(file.uri, file.text, file.facts);
    }
    for (const uri of this.workspace.uris) if (!seen.has(uri) && !isOpen(uri)) this.workspace.removeFile(uri);
  }

  /** A file changed on disk, or an editor let go of it. */
  readAgain(uri: string): void {
    this.version++;
    this.#shown.delete(uri);
    const file = this.#reader?.file(this.uri, uri);
    if (file) this.workspace.setFile(uri, file.text, file.facts);
    else this.workspace.removeFile(uri);
  }

  /** The editor's text of a file; its facts are those that its place gives it. */
  setBuffer(uri: string, text: string): void {
    this.version++;
    this.workspace.setFile(uri, text, this.#reader?.factsOf(this.uri, uri) ?? {}, this.#shown.get(uri));
    this.#shown.set(uri, text);
  }

  setClientSettings(client: ClientSettings, textOf: (uri: string) => string | undefined): void {
    this.#client = client;
    this.applySettings(textOf);
  }

  /** What a cluster holds, for the next `underlay`. */
  setCluster(cluster: ClusterContent | undefined, textOf: (uri: string) => string | undefined): void {
    this.#cluster = cluster;
    removeCluster(this.workspace);
    this.applySettings(textOf);
  }

  /** Lays the cluster under the files as they are now; an edit that describes the same objects as before changes nothing there. */
  underlay(edited?: string): void {
    if (!this.#cluster) return;
    const now =
      edited === undefined
        ? ''
        : this.workspace
            .documents(edited)
            .flatMap(({ record }) => record.resources)
            .map(describe)
            .join('\n');
    if (edited === undefined) this.#described.clear();
    else if (this.#described.get(edited) === now) return;
    else this.#described.set(edited, now);
    layCluster(this.workspace, this.#cluster.objects, this.#cluster.context);
  }

  /** Reads the folder's own configuration again. */
  applySettings(textOf: (uri: string) => string | undefined): void {
    this.version++;
    this.workspace.setSettings(this.#resolve(), textOf);
  }

  #note(problems: readonly Skipped[] = []): void {
    for (const { uri, unreadable } of problems) {
      if (unreadable === undefined) continue;
      this.#configUris.add(uri);
      this.#unreadable.set(uri, unreadable);
    }
  }

  #resolve(): EngineSettings {
    const own = this.#reader?.configuration(this.uri, this.#rules) ?? {};
    if (own.uri !== undefined) this.#configUris.add(own.uri);
    this.#unreadable.clear();
    this.#note(own.problems);
    const settings = resolveSettings(engineSettings(this.#client), own, defaultSettings);
    return this.#cluster ? withClusterSettings(settings, this.#cluster) : settings;
  }
}
