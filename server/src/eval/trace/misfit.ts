// Whether what is sent is what a port is spoken to in, as far as its number tells.
import { protocolKind } from '../../names/protocols.ts';
import { arrivesInPlaintext, expectsTls, tlsSiblingOf } from '../../mesh/hosts/target-ports.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { clientBytes } from './client-bytes.ts';
import type { TraceRequest } from './request.ts';

export type Misfit = 'plaintext-to-tls' | 'tls-to-plaintext';

/** What arrives: what a `tcp` request sends to a port that is declared for TLS is a handshake. */
export function arriving(request: TraceRequest, port: ServiceEntryPort | undefined): 'http' | 'tls' | 'opaque' {
  const bytes = clientBytes(request);
  return bytes === 'opaque' && port && protocolKind(port.protocol?.value) === 'tls' ? 'tls' : bytes;
}

/** What goes wrong at a port outside that these bytes reach as they are; undefined where nothing surely does. */
export function misfitOf(
  request: TraceRequest,
  port: ServiceEntryPort | undefined,
  target: number,
): Misfit | undefined {
  const bytes = arriving(request, port);
  if (bytes === 'tls') return tlsSiblingOf(target) === undefined ? undefined : 'tls-to-plaintext';
  const isPlain = bytes === 'http' || (port !== undefined && arrivesInPlaintext(port));
  return isPlain && expectsTls(target) ? 'plaintext-to-tls' : undefined;
}
