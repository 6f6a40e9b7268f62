import { isVouchedFor } from '../shared/known-hosts.ts';
import { conditionOfIstio, routeKinds, type Route } from '../shared/route-targets.ts';
import { targetsOf } from '../shared/routed-hosts.ts';
import { normalizeHost } from '../../names/hosts.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type AnyResource } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';

export const externalNameDestination = defineRule({
  id: 'external-name-destination',
  stage: 'route',
  summary:
    'Requests fail because a route sends them to a Service of type ExternalName whose external name no ServiceEntry has.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['VirtualService', ...routeKinds],
  inputs: ['ServiceEntry', 'Service', 'Gateway', 'GatewayClass'],

  *check(route: AnyResource<'VirtualService' | Route['kind']>, mesh) {
    const condition = conditionOfIstio(mesh, route);
    if (condition === undefined) return;
    const reported = new Set<string>();
    for (const { host, at } of targetsOf(route, mesh)) {
      if (reported.has(host)) continue;
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
  return mesh.hostOwners(host).flatMap(({ resource }) => {
    if (resource.kind !== 'Service' || resource.spec.type !== 'ExternalName') return [];
    const { externalName } = resource.spec;
    return externalName ? [{ resource, externalName }] : [];
  });
}
