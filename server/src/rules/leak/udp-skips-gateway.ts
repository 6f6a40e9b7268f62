import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { egressGatewayOf, type EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { fullHost } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import { defineRule } from '../rule.ts';
import { bindingInputs, routeInputs } from '../shared/inputs.ts';
import { destinationsOf } from '../shared/route-targets.ts';
import { gatewayBehind } from '../trace/requests-of-route.ts';

type Entry = Resource<'ServiceEntry'>;

export const udpSkipsGateway = defineRule({
  id: 'udp-skips-gateway',
  stage: 'leak',
  summary: 'UDP to a host, such as QUIC, skips the waypoint or egress gateway that its other traffic goes through.',
  severity: 'information',
  since: '0.2.0',
  subjects: ['ServiceEntry'],
  inputs: [...bindingInputs, ...routeInputs, 'IstioGateway', 'Pod', 'Workload'],

  // istio@86c9f01 tools/istio-iptables/pkg/capture/run.go: of UDP only DNS is redirected; server/docs/istio-semantics-classic.md §A.12.
  *check(entry, mesh) {
    const [host] = entry.spec.hosts;
    const ports = entry.spec.ports.filter(({ protocol }) => protocolKind(protocol?.value) === 'udp');
    const [first] = ports;
    const gateway = first && host ? gatewayOf(mesh, entry, host.value) : undefined;
    if (!first?.number || !host || gateway === undefined) return;
    yield {
      at: first.span,
      message: `UDP to port ${first.number.value} of ${host.value}, such as QUIC (HTTP/3), goes direct, past ${gateway} and its policies: the mesh carries no UDP.`,
      data: {},
    };
  },
});

/** Through which requests to the host go. */
function gatewayOf(mesh: Mesh, entry: Entry, host: string): string | undefined {
  const binding = bindWaypoint(mesh, entry);
  if (binding.state === 'bound') return `waypoint ${binding.gateway.namespace}/${binding.gateway.name}`;
  const [route] = mesh.routesTo('ServiceEntry', entry.namespace, entry.name);
  const found = (route && gatewayBehind(mesh, route)) ?? gatewayByService(mesh, host);
  return found && `egress gateway ${found.namespace}/${found.name}`;
}

/** By a VirtualService for the host. */
function gatewayByService(mesh: Mesh, host: string): EgressGateway | undefined {
  const { clusterDomain } = mesh.settings;
  for (const service of mesh.virtualServices(host))
    for (const { destination } of destinationsOf(service)) {
      const to = destination.host && fullHost(destination.host.value, service.namespace, clusterDomain);
      const owners = to === undefined ? [] : mesh.hostOwners(to).map(({ resource }) => resource);
      const [own] = owners.filter((one) => one.kind === 'Service');
      const gateway = to !== undefined && owners.length <= 1 ? egressGatewayOf(mesh, to, own) : undefined;
      if (gateway) return gateway;
    }
  return undefined;
}
