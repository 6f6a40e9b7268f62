// A document with more faults of one kind than anybody reads is a broken or hostile file: the first are listed, the last of them says
// that there are more.

/** Of one rule in one document. */
export const mostFindings = 1000;

interface Told {
  readonly rule: string;
  readonly message: string;
}

/** The first of each rule, in order. */
export function firstOfEachRule<T extends Told>(findings: readonly T[]): readonly T[] {
  if (findings.length <= mostFindings) return findings;
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const seen = new Map<string, number>();
  return findings.flatMap((finding) => {
    const { rule, message } = finding;
    const place = (seen.get(rule) ?? 0) + 1;
    seen.set(rule, place);
    if (place < mostFindings) return [finding];
    const more = counts.get(rule)! - mostFindings;
    if (place > mostFindings) return [];
    const rest = `${more} more findings of ${rule} in this document are not listed.`;
    return [more === 0 ? finding : { ...finding, message: `${message} ${rest}` }];
  });
}

/** The first that a rule gives of one manifest; it is not asked for the rest. Its steps are passed on. */
export function* firstOf<T extends { readonly message: string } | undefined>(
  rule: string,
  found: Iterable<T>,
): Generator<T> {
  let last: NonNullable<T> | undefined;
  let count = 0;
  for (const finding of found) {
    if (finding === undefined) {
      yield finding;
      continue;
    }
    if (last && count === mostFindings) {
      yield { ...last, message: `${last.message} Further findings of ${rule} in this manifest are not listed.` };
      return;
    }
    if (last) yield last;
    last = finding;
    count++;
  }
  if (last) yield last;
}
