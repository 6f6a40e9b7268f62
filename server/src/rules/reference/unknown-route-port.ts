import { listOf, relatedTo } from '../shared/resource-lists.ts';
import { isVouchedFor } from '../shared/known-hosts.ts';
import { backendsOf, destinationsOf, isHostname, routeKinds, type Route } from '../shared/route-targets.ts';
import { fullHost, serviceHost } from '../../names/hosts.ts';
import type { HostOwner, Mesh } from '../../mesh/mesh.ts';
import type { Field } from '../../model/field.ts';
import type { AnyResource } from '../../model/resource.ts';
import type { BackendRef } from '../../model/specs.ts';
import { defineRule } from '../rule.ts';

interface Target {
  /** In the normal form. */
  readonly host: string;
  readonly port: Field<number>;
}

export const unknownRoutePort = defineRule({
  id: 'unknown-route-port',
  stage: 'reference',
  summary: 'A route sends requests to a port that the ServiceEntry or Service of the host does not list.',
  severity: 'warning',
  since: '0.2.0',
  peers: ['KIA1102'],
  subjects: ['VirtualService', ...routeKinds],
  inputs: ['ServiceEntry', 'Service'],

  *check(route: AnyResource<'VirtualService' | Route['kind']>, mesh) {
    const reported = new Set<string>();
    for (const { host, port } of targetsOf(route, mesh)) {
      const owners = mesh.hostOwners(host);
      const listed = portsOf(owners);
      const key = `${host}:${port.value}`;
      if (reported.has(key) || listed.length === 0 || listed.includes(port.value) || !isVouchedFor(mesh, host))
        continue;
      reported.add(key);
      const resources = owners.map(({ resource }) => resource);
      yield {
        at: port.span,
        message: `Requests sent here fail: ${listOf(resources)} ${resources.length > 1 ? 'do' : 'does'} not list port ${port.value} for ${host}, only ${listed.join(', ')}.`,
        related: relatedTo(resources, (name) => `${name} lists the ports of the host.`),
        data: {},
      };
    }
  },
});

/** A cluster has the name of the host and of a port that the service lists; any other cluster does not exist. istio@86c9f01 pilot/pkg/networking/core/route/route.go GetDestinationCluster. */
function* targetsOf(route: AnyResource<'VirtualService' | Route['kind']>, mesh: Mesh): Generator<Target> {
  if (route.kind !== 'VirtualService') {
    for (const ref of referencesOf(route)) {
      const host = hostOfBackend(ref, route.namespace, mesh.settings.clusterDomain);
      if (host !== undefined && ref.port) yield { host, port: ref.port };
    }
    return;
  }
  // Port 0 is the same as none.
  for (const {
    destination: { host, port },
  } of destinationsOf(route))
    if (host && port && port.value !== 0)
      yield { host: fullHost(host.value, route.namespace, mesh.settings.clusterDomain), port };
}

/** Backends and mirrors. */
function referencesOf(route: Route): readonly BackendRef[] {
  const backends = backendsOf(route).map(({ ref }) => ref);
  const filters = [...route.spec.rules, ...backends].flatMap((one) => one.filters);
  return [...backends, ...filters.flatMap(({ backendRef }) => backendRef ?? [])];
}

function hostOfBackend(ref: BackendRef, home: string, clusterDomain: string): string | undefined {
  const name = ref.name?.value ?? '';
  if (isHostname(ref)) return fullHost(name, home, clusterDomain);
  const isService = (ref.group?.value ?? '') === '' && (ref.kind?.value ?? 'Service') === 'Service';
  return isService ? serviceHost({ name, namespace: ref.namespace?.value ?? home }, clusterDomain) : undefined;
}

/** None where an owner lists none, which is another fault, or is an alias, whose own ports do not count. istio@86c9f01 pilot/pkg/serviceregistry/kube/conversion.go ConvertService. */
function portsOf(owners: readonly HostOwner[]): readonly number[] {
  if (owners.some(({ resource }) => resource.kind === 'Service' && resource.spec.type === 'ExternalName')) return [];
  const lists = owners.map(({ resource }) =>
    resource.spec.ports.flatMap(({ number }) => (number === undefined ? [] : [number.value])),
  );
  return lists.some((list) => list.length === 0) ? [] : [...new Set(lists.flat())];
}
