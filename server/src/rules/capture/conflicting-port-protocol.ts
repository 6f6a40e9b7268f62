import { selectsSamePods, serversClash, type Server } from '../../mesh/gateway-servers.ts';
import { protocolKind } from '../../mesh/hosts.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isExportedTo } from '../../mesh/visibility.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { isMeantForAmbient } from '../intent.ts';
import { defineRule, type RuleFinding } from '../rule.ts';

type Entry = Resource<'ServiceEntry'>;
type Gateway = Resource<'IstioGateway'>;
type Found = Iterable<RuleFinding<object>>;

export const conflictingPortProtocol = defineRule({
  id: 'conflicting-port-protocol',
  stage: 'capture',
  summary: 'Two ServiceEntries, or two Gateways, declare one port with protocols that do not go together.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0177', 'KIA1212', 'IST0145'],
  subjects: ['ServiceEntry', 'IstioGateway'],
  inputs: ['ServiceEntry', 'Service', 'Namespace', 'IstioGateway'],

  *check(subject: AnyResource<'ServiceEntry' | 'IstioGateway'>, mesh): Found {
    if (subject.kind === 'IstioGateway') yield* clashes(mesh, subject);
    else yield* conflicts(mesh, subject);
  },
});

function* conflicts(mesh: Mesh, entry: Entry): Found {
  for (const host of entry.spec.hosts) {
    for (const other of othersWith(mesh, entry, host.value)) {
      for (const port of entry.spec.ports) {
        const its = other.spec.ports.find((one) => differs(port, one));
        if (!its) continue;
        yield {
          at: port.protocol!.span,
          message: `${describe(other)} declares port ${port.number!.value} of ${host.value} as ${its.protocol!.value}, and a proxy can hold to only one of them.`,
          related: [{ resource: other, at: its.protocol!.span, message: 'It is declared here too.' }],
          data: {},
        };
        return;
      }
    }
  }
}

/** Pods of a gateway read the Gateways of every namespace; those of one namespace are what a person can see together. */
function* clashes(mesh: Mesh, gateway: Gateway): Found {
  const others = mesh.inNamespace('IstioGateway', gateway.namespace).filter((other) => other.name < gateway.name && selectsSamePods(gateway, other));
  for (const server of gateway.spec.servers) {
    const other = others.find(({ spec }) => spec.servers.some((one) => serversClash(server, one)));
    const its = other?.spec.servers.find((one) => serversClash(server, one));
    if (!other || !its) continue;
    yield {
      at: server.span,
      message: `${describe(other)} has ${asText(its)} on port ${server.port} of the same pods, and of the two servers the newer is dropped.`,
      related: [{ resource: other, at: its.span, message: 'This is the other server.' }],
      data: {},
    };
    return;
  }
}

function asText({ protocol, hosts }: Server): string {
  return `${protocol ?? 'a server'} for ${hosts.map(({ value }) => value).join(', ')}`;
}

/** Of a pair the later reports. In ambient one entry counts, which the rules for duplicate hosts tell. */
function othersWith(mesh: Mesh, entry: Entry, host: string): readonly Entry[] {
  const owners = mesh.hostOwners(host.toLowerCase()).flatMap(({ resource }) => (resource.kind === 'ServiceEntry' ? [resource] : []));
  return owners.filter((other) => keyOf(other) < keyOf(entry) && (isExportedTo(mesh, other, entry.namespace) || isExportedTo(mesh, entry, other.namespace))
    && !isMeantForAmbient(mesh, entry) && !isMeantForAmbient(mesh, other));
}

/** HTTPS and TLS are one. istio@86c9f01 pkg/config/analysis/analyzers/serviceentry (IST0177). */
function differs(a: ServiceEntryPort, b: ServiceEntryPort): boolean {
  const [x, y] = [protocolKind(a.protocol?.value), protocolKind(b.protocol?.value)];
  return a.number !== undefined && a.number.value === b.number?.value && x !== y && [x, y].every((kind) => ['http', 'tls', 'tcp'].includes(kind));
}

function keyOf({ namespace, name }: Entry): string {
  return `${namespace}/${name}`;
}
