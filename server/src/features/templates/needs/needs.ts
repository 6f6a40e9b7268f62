// What the mesh lacks, as manifests that give it: each is found by the functions that the rules ask.
import type { Mesh } from '../../../mesh/mesh.ts';
import type { Offer } from '../offer.ts';
import { missingAccessLogs, missingPolicies } from './control-needs.ts';
import { missingEntries, missingWaypoints } from './missing-objects.ts';
import { missingOrigination, missingSecretAccess } from './tls-needs.ts';

/** What fails for want of it before what is open for want of it. */
const kinds = [
  missingWaypoints,
  missingEntries,
  missingOrigination,
  missingSecretAccess,
  missingPolicies,
  missingAccessLogs,
];

const mostOfEach = 20;

/** Those of the nearest namespace first. */
export function needsOf(mesh: Mesh, near: string | undefined): readonly Offer[] {
  const all = kinds.flatMap((find) => [...take(find(mesh, near), mostOfEach)]);
  return [...all.filter(({ namespace }) => namespace === near), ...all.filter(({ namespace }) => namespace !== near)];
}

function* take<T>(all: Iterable<T>, most: number): Generator<T> {
  let count = 0;
  for (const one of all) {
    if (count++ >= most) return;
    yield one;
  }
}
