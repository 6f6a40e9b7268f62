import { keptFor } from './kept-for.ts';

/** Made once for each list. */
export const setOf = keptFor((texts: readonly string[]): ReadonlySet<string> => new Set(texts));
