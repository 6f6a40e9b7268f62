// A seeded source of choices, for meshes that grow from one another: the same seed makes the same mesh.

export interface Random {
  readonly below: (limit: number) => number;
  /** True in that share of cases. */
  readonly chance: (share: number) => boolean;
  /** `rare` in that share of cases. */
  readonly either: <T>(share: number, rare: T, usual: T) => T;
  /** The fields in that share of cases, else none. */
  readonly maybe: (share: number, fields: object) => object;
  readonly pick: <T>(...values: readonly T[]) => T;
  /** In random order. */
  readonly shuffled: <T>(values: readonly T[]) => T[];
}

/** Mulberry32. */
export function randomFrom(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    chance: (share) => next() < share,
    either: (share, rare, usual) => (next() < share ? rare : usual),
    maybe: (share, fields) => (next() < share ? fields : {}),
    pick: (...values) => values[below(values.length)]!,
    shuffled: (values) => {
      const left = [...values];
      return values.map(() => left.splice(below(left.length), 1)[0]!);
    },
  };
}
