import { protocolKind } from '../../names/protocols.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isExternal, targetPortsOf } from '../../mesh/hosts/target-ports.ts';
import { tlsOfRule } from '../../mesh/destination-rules/upstream-tls.ts';
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { isContested } from '../shared/port-conflict.ts';
import { defineRule } from '../rule.ts';
import { isContradicted } from './applied/is-contradicted.ts';
import { isRerouted, isRoutedInPlaintext } from '../../mesh/routes/rerouted.ts';
import { rulesAnywhere } from '../../mesh/destination-rules/matching-rules.ts';
import { hostsOfEntry } from '../../mesh/hosts/hosts-of-entry.ts';
import { blockingNamespace } from '../shared/blocking-sidecars.ts';
import { routeInputs, targetingInputs } from '../shared/inputs.ts';
import { intendedWaypoint, isPassedOnByZtunnel } from '../shared/intent.ts';

export const protocolContradictsPort = defineRule({
  id: 'protocol-contradicts-port',
  stage: 'tls',
  summary:
    'TLS connections to a port fail, or sidecars treat them as unknown traffic: it is declared as plain HTTP, and nothing originates TLS for it.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  inputs: [
    ...targetingInputs,
    ...routeInputs,
    'ServiceEntry',
    'Service',
    'DestinationRule',
    'Namespace',
    'Gateway',
    'GatewayClass',
    'Sidecar',
    'Pod',
    'Workload',
  ],

  *check(entry, mesh) {
    for (const port of isExternal(entry) && !isContradicted(mesh, entry) ? entry.spec.ports : []) {
      const number = port.number?.value;
      if (
        number === undefined ||
        !isTlsPortInPlaintext(entry, port) ||
        isPassedOnByZtunnel(mesh, entry) ||
        isHandled(mesh, entry, number) ||
        hostsOfEntry(entry).some((host) => isContested(mesh, host, port))
      )
        continue;
      yield {
        at: port.protocol!.span,
        message: messageOf(mesh, entry, number, port.protocol!.value),
        data: { index: port.index },
      };
    }
  },

  *fixes({ index }, entry, mesh) {
    // Another entry that has the port, too, would then say something else.
    const number = entry.spec.ports[index]?.number?.value;
    const others = hostsOfEntry(entry)
      .flatMap((host) => mesh.hostOwners(host))
      .filter(({ resource }) => resource.kind === 'ServiceEntry' && resource.id !== entry.id);
    if (
      others.some(
        ({ resource }) =>
          resource.kind === 'ServiceEntry' && resource.spec.ports.some((port) => port.number?.value === number),
      )
    )
      return;
    if (entry.spec.resolution?.value !== 'DYNAMIC_DNS')
      yield {
        title: 'Declare the port as TLS',
        safety: 'unsafe',
        changes: [{ op: 'set', in: entry, path: ['spec', 'ports', index, 'protocol'], value: 'TLS' }],
      };
  },
});

/**
 * TLS on a port that only HTTP services have takes the sidecar's default chain.
 * istio@86c9f01 pilot/pkg/networking/core/listener.go buildOutboundCatchAllNetworkFilterChains; server/docs/istio-semantics-classic.md §C.10, §L.29.
 */
function messageOf(mesh: Mesh, entry: Resource<'ServiceEntry'>, number: number, protocol: string): string {
  const why = `the port is declared as ${protocol}`;
  if (intendedWaypoint(mesh, entry))
    return `TLS connections to port ${number} fail: ${why}, so the waypoint expects plain HTTP.`;
  const blocking = blockingNamespace(mesh, entry);
  return blocking === undefined
    ? `Sidecars do not take TLS connections to port ${number} for this ServiceEntry, and treat them as traffic to an unknown host, without its routes and rules: ${why}.`
    : `Sidecars of namespace ${blocking} block TLS connections to port ${number}, because they block what the mesh does not know (REGISTRY_ONLY): ${why}, so these are not for this ServiceEntry.`;
}

function isTlsPortInPlaintext(entry: Resource<'ServiceEntry'>, port: ServiceEntryPort): boolean {
  return (
    protocolKind(port.protocol?.value) === 'http' &&
    port.number !== undefined &&
    port.number.value === 443 &&
    targetPortsOf(entry, port).some(({ number }) => number === port.number!.value)
  );
}

/** Any rule, policy or route that could make sense of it. */
function isHandled(mesh: Mesh, entry: Resource<'ServiceEntry'>, number: number): boolean {
  return (
    mesh.targeting('ServiceEntry', entry.namespace, entry.name).some(({ kind }) => kind === 'BackendTLSPolicy') ||
    hostsOfEntry(entry).some(
      (host) =>
        rulesAnywhere(mesh, host).some(
          (rule) => tlsOfRule(rule, number).tls !== undefined || rule.spec.trafficPolicy?.tls !== undefined,
        ) ||
        isRerouted(mesh, entry, number, host) ||
        isRoutedInPlaintext(mesh, number, host) ||
        mesh.virtualServicesRoutingTo(host).length > 0,
    )
  );
}
