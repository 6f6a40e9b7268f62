// Which characters are one character where case is ignored: Unicode's simple folding, as RE2 and Go have it.

/** Have a lower or upper case in JavaScript, and no simple folding in Unicode's CaseFolding.txt (status T only). */
const unfolded: ReadonlySet<number> = new Set([0x130, 0x131]);
const lastFolded = 0x1e943;
let orbits: ReadonlyMap<number, readonly number[]> | undefined;

/** With the character itself. */
export function sameInAnyCase(point: number): readonly number[] {
  if (point < 128 && !isLetter(point)) return [point];
  orbits ??= readOrbits();
  return orbits.get(point) ?? [point];
}

function isLetter(point: number): boolean {
  return (point >= 65 && point <= 90) || (point >= 97 && point <= 122);
}

function readOrbits(): ReadonlyMap<number, readonly number[]> {
  const members = new Map<number, number[]>();
  for (let point = 65; point <= lastFolded; point++) {
    const folded = fold(point);
    if (folded === point) continue;
    members.set(folded, [...(members.get(folded) ?? [folded]), point]);
  }
  return new Map([...members.values()].flatMap((all) => all.map((point) => [point, all] as const)));
}

function fold(point: number): number {
  if (unfolded.has(point)) return point;
  const upper = single(String.fromCodePoint(point).toUpperCase(), point);
  return single(String.fromCodePoint(upper).toLowerCase(), upper);
}

function single(text: string, otherwise: number): number {
  const point = text.codePointAt(0)!;
  return String.fromCodePoint(point) === text ? point : otherwise;
}
