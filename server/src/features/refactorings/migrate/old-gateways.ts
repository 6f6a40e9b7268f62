// Gateways of the Gateway API that lead nothing outside any more, with what is for them alone.
import type { Mesh } from '../../../mesh/mesh.ts';
import type { AnyResource, Resource } from '../../../model/resource.ts';
import { hostMatches, normalizeHost } from '../../../names/hosts.ts';
import type { Route } from '../../../rules/shared/route-targets.ts';
import { routesToEgressGateway } from '../../../rules/shared/routes-to-egress-gateway.ts';
import { routesOutward } from './carry-api-routes.ts';
import type { ClassicSet } from './classic-set.ts';

export function objectsOfManaged(mesh: Mesh, sets: readonly ClassicSet[]): readonly AnyResource[] {
  const gateways = new Set(sets.flatMap(({ gateway: { managed } }) => managed ?? []));
  return [...gateways].flatMap((gateway) =>
    objectsOf(
      mesh,
      gateway,
      sets.filter((set) => set.gateway.managed === gateway),
    ),
  );
}

/** The routes for the hosts alone; without other routes the Gateway too, and rules and policies for nothing else. */
function objectsOf(mesh: Mesh, gateway: Resource<'Gateway'>, sets: readonly ClassicSet[]): readonly AnyResource[] {
  const hosts = sets.flatMap(({ ways }) => ways.map(({ host }) => host));
  const routes = new Set(sets.flatMap((set) => routesOutward(mesh, set)).filter((route) => isOnlyFor(route, hosts)));
  const leads = new Set<Resource>(sets.map(({ lead }) => lead));
  const isIdle =
    mesh.routesTo('Gateway', gateway.namespace, gateway.name).every((route) => routes.has(route)) &&
    routesToEgressGateway(mesh, gateway).every((route) => leads.has(route));
  if (!isIdle) return [...routes];
  const [set] = sets;
  const rules = set ? mesh.destinationRulesAnywhere(set.gateway.host) : [];
  const policies = mesh
    .targeting('Gateway', gateway.namespace, gateway.name)
    .filter((one) => one.kind === 'AuthorizationPolicy')
    .filter(({ spec }) => spec.targetRefs.length === 1);
  return [...routes, gateway, ...rules, ...policies];
}

function isOnlyFor({ spec }: Route, hosts: readonly string[]): boolean {
  const isOwn = (name: string) => hosts.some((host) => hostMatches(host, normalizeHost(name)));
  return (
    spec.parentRefs.length === 1 &&
    spec.hostnames.every(({ value }) => isOwn(value)) &&
    spec.rules.every(({ backendRefs }) => backendRefs.every(({ name }) => name !== undefined && isOwn(name.value)))
  );
}
