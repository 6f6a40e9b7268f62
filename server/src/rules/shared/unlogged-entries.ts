// Hosts behind a waypoint whose requests nothing logs.
import type { Mesh } from '../../mesh/mesh.ts';
import { accessLogFor } from '../../mesh/telemetry/telemetry-in-scope.ts';
import type { Resource } from '../../model/resource.ts';
import { entriesBehind } from './waypoint-objects.ts';

/** All ServiceEntries behind the waypoint, where no Telemetry asks for a log of any of them. */
export function unloggedEntries(mesh: Mesh, gateway: Resource<'Gateway'>): readonly Resource<'ServiceEntry'>[] {
  const entries = entriesBehind(mesh, gateway);
  return entries.every((entry) => isSilent(mesh, gateway, entry)) ? entries : [];
}

/** Where a Telemetry is there and does not count, other rules say why; before 1.31 one beside the entry may be too far for any. */
function isSilent(mesh: Mesh, gateway: Resource<'Gateway'>, entry: Resource<'ServiceEntry'>): boolean {
  const { state, by, reasons } = accessLogFor(mesh, entry, gateway);
  return state === 'not-logged' && by.length === 0 && reasons.every(({ why }) => why === 'version');
}
