// How a client's sidecar takes what is sent to a service: by the Host of HTTP, by the server name of TLS, or as bytes by address and port.
// server/docs/istio-semantics-classic.md §C.10, §C.15 to §C.17, §C.20 to §C.22, §C.30.
import type { Resource } from '../../model/resource.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { Mesh } from '../mesh.ts';
import { hasHttpListener } from '../clients/http-listener.ts';
import type { SidecarClient } from '../clients/sidecar-scope.ts';
import { isReplacedByEndpoints } from '../hosts/whole-port.ts';
import { listsNoAddress } from '../hosts/no-address.ts';
import { virtualAddress } from '../hosts/virtual-address.ts';
import { chainsOf, portOf } from './chain-of-port.ts';

type Owner = Resource<'ServiceEntry'> | Resource<'Service'>;

export interface SentToSidecar {
  readonly client: SidecarClient;
  readonly port: number;
  readonly bytes: 'http' | 'tls' | 'opaque';
}

/** `listener`: as bytes, whatever they are, by a listener of the service's own address. */
export type Taken = 'http' | 'tls' | 'bytes' | 'listener';

/** Undefined if no chain that is made of the service takes it. For a Service, its ports are not looked at. */
export function howTaken(mesh: Mesh, service: Owner, host: string, sent: SentToSidecar): Taken | undefined {
  const { bytes, port: number } = sent;
  if (service.kind === 'Service') return bytes === 'opaque' ? 'bytes' : bytes;
  const port = portOf(service, number);
  if (!port) return undefined;
  const kind = protocolKind(port.protocol?.value);
  if (kind === 'http' || (kind === 'sniffed' && bytes === 'http')) return bytes === 'http' ? 'http' : undefined;
  if (isReplacedByEndpoints(mesh, service, host, number)) return undefined;
  if (kind === 'tls' && bytes === 'tls') return 'tls';
  if (hasOwnListener(mesh, service, host)) return 'listener';
  return kind !== 'tls' && isTakenAsBytes(mesh, sent) ? 'bytes' : undefined;
}

/** Where HTTP is looked for, requests go to the domains of HTTP. */
function isTakenAsBytes(mesh: Mesh, { bytes, client, port }: SentToSidecar): boolean {
  return bytes !== 'http' || hasHttpListener(mesh, client, port) === false;
}

/** Whether the service has the port for something else than HTTP: then no route for its host takes HTTP there. istio@86c9f01 pilot/pkg/networking/core/route/route.go buildSidecarVirtualHostsForVirtualService. */
export function hasPortForBytes(service: Owner, number: number): boolean {
  if (service.kind === 'Service') return false;
  const port = portOf(service, number);
  return port !== undefined && !chainsOf(port).includes('http');
}

/** Whether this sidecar knows an address of the service, which the client then dials. §C.20. */
export function hasOwnListener(mesh: Mesh, entry: Owner, host: string): boolean {
  if (entry.kind === 'Service' || !listsNoAddress(entry)) return true;
  return mesh.settings.sidecarDnsCapture === true && virtualAddress(mesh, entry, host).state !== 'none';
}
