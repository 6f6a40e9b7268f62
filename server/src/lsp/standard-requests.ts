// The requests of standard LSP that the server answers: how their parameters are read, by which handler, and what an internal error leaves.
import {
  CallHierarchyIncomingCallsRequest,
  CallHierarchyOutgoingCallsRequest,
  CallHierarchyPrepareRequest,
  CodeActionRequest,
  CodeActionResolveRequest,
  CodeLensRequest,
  CodeLensResolveRequest,
  CompletionRequest,
  CompletionResolveRequest,
  DefinitionRequest,
  DocumentDiagnosticRequest,
  DocumentHighlightRequest,
  DocumentLinkRequest,
  DocumentOnTypeFormattingRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  SelectionRangeRequest,
  SemanticTokensRequest,
  TypeDefinitionRequest,
  WorkspaceDiagnosticRequest,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver';
import { endpoint, type Endpoint } from './handler.ts';
import { callHierarchyIncoming, callHierarchyOutgoing, prepareCallHierarchy } from './handlers/call-hierarchy.ts';
import { codeAction } from './handlers/code-action.ts';
import { codeLens, resolveCodeLens } from './handlers/code-lens.ts';
import { completion, resolveCompletion } from './handlers/completion.ts';
import { definition, typeDefinition } from './handlers/definition.ts';
import {
  documentLink,
  foldingRange,
  onTypeFormatting,
  selectionRange,
  semanticTokens,
} from './handlers/document-structure.ts';
import { documentDiagnostic, workspaceDiagnostic } from './handlers/pull-diagnostics.ts';
import { workspaceSymbol } from './handlers/workspace-symbol.ts';
import { documentSymbol } from './handlers/document-symbol.ts';
import { hover } from './handlers/hover.ts';
import { inlayHint } from './handlers/inlay-hint.ts';
import { prepareRename, rename } from './handlers/rename.ts';
import { documentHighlight, references } from './handlers/references.ts';
import { resolveRefactorAction } from './refactor-actions.ts';
import { callHierarchyParams } from './protocol/call-hierarchy.ts';
import { anyObject } from './protocol/read.ts';
import {
  inDocument,
  inRange,
  atPosition,
  codeActionParams,
  completionItemParams,
  lensParams,
  referencesParams,
  renameParams,
  documentDiagnosticParams,
  workspaceDiagnosticParams,
  onTypeParams,
  selectionRangeParams,
  workspaceSymbolParams,
} from './protocol/standard.ts';

export const standardRequests: Readonly<Record<string, Endpoint>> = {
  [HoverRequest.method]: endpoint(atPosition, hover, { empty: null, needsNoFindings: true }),
  [CompletionRequest.method]: endpoint(atPosition, completion, { empty: [], needsNoFindings: true }),
  [CompletionResolveRequest.method]: endpoint(completionItemParams, resolveCompletion, { needsNoFindings: true }),
  [CodeActionRequest.method]: endpoint(codeActionParams, codeAction, { empty: [] }),
  [CodeActionResolveRequest.method]: endpoint(anyObject, resolveRefactorAction),
  [CodeLensRequest.method]: endpoint(inDocument, codeLens, { empty: [] }),
  [CodeLensResolveRequest.method]: endpoint(lensParams, resolveCodeLens),
  [InlayHintRequest.method]: endpoint(inRange, inlayHint, { empty: [] }),
  [DefinitionRequest.method]: endpoint(atPosition, definition, { empty: [] }),
  [TypeDefinitionRequest.method]: endpoint(atPosition, typeDefinition, { empty: [] }),
  [ReferencesRequest.method]: endpoint(referencesParams, references, { empty: [] }),
  [DocumentHighlightRequest.method]: endpoint(atPosition, documentHighlight, { empty: [], needsNoFindings: true }),
  [PrepareRenameRequest.method]: endpoint(atPosition, prepareRename),
  [RenameRequest.method]: endpoint(renameParams, rename),
  [CallHierarchyPrepareRequest.method]: endpoint(atPosition, prepareCallHierarchy, { empty: null }),
  [CallHierarchyIncomingCallsRequest.method]: endpoint(callHierarchyParams, callHierarchyIncoming, { empty: [] }),
  [CallHierarchyOutgoingCallsRequest.method]: endpoint(callHierarchyParams, callHierarchyOutgoing, { empty: [] }),
  [DocumentDiagnosticRequest.method]: endpoint(documentDiagnosticParams, documentDiagnostic),
  [WorkspaceDiagnosticRequest.method]: endpoint(workspaceDiagnosticParams, workspaceDiagnostic, {
    empty: { items: [] },
  }),
  [FoldingRangeRequest.method]: endpoint(inDocument, foldingRange, { empty: [], needsNoFindings: true }),
  [SelectionRangeRequest.method]: endpoint(selectionRangeParams, selectionRange, { empty: [], needsNoFindings: true }),
  [DocumentLinkRequest.method]: endpoint(inDocument, documentLink, { empty: [] }),
  [SemanticTokensRequest.method]: endpoint(inDocument, semanticTokens, { empty: { data: [] }, needsNoFindings: true }),
  [DocumentOnTypeFormattingRequest.method]: endpoint(onTypeParams, onTypeFormatting, {
    empty: [],
    needsNoFindings: true,
  }),
  [WorkspaceSymbolRequest.method]: endpoint(workspaceSymbolParams, workspaceSymbol, { empty: [] }),
  [DocumentSymbolRequest.method]: endpoint(inDocument, documentSymbol, { empty: [], needsNoFindings: true }),
};
