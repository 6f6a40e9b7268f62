// What a session gets from the composition root.
import type { PublishDiagnosticsParams } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { FolderReader } from '../engine/reader.ts';
import type { RenderedReader } from '../engine/rendered-reader.ts';
import type { Rules } from '../engine/workspace-options.ts';
import type { Git } from '../sources/git.ts';
import type { Editor } from './editor.ts';
import type { Guard } from './guard.ts';
import type { Refresher } from './refresher.ts';

export interface SessionOptions {
  readonly documents: { get(uri: string): TextDocument | undefined; all(): TextDocument[] };
  readonly rules: Rules;
  /** Markdown by rule id. */
  readonly pages: () => ReadonlyMap<string, string>;
  /** Start of a page's URI, behind which `<rule>.md` stands; empty where the client shows none. */
  readonly pageBase: string;
  readonly reader: FolderReader | undefined;
  /** The same reader where it can render charts and overlays. */
  readonly rendered: RenderedReader | undefined;
  readonly readText: (uri: string) => string | undefined;
  readonly pathOf: (uri: string) => string | undefined;
  /** `2026-12-31`, in UTC. */
  readonly today: () => string;
  /** The repository around a folder; undefined if no programs can be run. */
  readonly git?: ((folder: string) => Git) | undefined;
  readonly send: (diagnostics: PublishDiagnosticsParams) => Promise<void>;
  readonly guard: Guard;
  readonly editor: Editor;
  /** Called after each change that can change results. */
  readonly refresher: Refresher;
  /** Lets waiting messages through. */
  readonly pause: () => Promise<void>;
}
