// The client capabilities that results depend on.
import type { ClientCapabilities, CodeActionClientCapabilities } from 'vscode-languageserver';
import type { InitializationOptions } from './protocol/settings.ts';

/** What the user's editor can show. */
export interface Editor {
  /** It fills in the places of what it completes. */
  readonly snippets: boolean;
  /** It has VS Code's command that opens the list again. */
  readonly suggestsAgain: boolean;
  /** The client can show an edit and ask for a confirmation before it applies it. */
  readonly annotates: boolean;
  /** It asks for the edit of a code action when the user chooses the action. */
  readonly resolvesActions: boolean;
  /** It takes the place that leads to a definition beside the definition. */
  readonly links: boolean;
  /** It asks for diagnostics, and can be told to ask again. */
  readonly pullsDiagnostics: boolean;
}

export function editorOf(
  { textDocument, workspace }: ClientCapabilities,
  { suggestsAgain = false }: Pick<InitializationOptions, 'suggestsAgain'>,
): Editor {
  return {
    suggestsAgain,
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
    annotates: workspace?.workspaceEdit?.changeAnnotationSupport !== undefined,
    pullsDiagnostics: textDocument?.diagnostic !== undefined && workspace?.diagnostics?.refreshSupport === true,
    resolvesActions: resolvesActions(textDocument?.codeAction),
    links: textDocument?.definition?.linkSupport === true,
  };
}

function resolvesActions(client: CodeActionClientCapabilities | undefined): boolean {
  return client?.dataSupport === true && client.resolveSupport?.properties.includes('edit') === true;
}
