import type { Span } from '../../base/span.ts';

/** A place in a file. */
export interface Origin {
  readonly path: string;
  readonly span: Span;
}
