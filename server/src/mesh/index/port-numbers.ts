// The ports under whose numbers a resource is found, by what is spoken there.
import type { Resource } from '../../model/resource.ts';
import { protocolKind, servicePortKind, type ProtocolKind } from '../../names/protocols.ts';
import { listsNoAddress } from '../hosts/no-address.ts';

const tcpOrSniffed: readonly ProtocolKind[] = ['tcp', 'sniffed'];
const httpOrSniffed: readonly ProtocolKind[] = ['http', 'sniffed'];
const httpOnly: readonly ProtocolKind[] = ['http'];

/** Of a ServiceEntry without addresses: of TCP, and those whose protocol is detected. */
export function tcpEntryPorts(entry: Resource<'ServiceEntry'>): readonly number[] {
  return listsNoAddress(entry) ? portsOfKinds(entry, tcpOrSniffed) : [];
}

/** Of HTTP; without addresses also those whose protocol is detected. */
export function httpEntryPorts(entry: Resource<'ServiceEntry'>): readonly number[] {
  return portsOfKinds(entry, httpKinds(entry));
}

/** The same of one number: what a table of thousands of ports says of each is not asked for all of them. */
export function hasHttpEntryPort(entry: Resource<'ServiceEntry'>, wanted: number): boolean {
  const kinds = httpKinds(entry);
  return entry.spec.ports.some(
    ({ number, protocol }) => number?.value === wanted && kinds.includes(protocolKind(protocol?.value)),
  );
}

function httpKinds(entry: Resource<'ServiceEntry'>): readonly ProtocolKind[] {
  return listsNoAddress(entry) ? httpOrSniffed : httpOnly;
}

function portsOfKinds({ spec }: Resource<'ServiceEntry'>, kinds: readonly ProtocolKind[]): readonly number[] {
  const found: number[] = [];
  for (const { number, protocol } of spec.ports)
    if (number && kinds.includes(protocolKind(protocol?.value))) found.push(number.value);
  return found;
}

/** Of several listeners on one port, the first says which protocol the Service has there. */
export function httpListenerPorts({ spec: { listeners } }: Resource<'Gateway'>): readonly number[] {
  const seen = new Set<number>();
  return listeners.flatMap(({ port, protocol }) => {
    if (!port || seen.has(port.value)) return [];
    seen.add(port.value);
    return protocol?.value === 'HTTP' ? [port.value] : [];
  });
}

/** An alias has no listener of its own. istio@86c9f01 pilot/pkg/networking/core/listener.go buildSidecarOutboundListener. */
export function httpServicePorts({ spec }: Resource<'Service'>): readonly number[] {
  if (spec.externalName !== undefined) return [];
  return spec.ports.flatMap((port) => (servicePortKind(port) === 'http' ? [port.number.value] : []));
}
