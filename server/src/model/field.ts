import type { Span } from '../base/span.ts';

/** A value read from a manifest and where it stands; spans count from the start of the resource's document. */
export interface Field<T> {
  readonly value: T;
  /** The value's text. */
  readonly span: Span;
  /** The key's text; for an item of a list the item's own span. */
  readonly key: Span;
}
