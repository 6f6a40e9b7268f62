// The hosts of a Gateway's servers, its pods, and what its servers expect.
import { selects } from '../label-selector.ts';
import type { Resource } from '../../model/resource.ts';
import type { Mesh } from '../mesh.ts';
import type { GatewayServer } from '../../model/specs.ts';
import { protocolKind } from '../../names/protocols.ts';
import { hostsOverlap } from '../../names/hosts.ts';

export type Server = GatewayServer;

/**
 * Whether a VirtualService of that namespace may bring the host to the Gateway. A server's host may begin with the
 * namespaces whose routes it takes. istio@86c9f01 pilot/pkg/model/gateway.go; pkg/config/host/names.go NamesForNamespace.
 */
export function servesHost(
  { spec, namespace }: Resource<'IstioGateway'>,
  host: string,
  from: string,
  servers: readonly Server[] = spec.servers,
): boolean {
  return servers
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

/** A pod has both where every label that one asks for is one that the other asks for too. */
export function selectsSamePods(a: Resource<'IstioGateway'>, b: Resource<'IstioGateway'>): boolean {
  const [few, many] =
    a.spec.selector.size <= b.spec.selector.size
      ? [a.spec.selector, b.spec.selector]
      : [b.spec.selector, a.spec.selector];
  return few.size > 0 && selects(few, many);
}

/**
 * Whether two selectors can have the same pods: `yes` where every pod of one is one of the other, `no` where a label differs.
 * The pods of Istio's own gateways have both an `istio` and an `app` label; those of other charts share one of them at most, so that
 * what both ask for counts first. istio@86c9f01 manifests/charts/gateways; §F.2.
 */
export function mayBeSamePods(a: Labels, b: Labels): 'yes' | 'no' | 'unknown' {
  const written = compared(a, b);
  if (written !== 'unknown') return written;
  const assumed = compared(withChartLabels(a), withChartLabels(b));
  return assumed === 'no' && [...a.keys()].some((key) => b.has(key)) ? 'unknown' : assumed;
}

type Labels = ReadonlyMap<string, string>;

function compared(a: Labels, b: Labels): 'yes' | 'no' | 'unknown' {
  const [few, many] = a.size <= b.size ? [a, b] : [b, a];
  const common = [...few].filter(([key]) => many.has(key));
  if (common.some(([key, value]) => many.get(key) !== value)) return 'no';
  return few.size > 0 && common.length === few.size ? 'yes' : 'unknown';
}

/** A selector with the label that pods of Istio's own gateways have besides. */
export function withChartLabels(selector: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const chart = ['egressgateway', 'ingressgateway'].find(
    (name) => selector.get('istio') === name || selector.get('app') === `istio-${name}`,
  );
  return chart ? new Map([['istio', chart], ['app', `istio-${chart}`], ...selector]) : selector;
}

/**
 * What a server expects of a connection and what becomes of it. `tls` without a mode is PASSTHROUGH, the first of the enum; on a
 * plain HTTP server `tls` only redirects. istio@86c9f01 pkg/config/gateway/gateway.go IsTLSServer, IsHTTPServer; §F.11, §F.12.
 */
export type ServerKind =
  /** Plain HTTP. */
  | 'http'
  /** Bytes as they come. */
  | 'tcp'
  /** TLS goes through by its server name. */
  | 'passthrough'
  | 'auto-passthrough'
  /** Ends the mesh's own TLS. */
  | 'istio-mutual'
  /** Ends TLS with a certificate of its own, and may ask for one. */
  | 'simple'
  | 'mutual';

const kindOfMode: ReadonlyMap<string, ServerKind> = new Map([
  ['PASSTHROUGH', 'passthrough'],
  ['AUTO_PASSTHROUGH', 'auto-passthrough'],
  ['ISTIO_MUTUAL', 'istio-mutual'],
  ['SIMPLE', 'simple'],
  ['MUTUAL', 'mutual'],
  ['OPTIONAL_MUTUAL', 'mutual'],
]);

/** Undefined for what validation refuses. */
export function serverKind({ protocol, tls }: Server): ServerKind | undefined {
  const kind = protocolKind(protocol?.value);
  if (kind === 'tls') return tls && kindOfMode.get(tls.mode?.value ?? 'PASSTHROUGH');
  return kind === 'http' || kind === 'tcp' ? kind : undefined;
}

/** Whether its chain carries bytes, so that policies and routes see no requests. §F.11. */
export function seesOnlyConnections(server: Server): boolean {
  const kind = serverKind(server);
  if (kind === 'tcp' || kind === 'passthrough' || kind === 'auto-passthrough') return true;
  return kind !== undefined && kind !== 'http' && server.protocol?.value.toUpperCase() === 'TLS';
}

/** The namespace and name of a Gateway as a VirtualService writes it. istio@86c9f01 pilot/pkg/model/push_context.go; §D.2. */
export function gatewayNamed(written: string, from: string): { readonly namespace: string; readonly name: string } {
  const [name = '', home] = written.split('/').reverse();
  // The old form: the name of the gateway's Service.
  const [first = '', second] = name.split('.');
  if (home === undefined && second) return { namespace: second, name: first };
  return { namespace: home === undefined || home === '.' ? from : home, name };
}

/** The Gateways of the files that a VirtualService names. */
export function gatewaysNamedBy(
  mesh: Mesh,
  { namespace, spec }: Resource<'VirtualService'>,
): readonly Resource<'IstioGateway'>[] {
  return spec.gateways.flatMap(({ value }) => {
    const named = gatewayNamed(value, namespace);
    return value === 'mesh' ? [] : mesh.named('IstioGateway', named.namespace, named.name);
  });
}

function meet(a: string, b: string): boolean {
  return hostsOverlap(a, b);
}
