// A migration with what it does to requests, side by side: those of the sets, and what the manifests declare besides.
import type { Draft } from '../../../engine/draft.ts';
import type { TraceRequest } from '../../../eval/trace/request.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { knownTraffic } from '../../facts/known-traffic.ts';
import { compare, type Difference } from '../proof.ts';
import { classicSet } from './classic-set.ts';
import { migrate } from './migrate.ts';
import type { Lead } from './requests-of-lead.ts';

export interface Migration {
  /** The routes of sidecars that lead to egress gateways today. */
  readonly leads: readonly Lead[];
  readonly requests: readonly Difference[];
  readonly lost: readonly string[];
}

const mostCompared = 500;

/** Writes into the draft. Undefined where there is nothing to migrate, or it cannot be done. */
export function migration(draft: Draft, mesh: Mesh, leads: readonly Lead[], removes: boolean): Migration | undefined {
  const found = leads.filter((lead) => !lead.refused && classicSet(mesh, lead));
  const hosts = new Set(found.flatMap((lead) => classicSet(mesh, lead)?.entries ?? []));
  const lost = migrate(draft, mesh, found, removes);
  if (!lost) return undefined;
  const after = draft.mesh;
  const known: TraceRequest[] = [];
  for (const request of knownTraffic([mesh, after], (entry) => hosts.has(entry))) {
    if (known.length === mostCompared) break;
    known.push(request);
  }
  return { leads: found, requests: known.map((request) => compare(mesh, after, request)), lost };
}
