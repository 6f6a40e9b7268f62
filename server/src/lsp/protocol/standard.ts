// Parameters of standard LSP, as far as the server reads them.
import { anyObject, anything, flag, listOf, object, optional, text, wholeNumber, type Reader } from './read.ts';
import type { Position } from '../../base/line-index.ts';
import { position, range, type Range } from './shared.ts';

export interface InDocument {
  readonly textDocument: { readonly uri: string };
}

export interface AtPosition extends InDocument {
  readonly position: Position;
}

export interface InRange extends InDocument {
  readonly range: Range;
}

export interface DocumentDiagnosticRequest extends InDocument {
  readonly previousResultId?: string;
}

export interface WorkspaceDiagnosticRequest {
  readonly previousResultIds: readonly { readonly uri: string; readonly value: string }[];
}

export interface WorkspaceSymbolRequest {
  readonly query: string;
}

export interface SelectionRangeRequest extends InDocument {
  readonly positions: readonly Position[];
}

export interface OnTypeRequest extends AtPosition {
  /** What was typed. */
  readonly ch: string;
}

export interface RenameRequest extends AtPosition {
  readonly newName: string;
}

export interface ReferencesRequest extends AtPosition {
  readonly context: { readonly includeDeclaration: boolean };
}

export interface CodeActionRequest extends InRange {
  /** `only`: the kinds that are wanted. `triggerKind`: 1 where the user asked, 2 where the editor did. */
  readonly context: { readonly only?: readonly string[]; readonly triggerKind?: number };
}

/** A code action as it was offered, where it came without an edit. */
export interface OfferedAction {
  readonly title: string;
  readonly kind: string;
  readonly data: InRange;
}

export interface CompletionItemRequest {
  readonly label: string;
  /** What the item was given when it was made. */
  readonly data: unknown;
}

export interface CodeLensRequest {
  readonly range: Range;
  /** What the lens was given when it was made. */
  readonly data: unknown;
}

const textDocument = object<{ readonly uri: string }>({ uri: text });

export const inDocument: Reader<InDocument> = object<InDocument>({ textDocument });
export const atPosition: Reader<AtPosition> = object<AtPosition>({ textDocument, position });
export const inRange: Reader<InRange> = object<InRange>({ textDocument, range });
export const renameParams: Reader<RenameRequest> = object<RenameRequest>({ textDocument, position, newName: text });
export const referencesParams: Reader<ReferencesRequest> = object<ReferencesRequest>({
  textDocument,
  position,
  context: object<ReferencesRequest['context']>({ includeDeclaration: flag }),
});
export const codeActionParams: Reader<CodeActionRequest> = object<CodeActionRequest>({
  textDocument,
  range,
  context: object<CodeActionRequest['context']>({ only: optional(listOf(text)), triggerKind: optional(wholeNumber) }),
});
export const offeredAction: Reader<OfferedAction> = object<OfferedAction>({ title: text, kind: text, data: inRange });
export const lensParams: Reader<CodeLensRequest> = object<CodeLensRequest>({ range, data: anything });
const labelled = object<CompletionItemRequest>({ label: text, data: anything });
/** With all that the item has: it goes back to the editor. */
export const completionItemParams: Reader<CompletionItemRequest> = (value, at) => ({
  ...anyObject(value, at),
  ...labelled(value, at),
});
export const workspaceSymbolParams: Reader<WorkspaceSymbolRequest> = object<WorkspaceSymbolRequest>({ query: text });
export const selectionRangeParams: Reader<SelectionRangeRequest> = object<SelectionRangeRequest>({
  textDocument,
  positions: listOf(position),
});
export const onTypeParams: Reader<OnTypeRequest> = object<OnTypeRequest>({ textDocument, position, ch: text });
export const documentDiagnosticParams: Reader<DocumentDiagnosticRequest> = object<DocumentDiagnosticRequest>({
  textDocument,
  previousResultId: optional(text),
});
export const workspaceDiagnosticParams: Reader<WorkspaceDiagnosticRequest> = object<WorkspaceDiagnosticRequest>({
  previousResultIds: listOf(
    object<WorkspaceDiagnosticRequest['previousResultIds'][number]>({ uri: text, value: text }),
  ),
});
