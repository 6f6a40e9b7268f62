import type { HostOwner, Mesh } from '../mesh.ts';

/** What has a host that a pattern covers, by the normal form. Behind the star stands plain text. istio@86c9f01 pilot/pkg/model/config.go MostSpecificHostMatch. */
export function ownersCoveredBy(mesh: Mesh, pattern: string): readonly HostOwner[] {
  return pattern.startsWith('*') ? mesh.hostOwnersUnder(pattern.slice(1)) : mesh.hostOwners(pattern);
}
