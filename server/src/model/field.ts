import { packed, unpacked, type PackedSpan } from '../base/packed-span.ts';
import type { Span } from '../base/span.ts';

/** A value read from a manifest and where it stands; spans count from the start of the resource's document. */
export interface Field<T> {
  readonly value: T;
  /** The value's text. */
  readonly span: Span;
  /** The key's text; for an item of a list the item's own span. */
  readonly key: Span;
}

/** A field that is kept: half the size. Its places are not to be compared by identity, and a copy of its properties has none. */
export class KeptField<T> implements Field<T> {
  readonly value: T;
  readonly at: PackedSpan;
  readonly keyAt: PackedSpan;

  constructor(value: T, span: Span, key: Span) {
    this.value = value;
    this.at = packed(span);
    this.keyAt = packed(key);
  }

  get span(): Span {
    return unpacked(this.at);
  }

  get key(): Span {
    return unpacked(this.keyAt);
  }
}
