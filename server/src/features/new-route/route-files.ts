// The files of a new route, in the folder's habit: each manifest goes where its like is.
import type { Draft } from '../../engine/draft.ts';
import type { Workspace } from '../../engine/workspace.ts';
import { kindOf } from '../../model/kind-of.ts';
import { nameOf } from '../../sources/paths.ts';
import { printDocument } from '../../yaml/print.ts';
import { fileFor, kustomizationBeside, type FolderHabit } from './folder-habit.ts';
import { withResource } from './list-in-kustomization.ts';
import { plainOf, type RouteManifest } from './route-manifests.ts';

export interface RouteWriter {
  readonly draft: Draft;
  readonly workspace: Workspace;
  /** Where new files stand if no manifest shows it: a folder. */
  readonly home: string;
}

export class RouteFiles {
  readonly #writer: RouteWriter;
  readonly #habit: FolderHabit;
  /** Those that did not exist before, by the address that the habit gives them. */
  readonly #fresh = new Map<string, string>();

  constructor(writer: RouteWriter, habit: FolderHabit) {
    this.#writer = writer;
    this.#habit = habit;
  }

  /** `about`: what the file of one host, or of the gateway, is named after. */
  add(manifest: RouteManifest, about: string): void {
    const { draft, workspace } = this.#writer;
    const { layout, labels, style, withNamespace } = this.#habit;
    const usual = fileFor(this.#habit, manifest, about);
    const isShared =
      layout.kind === 'one-file' || (layout.kind === 'by-kind' && layout.uris.get(manifest.kind) === usual);
    const uri = isShared ? usual : this.#freshFile(usual);
    const facts = workspace.facts(uri);
    const given = facts.namespace ?? facts.defaultNamespace ?? workspace.settings.defaultNamespace;
    const plain = plainOf(
      {
        ...manifest,
        labels: { ...(kindOf(manifest.apiVersion, manifest.kind) === 'Gateway' ? {} : labels), ...manifest.labels },
      },
      withNamespace || given !== manifest.namespace,
    );
    const before = draft.textOf(uri) ?? '';
    const ended = before === '' || before.endsWith('\n') ? before : before + style.newline;
    const marker = before.trim() === '' ? '' : `---${style.newline}`;
    draft.setText(uri, ended + marker + printDocument(plain, { ...style, json: false }));
  }

  /** Kustomize reads only what a kustomization lists. Gives sentences about lists that the user has to edit. */
  listNewFiles(): readonly string[] {
    const { draft } = this.#writer;
    return [...this.#fresh.values()].flatMap((uri) => {
      const list = kustomizationBeside(uri, draft.textOf);
      const name = decodeURIComponent(nameOf(uri));
      const text = list === undefined ? undefined : draft.textOf(list);
      if (list === undefined || text === undefined) return [];
      const listed = withResource(text, name);
      if (listed === undefined) return [`Add ${name} to the resources of ${nameOf(list)}.`];
      draft.setText(list, listed);
      return [];
    });
  }

  #freshFile(usual: string): string {
    const known = this.#fresh.get(usual);
    if (known !== undefined) return known;
    let uri = usual;
    for (let n = 2; this.#writer.draft.exists(uri); n++) uri = usual.replace(/(\.ya?ml)$/, `-${n}$1`);
    this.#fresh.set(usual, uri);
    return uri;
  }
}
