export type ProtocolKind = 'http' | 'tls' | 'tcp' | 'udp' | 'sniffed';

const kinds: readonly (readonly [string, ProtocolKind])[] = [
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
];

/** In lower case, and in upper case, as most are written. */
const kindOfProtocol: ReadonlyMap<string, ProtocolKind> = new Map([
  ...kinds,
  ...kinds.map(([name, kind]) => [name.toUpperCase(), kind] as const),
]);

/**
 * What a port's `protocol` makes of the connection: `sniffed` where it is empty or not known to Istio, which validation
 * refuses where it is written. istio@86c9f01 pkg/config/protocol/instance.go Parse.
 */
export function protocolKind(protocol: string | undefined): ProtocolKind {
  if (protocol === undefined) return 'sniffed';
  return kindOfProtocol.get(protocol) ?? kindOfProtocol.get(protocol.toLowerCase()) ?? 'sniffed';
}

/** Whether proxies speak HTTP/2 to what is behind the port. istio@86c9f01 pkg/config/protocol/instance.go IsHTTP2. */
export function isHttp2(protocol: string | undefined): boolean {
  return ['http2', 'grpc', 'grpc-web'].includes((protocol ?? '').toLowerCase());
}

/** Protocols of Kubernetes' own in `appProtocol`. istio@86c9f01 pkg/config/kube/conversion.go ConvertProtocol. */
const kubernetesProtocols: ReadonlyMap<string, ProtocolKind> = new Map([
  ['kubernetes.io/h2c', 'http'],
  ['kubernetes.io/ws', 'http'],
  ['kubernetes.io/wss', 'tls'],
]);

/** The protocol of a Service's port: `appProtocol`, else how its name begins. server/docs/istio-semantics-classic.md §C.2. */
export function servicePortKind(port: {
  readonly name: string | undefined;
  readonly appProtocol: string | undefined;
  readonly protocol?: string | undefined;
}): ProtocolKind {
  if (port.protocol === 'UDP') return 'udp';
  const { appProtocol, name = '' } = port;
  if (appProtocol) return kubernetesProtocols.get(appProtocol.toLowerCase()) ?? protocolKind(appProtocol);
  const lower = name.toLowerCase();
  return protocolKind(lower.startsWith('grpc-web') ? 'grpc-web' : lower.split('-')[0]);
}
