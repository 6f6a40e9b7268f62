// The manifests of a route through a classic egress gateway. Sidecars send mTLS to it, so that its policies know the client.
import type { EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import type { PlainMap } from '../../yaml/plain.ts';
import { selectorOf } from './classic-gateways.ts';
import { calledPort, type Route, type RouteCaller } from './route-answers.ts';
import { manifest, type Named, type RouteManifest } from './route-manifests.ts';

/** Of the gateway's Service, for what sidecars send to it. */
const gatewayPort = 443;

/** The parts of one host that belong together. */
export interface ClassicHost {
  readonly host: string;
  /** Of the Gateway, which the VirtualService names. */
  readonly gatewayName: string;
  /** Of the gateway's DestinationRule, which the VirtualService names. */
  readonly subset: string;
}

const networking = 'networking.istio.io/v1';

export function classicGatewayManifest(
  gateway: EgressGateway,
  { tls }: Route,
  host: string,
  named: Named,
): RouteManifest {
  const server =
    tls === 'pass-through'
      ? { port: { number: gatewayPort, name: 'tls', protocol: 'TLS' }, tls: { mode: 'PASSTHROUGH' } }
      : { port: { number: gatewayPort, name: 'https', protocol: 'HTTPS' }, tls: { mode: 'ISTIO_MUTUAL' } };
  return manifest(networking, 'Gateway', named, {
    spec: { selector: Object.fromEntries(selectorOf(gateway)), servers: [{ ...server, hosts: [host] }] },
  });
}

/** From sidecars to the gateway, and from the gateway to the host. */
export function classicRouteManifest(
  { host: service }: EgressGateway,
  route: Route,
  { host, gatewayName, subset }: ClassicHost,
  named: Named,
): RouteManifest {
  const port = calledPort(route);
  const toHost = [{ destination: { host, port: { number: port } } }];
  const isPassedOn = route.tls === 'pass-through';
  const toGateway = [{ destination: { host: service, ...(!isPassedOn && { subset }), port: { number: gatewayPort } } }];
  const sniHosts = isPassedOn ? { sniHosts: [host] } : {};
  const rules = [
    { match: [{ gateways: ['mesh'], port, ...sniHosts }], route: toGateway },
    { match: [{ gateways: [gatewayName], port: gatewayPort, ...sniHosts }], route: toHost },
  ];
  return manifest(networking, 'VirtualService', named, {
    spec: { hosts: [host], gateways: [gatewayName, 'mesh'], [isPassedOn ? 'tls' : 'http']: rules },
  });
}

/** What sidecars send to the gateway; undefined where the client's own TLS passes. */
export function mutualHopManifest(
  { host: service }: EgressGateway,
  { tls }: Route,
  { host, subset }: ClassicHost,
  named: Named,
): RouteManifest | undefined {
  if (tls === 'pass-through') return undefined;
  const hop = { port: { number: gatewayPort }, tls: { mode: 'ISTIO_MUTUAL', sni: host } };
  return manifest(networking, 'DestinationRule', named, {
    spec: { host: service, subsets: [{ name: subset, trafficPolicy: { portLevelSettings: [hop] } }] },
  });
}

/** The sidecar's rule gives the server name, while clients choose the Host that they send. */
const onlyFor = (host: string) => ({ when: [{ key: 'connection.sni', values: [host] }] });

/** Denies what was not chosen, of this host only: an ALLOW policy would close all other hosts of the gateway. */
export function classicDenyManifest(
  gateway: EgressGateway,
  { callers, methods, paths }: Route,
  host: string,
  named: Named,
  trustDomain: string,
): RouteManifest | undefined {
  const operations = [
    ...(methods.length > 0 ? [{ operation: { notMethods: methods } }] : []),
    ...(paths.length > 0 ? [{ operation: { notPaths: paths } }] : []),
  ];
  const others = othersThan(callers, trustDomain);
  const rules: readonly PlainMap[] = [
    ...(others ? [{ from: [{ source: others }], ...onlyFor(host) }] : []),
    ...(operations.length > 0 ? [{ to: operations, ...onlyFor(host) }] : []),
  ];
  if (rules.length === 0) return undefined;
  return manifest('security.istio.io/v1', 'AuthorizationPolicy', named, {
    spec: { selector: { matchLabels: Object.fromEntries(selectorOf(gateway)) }, action: 'DENY', rules },
  });
}

/** Where the gateway lets through only what a policy allows. */
export function classicAllowManifest(gateway: EgressGateway, host: string, named: Named): RouteManifest {
  return manifest('security.istio.io/v1', 'AuthorizationPolicy', named, {
    spec: {
      selector: { matchLabels: Object.fromEntries(selectorOf(gateway)) },
      action: 'ALLOW',
      rules: [onlyFor(host)],
    },
  });
}

/** The fields of one source must all hold. */
function othersThan(callers: readonly RouteCaller[], trustDomain: string): PlainMap | undefined {
  const accounts = callers.flatMap(({ namespace, serviceAccount }) =>
    serviceAccount === undefined ? [] : [`${trustDomain}/ns/${namespace}/sa/${serviceAccount}`],
  );
  const namespaces = callers.flatMap(({ namespace, serviceAccount }) =>
    serviceAccount === undefined ? [namespace] : [],
  );
  if (callers.length === 0) return undefined;
  return {
    ...(accounts.length > 0 && { notPrincipals: accounts }),
    ...(namespaces.length > 0 && { notNamespaces: namespaces }),
  };
}

export function classicLogManifest(gateway: EgressGateway, named: Named): RouteManifest {
  return manifest('telemetry.istio.io/v1', 'Telemetry', named, {
    spec: {
      selector: { matchLabels: Object.fromEntries(selectorOf(gateway)) },
      accessLogging: [{ providers: [{ name: 'envoy' }] }],
    },
  });
}
