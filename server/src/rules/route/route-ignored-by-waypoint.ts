import type { Mesh } from '../../mesh/mesh.ts';
import { isExportedTo } from '../../mesh/hosts/visibility.ts';
import { describe, type AnyResource } from '../../model/resource.ts';
import { couldBeAmbient } from '../../mesh/clients/data-plane.ts';
import { isForMesh, istioNetworking, parentsOf, routeKinds } from '../shared/route-targets.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { bound, boundOwners, readsRoutesOf, type Bound } from '../shared/waypoint-objects.ts';
import { bindingInputs } from '../shared/inputs.ts';

type Subject = AnyResource<'VirtualService' | (typeof routeKinds)[number]>;

export const routeIgnoredByWaypoint = defineRule({
  id: 'route-ignored-by-waypoint',
  stage: 'route',
  summary: "A waypoint ignores a route for one of its hosts, because it does not read the route's namespace.",
  severity: 'warning',
  since: '0.1.0',
  peers: ['KIA1114'],
  subjects: ['VirtualService', ...routeKinds],
  inputs: bindingInputs,

  *check(route, mesh) {
    for (const { at, host } of placesOf(route, mesh)) {
      const [first] = host;
      if (!first || host.some((one) => isRead(mesh, one, route))) continue;
      yield ignored(route, at, first);
    }
  },

  *fixes({ outside, entry, waypoint }, route, mesh) {
    const home = outside ? entry : waypoint;
    if (outside && mesh.named(route.kind, home, route.name).length === 0)
      yield {
        title: `Move it to namespace ${home}`,
        safety: 'unsafe',
        changes: [{ op: 'set', in: route, path: ['metadata', 'namespace'], value: home }],
      };
    if (!outside)
      yield {
        title: `Export it to namespace ${home}`,
        safety: 'unsafe',
        changes: [
          { op: 'append', in: route, path: ['spec', 'exportTo'], value: home === route.namespace ? '.' : home },
        ],
      };
  },
});

interface Data {
  readonly outside: boolean;
  /** Namespaces. */
  readonly entry: string;
  readonly waypoint: string;
}

interface Place {
  readonly at: RuleFinding['at'];
  readonly host: readonly Bound[];
}

function placesOf(route: Subject, mesh: Mesh): Place[] {
  if (route.kind !== 'VirtualService') {
    return parentsOf(route, istioNetworking, 'ServiceEntry').map(({ ref }) => ({
      at: ref.name?.span ?? ref.span,
      host: mesh
        .named('ServiceEntry', ref.namespace?.value ?? route.namespace, ref.name?.value ?? '')
        .flatMap((entry) => bound(mesh, entry)),
    }));
  }
  // Sidecars read it wherever it stands.
  if (!isForMesh(route) || !couldBeAmbient(mesh, route.namespace)) return [];
  return route.spec.hosts.map(({ value, span }) => ({ at: span, host: boundOwners(mesh, value) }));
}

function isRead(mesh: Mesh, one: Bound, route: Subject): boolean {
  return (
    readsRoutesOf(one, route.namespace) &&
    (route.kind !== 'VirtualService' || isExportedTo(mesh, route, one.gateway.namespace))
  );
}

function ignored(route: Subject, at: RuleFinding['at'], { entry, gateway }: Bound): RuleFinding<Data> {
  const where =
    entry.namespace === gateway.namespace
      ? `namespace ${entry.namespace}`
      : `namespaces ${entry.namespace} and ${gateway.namespace}`;
  const outside = route.namespace !== entry.namespace && route.namespace !== gateway.namespace;
  return {
    at,
    message: outside
      ? `This route is ignored: ${describe(gateway)} reads routes for this host only in ${where}.`
      : `This route is ignored: it is not exported to namespace ${gateway.namespace} of ${describe(gateway)}.`,
    related: [{ resource: entry, at: entry.at.name, message: `${describe(entry)} goes through ${describe(gateway)}.` }],
    data: { outside, entry: entry.namespace, waypoint: gateway.namespace },
  };
}
