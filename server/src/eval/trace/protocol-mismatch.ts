// Whether a request and the port that it reaches agree on TLS or plaintext, as far as the port number shows.
import { isHttp2, protocolKind } from '../../names/protocols.ts';
import { arrivesInPlaintext, expectsTls, refusesTls } from '../../mesh/hosts/target-ports.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { clientBytes } from './client-bytes.ts';
import type { TraceRequest } from './request.ts';

export type ProtocolMismatch = 'plaintext-to-tls' | 'tls-to-plaintext';

/** What arrives. A `tcp` request to a port that is declared for TLS sends a TLS handshake. */
export function arriving(request: TraceRequest, port: ServiceEntryPort | undefined): 'http' | 'tls' | 'opaque' {
  const bytes = clientBytes(request);
  return bytes === 'opaque' && port && protocolKind(port.protocol?.value) === 'tls' ? 'tls' : bytes;
}

/** Why the destination port rejects these bytes if they arrive unchanged; undefined if that is not certain. */
export function protocolMismatch(
  request: TraceRequest,
  port: ServiceEntryPort | undefined,
  target: number,
): ProtocolMismatch | undefined {
  const bytes = arriving(request, port);
  if (bytes === 'tls') return refusesTls(port, target) ? 'tls-to-plaintext' : undefined;
  const isPlain = bytes === 'http' || (port !== undefined && arrivesInPlaintext(port));
  return isPlain && expectsTls(target) ? 'plaintext-to-tls' : undefined;
}

/** Plaintext at a TLS port: what servers answer is no HTTP/2. server/docs/istio-semantics.md §12.12; envoy@0f39b1c source/common/router/router.cc onUpstreamReset (ProtocolError). */
export function statusOfRefusal({ protocol }: ServiceEntryPort): number {
  return isHttp2(protocol?.value) ? 502 : 400;
}
