// The nearest name or host for a suggestion. Where there are too many to compare one by one, those one slip away are looked up.
import { nearest } from '../../base/nearest.ts';
import type { Kind } from '../../model/kinds.ts';
import type { Buckets } from './buckets.ts';
import { hostsOf, keys } from './keys.ts';

/** So many names are compared one by one for a suggestion; beyond, only what is one slip away is looked up. */
const scanned = 2000;

/** Where names are looked for. */
export function nearKey(kind: Kind, namespace: string | undefined): string {
  return namespace === undefined ? keys.all(kind) : keys.inNamespace(kind, namespace);
}

export function nearestName(
  buckets: Buckets,
  kind: Kind,
  namespace: string | undefined,
  name: string,
): string | undefined {
  const key = nearKey(kind, namespace);
  if (buckets.size(key) > scanned) return undefined;
  return nearest(
    name,
    buckets.get(key).map((resource) => resource.name),
  );
}

export function nearestHost(buckets: Buckets, clusterDomain: string, host: string): string | undefined {
  const everything = keys.under('');
  if (buckets.size(everything) > scanned) return oneSlipFrom(host).find((other) => buckets.has(keys.host(other)));
  return nearest(
    host,
    buckets.get(everything).flatMap((resource) => hostsOf(resource, clusterDomain)),
  );
}

/** Every host that one swapped, missing, other or additional character makes of `host`, in that order. */
function oneSlipFrom(host: string): readonly string[] {
  const cuts = Array.from({ length: host.length + 1 }, (_, i) => [host.slice(0, i), host.slice(i)] as const);
  return [
    ...cuts.map(([head, tail]) => head + tail.slice(1, 2) + tail.slice(0, 1) + tail.slice(2)),
    ...cuts.map(([head, tail]) => head + tail.slice(1)),
    ...cuts.flatMap(([head, tail]) => letters.map((letter) => head + letter + tail.slice(1))),
    ...cuts.flatMap(([head, tail]) => letters.map((letter) => head + letter + tail)),
  ].filter((other) => other !== host);
}

const letters = 'abcdefghijklmnopqrstuvwxyz0123456789-.'.split('');
