// The capabilities that the server reports to a client.
import { CodeActionKind, TextDocumentSyncKind, type InitializeResult } from 'vscode-languageserver';
import { tokenModifiers, tokenTypes } from '../features/semantic-tokens.ts';
import type { Editor } from './editor.ts';
import { codeActionKinds } from './handlers/code-action.ts';

export function initializeResult(version: string, { pullsDiagnostics }: Editor): InitializeResult {
  return {
    serverInfo: { name: 'istio-egress', version },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      codeActionProvider: {
        codeActionKinds: [
          CodeActionKind.QuickFix,
          ...codeActionKinds.filter((kind) => kind !== CodeActionKind.QuickFix),
        ],
        resolveProvider: true,
      },
      completionProvider: { triggerCharacters: [' ', '/', ':', '-', '"', "'", '\n'], resolveProvider: true },
      hoverProvider: true,
      definitionProvider: true,
      typeDefinitionProvider: true,
      referencesProvider: true,
      documentHighlightProvider: true,
      callHierarchyProvider: true,
      foldingRangeProvider: true,
      selectionRangeProvider: true,
      documentLinkProvider: {},
      semanticTokensProvider: {
        legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
        full: true,
      },
      documentOnTypeFormattingProvider: { firstTriggerCharacter: '\n' },
      workspaceSymbolProvider: true,
      ...(pullsDiagnostics
        ? {
            diagnosticProvider: {
              identifier: 'istio-egress',
              interFileDependencies: true,
              workspaceDiagnostics: true,
            },
          }
        : {}),
      renameProvider: { prepareProvider: true },
      codeLensProvider: { resolveProvider: true },
      inlayHintProvider: true,
      documentSymbolProvider: true,
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}
