export type ProtocolKind = 'http' | 'tls' | 'tcp' | 'udp' | 'sniffed';

const kindOfProtocol: ReadonlyMap<string, ProtocolKind> = new Map([
  ['http', 'http'],
  ['http2', 'http'],
  ['http_proxy', 'http'],
  ['grpc', 'http'],
  ['grpc-web', 'http'],
  ['https', 'tls'],
  ['tls', 'tls'],
  ['tcp', 'tcp'],
  ['mongo', 'tcp'],
  ['redis', 'tcp'],
  ['mysql', 'tcp'],
  ['udp', 'udp'],
]);

/**
 * What a port's `protocol` makes of the connection: `sniffed` where it is empty or not known to Istio, which validation
 * refuses where it is written. istio@86c9f01 pkg/config/protocol/instance.go Parse.
 */
export function protocolKind(protocol: string | undefined): ProtocolKind {
  return kindOfProtocol.get((protocol ?? '').toLowerCase()) ?? 'sniffed';
}
