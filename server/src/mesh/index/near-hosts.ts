// Names to look up for a suggestion where there are too many to compare one by one.

/** So many names are compared one by one for a suggestion; beyond, only what is one slip away is looked up. */
export const scanned = 2000;

/** Every host that one swapped, missing, other or additional character makes of `host`, in that order. */
export function oneSlipFrom(host: string): readonly string[] {
  const cuts = Array.from({ length: host.length + 1 }, (_, i) => [host.slice(0, i), host.slice(i)] as const);
  return [
    ...cuts.map(([head, tail]) => head + tail.slice(1, 2) + tail.slice(0, 1) + tail.slice(2)),
    ...cuts.map(([head, tail]) => head + tail.slice(1)),
    ...cuts.flatMap(([head, tail]) => letters.map((letter) => head + letter + tail.slice(1))),
    ...cuts.flatMap(([head, tail]) => letters.map((letter) => head + letter + tail)),
  ].filter((other) => other !== host);
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789-.'.split('');
