import type { LeftAlone } from '../model/recognise.ts';

/** What a file's place says of it, besides its text. */
export interface FileFacts {
  /** The namespace that a tool gives to all its resources, whatever they name. */
  readonly namespace?: string | undefined;
  /** Why the file is left alone. */
  readonly leftAlone?: LeftAlone | undefined;
}

export function sameFacts(a: FileFacts, b: FileFacts): boolean {
  return a.namespace === b.namespace && a.leftAlone === b.leftAlone;
}
