// What becomes of routes in a migration.
import type { Mesh } from '../../../mesh/mesh.ts';
import type { Resource } from '../../../model/resource.ts';
import type { Change } from '../../../rules/rule.ts';
import type { Route } from '../../../rules/shared/route-targets.ts';

export interface CarriedRoutes {
  readonly changes: readonly Change[];
  readonly lost: readonly string[];
}

/** For a route of the entry. */
export function freeName(mesh: Mesh, kind: Route['kind'], { namespace, name }: Resource<'ServiceEntry'>): string {
  return mesh.named(kind, namespace, name).length > 0 ? `${name}-waypoint` : name;
}
