import { looksInCluster } from '../../names/hosts.ts';
import { allocatesAddresses } from '../../mesh/hosts/virtual-address.ts';
import { hostState, isWithoutEntries } from '../shared/known-hosts.ts';
import { backendsOf, isHostname, conditionOfIstio, routeKinds, type Route } from '../shared/route-targets.ts';
import { defineRule, type Change } from '../rule.ts';

export const unknownRouteBackend = defineRule({
  id: 'unknown-route-backend',
  stage: 'reference',
  summary: 'Requests fail because a route sends them to a `Hostname` that no ServiceEntry or Service has.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0171', 'KIA1402'],
  subjects: routeKinds,
  inputs: ['ServiceEntry', 'Service', 'Gateway', 'GatewayClass'],

  *check(route, mesh) {
    const condition = conditionOfIstio(mesh, route);
    if (condition === undefined) return;
    const reported = new Set<string>();
    for (const { ref } of backendsOf(route)) {
      const { name, port } = ref;
      // Here a name is never a short one. istio@86c9f01 pilot/pkg/config/kube/gateway/conversion.go buildDestination.
      if (
        !isHostname(ref) ||
        !name?.value.includes('.') ||
        reported.has(name.value) ||
        hostState(mesh, name.value, route.namespace) !== 'missing'
      )
        continue;
      reported.add(name.value);
      const finding = {
        at: name.span,
        message: `Requests sent here fail with 500${condition}: there is no ServiceEntry or Service with host ${name.value} in these files.`,
        data: { host: name.value, port: port?.value },
      };
      yield condition !== '' || isWithoutEntries(mesh, name.value, route.namespace)
        ? { ...finding, severity: 'information' }
        : finding;
    }
  },

  *fixes({ host, port }, route, mesh) {
    const nearest = mesh.nearestHost(host);
    if (nearest !== undefined) {
      const same = backendsOf(route).filter(({ ref }) => isHostname(ref) && ref.name?.value === host);
      const changes = same.map(
        ({ path }) => ({ op: 'set', in: route, path: [...path, 'name'], value: nearest }) as const,
      );
      yield { title: `Change the host to ${nearest}`, safety: 'unsafe', changes };
    }
    if (
      port !== undefined &&
      port !== 443 &&
      !host.startsWith('*') &&
      !looksInCluster(host, mesh.settings.clusterDomain) &&
      allocatesAddresses(mesh.settings)
    ) {
      yield { title: `Create a ServiceEntry for ${host}`, safety: 'unsafe', changes: [createEntry(route, host, port)] };
    }
  },
});

function createEntry(route: Route, host: string, number: number): Change {
  const protocol = { HTTPRoute: 'HTTP', GRPCRoute: 'GRPC', TLSRoute: 'TLS', TCPRoute: 'TCP' }[route.kind];
  const metadata = route.at.namespace ? { name: host, namespace: route.namespace } : { name: host };
  const spec = { hosts: [host], ports: [{ number, name: protocol.toLowerCase(), protocol }], resolution: 'DNS' };
  return {
    op: 'append-document',
    after: route,
    manifest: { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', metadata, spec },
  };
}
