// Which hosts of a list mean what an earlier one of it means, without comparing each with each: lists may have thousands.

/** Longer ones are refused by themselves. RFC 1035, with the star and its dot, or the dot at the end. */
const longestHost = 255;

/** For each host the first before it that it overlaps with, as written; undefined where there is none. */
export function earlierOverlaps(hosts: readonly string[]): readonly (string | undefined)[] {
  const below = firstBelow(hosts);
  const known = new Map<string, number>();
  const lengths = new Set<number>();
  return hosts.map((host, i) => {
    if (host.length > longestHost) return undefined;
    const body = bodyOf(host);
    const covering = [...lengths]
      .filter((length) => length <= body.length)
      .map((length) => known.get(`*${body.slice(body.length - length)}`));
    const all = [known.get(host), ...covering, isWildcard(host) ? below(host) : undefined];
    const first = Math.min(...all.map((index) => index ?? i));
    if (!known.has(host)) known.set(host, i);
    if (isWildcard(host)) lengths.add(body.length);
    return first < i ? hosts[first] : undefined;
  });
}

function isWildcard(host: string): boolean {
  return host.startsWith('*');
}

function bodyOf(host: string): string {
  return isWildcard(host) ? host.slice(1) : host;
}

/** The index of the first host that a wildcard covers: hosts that end alike stand side by side where they are sorted from their ends. */
function firstBelow(hosts: readonly string[]): (wildcard: string) => number | undefined {
  const sorted = hosts
    .map((host, index) => ({ key: reversed(bodyOf(host.slice(0, longestHost))), index }))
    .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
  const lowest = lowestIn(sorted.map(({ index }) => index));
  const placeOf = (isBefore: (key: string) => boolean): number => {
    let [from, to] = [0, sorted.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (isBefore(sorted[middle]!.key)) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  return (wildcard) => {
    const start = reversed(bodyOf(wildcard));
    return lowest(
      placeOf((key) => key < start),
      placeOf((key) => key < start || key.startsWith(start)),
    );
  };
}

function reversed(text: string): string {
  return text.split('').reverse().join('');
}

/** The lowest number from one place to before another, in the logarithm of their distance. */
function lowestIn(numbers: readonly number[]): (from: number, to: number) => number | undefined {
  const size = numbers.length;
  const tree = [...numbers, ...numbers];
  for (let at = size - 1; at > 0; at--) tree[at] = Math.min(tree[2 * at]!, tree[2 * at + 1]!);
  return (from, to) => {
    let lowest = Infinity;
    for (let [a, b] = [from + size, to + size]; a < b; a >>= 1, b >>= 1) {
      if (a & 1) lowest = Math.min(lowest, tree[a++]!);
      if (b & 1) lowest = Math.min(lowest, tree[--b]!);
    }
    return lowest === Infinity ? undefined : lowest;
  };
}
