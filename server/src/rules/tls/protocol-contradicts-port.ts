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
import { routeInputs, targetingInputs } from '../shared/inputs.ts';

export const protocolContradictsPort = defineRule({
  id: 'protocol-contradicts-port',
  stage: 'tls',
  summary: 'TLS connections to a port fail: it is declared as plain HTTP, and nothing originates TLS for it.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  inputs: [...targetingInputs, ...routeInputs, 'ServiceEntry', 'Service', 'DestinationRule'],

  *check(entry, mesh) {
    for (const port of isExternal(entry) && !isContradicted(mesh, entry) ? entry.spec.ports : []) {
      const number = port.number?.value;
      if (
        number === undefined ||
        !isTlsPortInPlaintext(entry, port) ||
        isHandled(mesh, entry, number) ||
        hostsOfEntry(entry).some((host) => isContested(mesh, host, port))
      )
        continue;
      yield {
        at: port.protocol!.span,
        message: `TLS connections to port ${number} fail: the port is declared as ${port.protocol!.value}, so the proxy expects plain HTTP.`,
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
