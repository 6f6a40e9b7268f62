import type { TraceRequest } from './request.ts';

/** What a proxy sees of the client: HTTP in the clear, a TLS handshake, or bytes of an unknown protocol. */
export function clientBytes({ scheme, sni }: TraceRequest): 'http' | 'tls' | 'opaque' {
  if (scheme === 'https' || (scheme === 'tcp' && sni !== undefined)) return 'tls';
  return scheme === 'http' ? 'http' : 'opaque';
}

/** `Host` as the client sends it: with the port where it is not the scheme's own. */
export function authorityOf({
  scheme,
  host,
  port,
  headers,
}: Pick<TraceRequest, 'scheme' | 'host' | 'port' | 'headers'>): string {
  const own = (scheme === 'http' && port === 80) || (scheme === 'https' && port === 443);
  return headers.get('host') ?? (own ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`);
}

/**
 * The name in the client's own handshake as proxies see it, which is in lower case; an address is never sent as one.
 * envoy@0f39b1c source/common/network/listen_socket_impl.h setRequestedServerName.
 */
export function clientSni({ scheme, sni, host }: TraceRequest): string | undefined {
  if (sni !== undefined) return sni.toLowerCase();
  return scheme === 'https' && !/^[\d.]+$|:/.test(host) ? host : undefined;
}
