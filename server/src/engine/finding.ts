import type { Span } from '../base/span.ts';
import type { Position } from '../base/line-index.ts';
import type { Severity } from '../rules/rule.ts';
import type { DocumentId } from '../model/resource.ts';

/** A finding as the faces of the product show it: the rule's, with its place in a file and the severity that settings give it. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly uri: string;
  /** In the file. */
  readonly span: Span;
  readonly range: { readonly start: Position; readonly end: Position };
  readonly document: DocumentId;
  /** The resource that it is about; undefined for syntax. `id` as in `Resource`. */
  readonly resource:
    | { readonly id: number; readonly kind: string; readonly namespace: string; readonly name: string }
    | undefined;
  readonly related: readonly {
    readonly uri: string;
    readonly span: Span;
    readonly range: { readonly start: Position; readonly end: Position };
    readonly message: string;
  }[];
  readonly data: unknown;
  /** Its location in rendered text, if its own location is in a source file. */
  readonly rendered?: { readonly uri: string; readonly span: Span };
}
