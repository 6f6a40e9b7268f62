// Which protocol a port of an entry is known for, and whether a proxy that detects the protocol waits in vain.
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { protocolKind } from '../../names/protocols.ts';
import { wellKnownProtocol, type WellKnownProtocol } from '../../names/well-known-ports.ts';
import { targetPortsOf } from './target-ports.ts';

type Entry = Resource<'ServiceEntry'>;

export function protocolOnPort(entry: Entry, port: ServiceEntryPort): WellKnownProtocol | undefined {
  const numbers = [port.number?.value, ...targetPortsOf(entry, port).map(({ number }) => number)];
  return wellKnownProtocol(
    numbers.flatMap((number) => number ?? []),
    port.name?.value,
  );
}

/**
 * The protocol whose server sends first on a port without a protocol: the proxy waits for the client's first bytes, and the client for
 * the server's. server/docs/istio-semantics.md §2.22; server/docs/istio-semantics-classic.md §C.36.
 */
export function awaitedServer(entry: Entry, port: ServiceEntryPort): WellKnownProtocol | undefined {
  return protocolKind(port.protocol?.value) !== 'sniffed' || port.protocol?.value ? undefined : sendsFirst(entry, port);
}

/** The protocol that the port is known for, if its server sends first. */
export function sendsFirst(entry: Entry, port: ServiceEntryPort): WellKnownProtocol | undefined {
  const known = protocolOnPort(entry, port);
  return known?.isServerFirst === true ? known : undefined;
}
