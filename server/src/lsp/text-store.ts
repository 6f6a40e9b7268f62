// The text of files as the editor sees it: the buffer of an open file, otherwise the last text read from its source.
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { FixHost } from '../engine/apply-fix.ts';
import type { Workspace } from '../engine/workspace.ts';

export class TextStore {
  readonly #open: { get(uri: string): TextDocument | undefined };
  readonly #read: (uri: string) => string | undefined;

  constructor(open: { get(uri: string): TextDocument | undefined }, read: (uri: string) => string | undefined) {
    this.#open = open;
    this.#read = read;
  }

  isOpen(uri: string): boolean {
    return this.#open.get(uri) !== undefined;
  }

  versionOf(uri: string): number | undefined {
    return this.#open.get(uri)?.version;
  }

  textOf(uri: string): string | undefined {
    return this.#open.get(uri)?.getText() ?? this.#read(uri);
  }

  /** For fixes in files of this workspace. */
  hostOf(workspace: Workspace): FixHost {
    return {
      textOf: (uri) => this.textOf(uri),
      exists: (uri) => this.textOf(uri) !== undefined,
      documentAt: (document) => workspace.documentAt(document),
    };
  }
}
