// The external port for a port of a ServiceEntry, and the protocol that a port number suggests.
import { firstOfEach } from '../../base/first-of-each.ts';
import type { Span } from '../../base/span.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';

export interface TargetPort {
  readonly number: number;
  /** Where the number is written; the port itself where an endpoint overrides it. */
  readonly at: Span;
}

/**
 * The ports dialled on the endpoints for what arrives on `port`: an endpoint's own port of that name, else `targetPort`, else the
 * number. Empty if the number is missing, and for sockets. istio@86c9f01 pilot/pkg/serviceregistry/serviceentry/conversion.go convertEndpoint.
 */
export function targetPortsOf(entry: Resource<'ServiceEntry'>, port: ServiceEntryPort): readonly TargetPort[] {
  const own = port.targetPort ?? port.number;
  if (!port.number || !own) return [];
  const { number } = port;
  const endpoints = entry.spec.endpoints.filter(({ address }) => !address?.value.startsWith('unix:'));
  if (entry.spec.endpoints.length === 0) return [{ number: own.value, at: own.span }];
  const targets = endpoints.map((endpoint): TargetPort => {
    const override = port.name && endpoint.ports.get(port.name.value);
    return override === undefined ? { number: own.value, at: own.span } : { number: override, at: number.span };
  });
  return firstOfEach(targets, ({ number: dialled }) => dialled);
}

/** Ports that are by custom spoken to in TLS from the first byte, beside 443 and its kin (8443, 6443, 9443, ...). */
const tlsPorts: ReadonlySet<number> = new Set([
  465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 2376, 3269, 5061, 5671, 5986, 6380, 6514, 6697, 8883,
]);

export function expectsTls(port: number): boolean {
  return isHttpsPort(port) || tlsPorts.has(port);
}

export function isHttpsPort(port: number): boolean {
  return port % 1000 === 443;
}

/** Ports that are by custom never spoken to in TLS from the first byte, and the one of the same service that is. */
const tlsSiblings: ReadonlyMap<number, number> = new Map([
  [21, 990],
  [23, 992],
  [25, 465],
  [80, 443],
  [110, 995],
  [119, 563],
  [143, 993],
  [389, 636],
  [1883, 8883],
  [5060, 5061],
  [5672, 5671],
  [8000, 443],
  [8008, 443],
  [8080, 443],
]);

/** The TLS port of the service that speaks plaintext on `port`; undefined if the number does not show it. */
export function tlsSiblingOf(port: number): number | undefined {
  return tlsSiblings.get(port);
}

/** Ports for which any protocol is chosen: where an entry declares TLS there, it is believed. */
const developmentPorts: ReadonlySet<number> = new Set([8000, 8008, 8080]);

/** Whether TLS is not understood where a port leads, by the custom of the number and what the entry says of it. */
export function refusesTls(port: ServiceEntryPort | undefined, target: number): boolean {
  const isDeclared = port !== undefined && arrivesInTls(port) && port.number?.value === target;
  return tlsSiblingOf(target) !== undefined && !(isDeclared && developmentPorts.has(target));
}

/** Whether clients are sure to speak plaintext to the port: HTTP says so itself, other protocols by a customary number. */
export function arrivesInPlaintext(port: ServiceEntryPort): boolean {
  const kind = protocolKind(port.protocol?.value);
  return kind === 'http' || (kind !== 'tls' && kind !== 'udp' && tlsSiblingOf(port.number?.value ?? 0) !== undefined);
}

/** Whether clients speak TLS to the port themselves. */
export function arrivesInTls(port: ServiceEntryPort): boolean {
  return protocolKind(port.protocol?.value) === 'tls';
}

/** The plaintext ports of an entry that lead to another port where TLS is expected. */
export function plaintextToTlsPorts(entry: Resource<'ServiceEntry'>): readonly ServiceEntryPort[] {
  return entry.spec.ports.filter((port) => tlsTargetOf(entry, port) !== undefined);
}

/** Where plaintext on the port would meet TLS. HTTP on 443 itself is another fault: the port's protocol is wrong, or the client's. */
export function tlsTargetOf(entry: Resource<'ServiceEntry'>, port: ServiceEntryPort): TargetPort | undefined {
  if (!arrivesInPlaintext(port)) return undefined;
  return targetPortsOf(entry, port).find(({ number }) => expectsTls(number) && number !== port.number?.value);
}

/** An entry for hosts outside the mesh. Workloads of the mesh get Istio's own mTLS, and ports there are the team's choice. */
export function isExternal(entry: Resource<'ServiceEntry'>): boolean {
  return entry.spec.location?.value !== 'MESH_INTERNAL' && entry.spec.workloadSelector === undefined;
}
