/**
 * The candidate that `word` probably means: fewest typing errors (a letter more, less, other, or two
 * swapped), then the same letters in other case, then the earlier. Undefined if none is within about a third of the word.
 */
export function nearest(
  word: string,
  candidates: Iterable<string>,
  options: { readonly maxDistance?: number } = {},
): string | undefined {
  const limit = options.maxDistance ?? Math.max(1, Math.floor((word.length + 1) / 3));
  const lower = word.toLowerCase();
  let best: { readonly candidate: string; readonly rank: number } | undefined;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const folded = slips(lower, candidate.toLowerCase());
    // Case is the cheapest slip: it decides between candidates, and a word in other case is near however long it is.
    const rank = folded + (folded === 0 && candidate === word ? 0 : Math.min(0.9, slips(word, candidate) / 100));
    if (folded <= limit && (!best || rank < best.rank)) best = { candidate, rank };
  }
  return best?.candidate;
}

/** Damerau-Levenshtein distance (optimal string alignment). */
function slips(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
