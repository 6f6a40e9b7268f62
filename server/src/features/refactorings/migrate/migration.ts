// A migration with what it does to requests, side by side: those of the sets, and what the manifests declare besides.
import type { Draft } from '../../../engine/draft.ts';
import type { TraceRequest } from '../../../eval/trace/request.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { describe, type Resource } from '../../../model/resource.ts';
import { knownTraffic } from '../../facts/known-traffic.ts';
import { compare, type Difference } from '../proof.ts';
import { classicSet } from './classic-set.ts';
import { migrate } from './migrate.ts';

export interface Migration {
  /** The VirtualServices that lead to egress gateways today. */
  readonly services: readonly string[];
  readonly requests: readonly Difference[];
  readonly lost: readonly string[];
}

const mostCompared = 500;

/** Writes into the draft. Undefined where there is nothing to migrate, or it cannot be done. */
export function migration(
  draft: Draft,
  mesh: Mesh,
  services: readonly Resource<'VirtualService'>[],
  removes: boolean,
): Migration | undefined {
  const found = services.filter((service) => !service.refused && classicSet(mesh, service));
  const hosts = new Set(found.flatMap((service) => classicSet(mesh, service)?.entries ?? []));
  const lost = migrate(draft, mesh, found, removes);
  if (!lost) return undefined;
  const after = draft.mesh;
  const known: TraceRequest[] = [];
  for (const request of knownTraffic([mesh, after], (entry) => hosts.has(entry))) {
    if (known.length === mostCompared) break;
    known.push(request);
  }
  return { services: found.map(describe), requests: known.map((request) => compare(mesh, after, request)), lost };
}
