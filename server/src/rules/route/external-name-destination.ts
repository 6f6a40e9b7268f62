import { inPortions } from '../../base/steps.ts';
import { isVouchedFor } from '../shared/known-hosts.ts';
import { conditionOfIstio, routeKinds, type Route } from '../shared/route-targets.ts';
import { targetsOf } from '../shared/routed-hosts.ts';
import { normalizeHost, patternsFor } from '../../names/hosts.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import { couldHaveSidecars } from '../../mesh/clients/data-plane.ts';
import { outboundPolicy } from '../../mesh/clients/sidecar-scope.ts';
import { defineRule, type RuleFinding } from '../rule.ts';

export const externalNameDestination = defineRule({
  id: 'external-name-destination',
  stage: 'route',
  summary:
    'Requests to a Service of type ExternalName fail, by a route or under REGISTRY_ONLY, because no ServiceEntry has its external name.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['VirtualService', 'Service', ...routeKinds],
  inputs: ['ServiceEntry', 'Service', 'Gateway', 'GatewayClass', 'Namespace', 'Pod', 'Workload', 'Sidecar'],

  *check(
    route: AnyResource<'VirtualService' | 'Service' | Route['kind']>,
    mesh,
  ): Iterable<RuleFinding<object> | undefined> {
    if (route.kind === 'Service') {
      yield* blockedAlias(mesh, route);
      return;
    }
    const condition = conditionOfIstio(mesh, route);
    if (condition === undefined) return;
    const reported = new Set<string>();
    for (const target of inPortions(targetsOf(route, mesh))) {
      if (!target) yield undefined;
      if (!target || reported.has(target.host)) continue;
      const { host, at } = target;
      reported.add(host);
      for (const { resource, externalName } of aliasesOf(mesh, host)) {
        const name = normalizeHost(externalName);
        if (mesh.hostOwners(name).length > 0 || !isVouchedFor(mesh, name)) continue;
        yield {
          at,
          message: `Requests sent here fail${condition}: ${describe(resource)} is of type ExternalName, only an alias for ${externalName}, and no ServiceEntry in these files has that host.`,
          related: [{ resource, at: resource.at.name, message: `${describe(resource)} has no cluster of its own.` }],
          data: {},
          ...(condition !== '' && { severity: 'information' as const }),
        };
      }
    }
  },
});

/** The cluster of the external name is used instead of the alias. istio@86c9f01 pilot/pkg/networking/core/route/route.go GetDestinationCluster. */
function aliasesOf(mesh: Mesh, host: string) {
  return mesh.derived(`aliases ${normalizeHost(host)}`, (view) =>
    view.hostOwners(host).flatMap(({ resource }) => {
      if (resource.kind !== 'Service' || resource.spec.type !== 'ExternalName') return [];
      const { externalName } = resource.spec;
      return externalName ? [{ resource, externalName }] : [];
    }),
  );
}

/** For sidecars an alias without its host is unknown. server/docs/istio-semantics-classic.md §K.2, §L.67. */
function* blockedAlias(mesh: Mesh, service: Resource<'Service'>): Iterable<RuleFinding<object>> {
  const { namespace, spec, at } = service;
  if (spec.type !== 'ExternalName' || !spec.externalName || !couldHaveSidecars(mesh, namespace)) return;
  const name = normalizeHost(spec.externalName);
  const policy = outboundPolicy(mesh, namespace);
  if (policy.state !== 'known' || policy.mode !== 'REGISTRY_ONLY') return;
  if (patternsFor(name).some((host) => mesh.hostOwners(host).length > 0) || !isVouchedFor(mesh, name)) return;
  yield {
    at: at.name,
    message: `Sidecars of namespace ${namespace} block requests to ${describe(service)}: it is only an alias for ${spec.externalName}, no ServiceEntry in these files has that host, and they block hosts that the mesh does not know (REGISTRY_ONLY).`,
    data: {},
  };
}
