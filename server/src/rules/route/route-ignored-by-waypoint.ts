import type { Mesh } from '../../mesh/mesh.ts';
import { isExportedTo } from '../../mesh/hosts/visibility.ts';
import { describe, type AnyResource } from '../../model/resource.ts';
import { couldBeAmbient } from '../../mesh/clients/data-plane.ts';
import {
  type Route,
  backendsOf,
  gatewayApi,
  isForMesh,
  isHostname,
  istioNetworking,
  parentsOf,
  routeKinds,
} from '../shared/route-targets.ts';
import { defineRule, type Fix, type RuleFinding } from '../rule.ts';
import {
  bound,
  boundOwners,
  entriesBehind,
  readsRoutesOf,
  waypointNamed,
  type Bound,
} from '../shared/waypoint-objects.ts';
import { bindingInputs } from '../shared/inputs.ts';
import { relatedTo } from '../shared/resource-lists.ts';

type Subject = AnyResource<'VirtualService' | (typeof routeKinds)[number]>;

export const routeIgnoredByWaypoint = defineRule({
  id: 'route-ignored-by-waypoint',
  stage: 'route',
  summary: "A waypoint ignores a route, because of the route's namespace or parent.",
  severity: 'warning',
  since: '0.1.0',
  peers: ['KIA1114'],
  subjects: ['VirtualService', ...routeKinds],
  isOfIstioWaypoints: true,
  inputs: bindingInputs,

  *check(route, mesh): Iterable<RuleFinding<Data>> {
    if (route.kind !== 'VirtualService') yield* atOwnGateway(route, mesh);
    for (const { at, host } of placesOf(route, mesh)) {
      const [first] = host;
      if (!first || host.some((one) => isRead(mesh, one, route))) continue;
      yield ignored(route, at, first);
    }
  },

  *fixes(data, route, mesh) {
    if ('parent' in data) {
      yield* attachedToEntry(data, route);
      return;
    }
    const { outside, entry, waypoint } = data;
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

type Data = Unread | WrongParent;

interface Unread {
  readonly outside: boolean;
  /** Namespaces. */
  readonly entry: string;
  readonly waypoint: string;
}

interface WrongParent {
  /** Index in `parentRefs`. */
  readonly parent: number;
  /** The first two of the ServiceEntries that the route means, by its hosts and backends. */
  readonly entries: readonly { readonly namespace: string; readonly name: string }[];
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

function ignored(route: Subject, at: RuleFinding['at'], { entry, gateway }: Bound): RuleFinding<Unread> {
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

/**
 * A route of the Gateway itself becomes a VirtualService for that Gateway, which no listener of a waypoint reads.
 * istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go getVirtualServiceForWaypoint.
 */
function* atOwnGateway(route: Route, mesh: Mesh): Iterable<RuleFinding<WrongParent>> {
  for (const { ref } of parentsOf(route, gatewayApi, 'Gateway')) {
    const gateway = waypointNamed(mesh, ref.namespace?.value ?? route.namespace, ref.name?.value ?? '');
    if (!gateway) continue;
    const hosts = new Set([
      ...route.spec.hostnames.map(({ value }) => value),
      ...backendsOf(route).flatMap((backend) => (isHostname(backend.ref) ? [backend.ref.name?.value ?? ''] : [])),
    ]);
    const entries = entriesBehind(mesh, gateway).filter(({ spec }) => spec.hosts.some(({ value }) => hosts.has(value)));
    yield {
      at: ref.name?.span ?? ref.span,
      message: `This route is ignored: ${describe(gateway)} is a waypoint, which reads routes that are attached to a ServiceEntry or Service, and none that are attached to itself.`,
      related: relatedTo(entries, (name) => `${name} goes through ${describe(gateway)}.`),
      data: {
        parent: route.spec.parentRefs.indexOf(ref),
        entries: entries.slice(0, 2).map(({ namespace, name }) => ({ namespace, name })),
      },
    };
  }
}

function* attachedToEntry({ parent, entries }: WrongParent, route: Subject): Iterable<Fix> {
  const [entry] = entries;
  if (!entry || entries.length > 1) return;
  const namespace = entry.namespace === route.namespace ? {} : { namespace: entry.namespace };
  yield {
    title: `Attach it to ServiceEntry ${entry.name}`,
    safety: 'unsafe',
    changes: [
      {
        op: 'set',
        in: route,
        path: ['spec', 'parentRefs', parent],
        value: { group: istioNetworking, kind: 'ServiceEntry', name: entry.name, ...namespace },
      },
    ],
  };
}
