// The client capabilities that results depend on.
import type { ClientCapabilities } from 'vscode-languageserver';

/** What the user's editor can show. */
export interface Editor {
  /** It fills in the places of what it completes. */
  readonly snippets: boolean;
  /** The client can show an edit and ask for a confirmation before it applies it. */
  readonly annotates: boolean;
  /** It takes the place that leads to a definition beside the definition. */
  readonly links: boolean;
  /** It asks for diagnostics, and can be told to ask again. */
  readonly pullsDiagnostics: boolean;
}

export function editorOf({ textDocument, workspace }: ClientCapabilities): Editor {
  return {
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    annotates: workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
    pullsDiagnostics: textDocument?.diagnostic !== undefined && workspace?.diagnostics?.refreshSupport === true,
    links: textDocument?.definition?.linkSupport === true,
  };
}
