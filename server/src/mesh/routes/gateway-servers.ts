// The hosts of a Gateway's servers, and which of two servers on one port is dropped.
import type { Resource } from '../../model/resource.ts';
import type { IstioGatewaySpec } from '../../model/specs.ts';
import { protocolKind } from '../../names/protocols.ts';
import { hostsOverlap } from '../../names/hosts.ts';

export type Server = IstioGatewaySpec['servers'][number];

/**
 * Whether a VirtualService of that namespace may bring the host to the Gateway. A server's host may begin with the
 * namespaces whose routes it takes. istio@86c9f01 pilot/pkg/model/gateway.go; pkg/config/host/names.go NamesForNamespace.
 */
export function servesHost({ spec, namespace }: Resource<'IstioGateway'>, host: string, from: string): boolean {
  return spec.servers
    .flatMap(({ hosts }) => hosts)
    .some(({ value }) => {
      const [name = '', home = '*'] = value.split('/').reverse();
      return (home === '*' || home === from || (home === '.' && namespace === from)) && meet(name, host);
    });
}

/** The same for a Gateway of the Gateway API, as `istioctl` reads such a reference: a listener without a hostname takes all. */
export function listensFor({ spec }: Resource<'Gateway'>, host: string): boolean {
  return spec.listeners.some(
    ({ hostname }) => hostname === undefined || hostname.value === '' || meet(hostname.value, host),
  );
}

/**
 * Whether one of the two is dropped where they meet on one port: plaintext of different kinds, two of plain TCP, plaintext
 * beside TLS, and TLS for the same host. Plain HTTP is merged. istio@86c9f01 pilot/pkg/model/gateway.go mergeGateways.
 */
export function serversClash(a: Server, b: Server): boolean {
  if (a.port === undefined || a.port !== b.port || a.bind !== b.bind) return false;
  const [x, y] = [kindOf(a), kindOf(b)];
  if (x === undefined || y === undefined) return false;
  return (
    x !== y ||
    x === 'tcp' ||
    (x === 'tls' && a.hosts.some(({ value }) => b.hosts.some((other) => other.value === value)))
  );
}

/** A pod has both where every label that one asks for is one that the other asks for too. */
export function selectsSamePods(a: Resource<'IstioGateway'>, b: Resource<'IstioGateway'>): boolean {
  const [few, many] =
    a.spec.selector.size <= b.spec.selector.size
      ? [a.spec.selector, b.spec.selector]
      : [b.spec.selector, a.spec.selector];
  return few.size > 0 && [...few].every(([key, value]) => many.get(key) === value);
}

function kindOf({ protocol, tlsMode }: Server): 'http' | 'tcp' | 'tls' | undefined {
  if (tlsMode !== undefined) return 'tls';
  const kind = protocolKind(protocol);
  return kind === 'http' || kind === 'tcp' || kind === 'tls' ? kind : undefined;
}

function meet(a: string, b: string): boolean {
  return hostsOverlap(a, b);
}
