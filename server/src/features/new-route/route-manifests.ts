// The manifests of a new egress route, as plain data.
import { useWaypoint } from '../../model/label-names.ts';
import type { Plain, PlainMap } from '../../yaml/plain.ts';
import { calledPort, isWildcard, type Route, type RouteCaller } from './route-answers.ts';

export interface RouteManifest extends Named {
  readonly apiVersion: string;
  readonly kind: string;
  readonly labels: Readonly<Record<string, string>>;
  /** All but what a manifest begins with. */
  readonly rest: PlainMap;
}

export interface Named {
  readonly name: string;
  readonly namespace: string;
}

export function manifest(apiVersion: string, kind: string, { name, namespace }: Named, rest: PlainMap): RouteManifest {
  return { apiVersion, kind, name, namespace, labels: {}, rest };
}

/** `withNamespace` is false where a tool or the folder's settings give it. */
export function plainOf(
  { apiVersion, kind, name, namespace, labels, rest }: RouteManifest,
  withNamespace: boolean,
): PlainMap {
  const metadata = {
    name,
    ...(withNamespace && { namespace }),
    ...(Object.keys(labels).length > 0 && { labels }),
  };
  return { apiVersion, kind, metadata, ...rest };
}

/** As `istioctl waypoint generate` makes it. */
export function waypointManifest(gateway: Named): RouteManifest {
  return manifest('gateway.networking.k8s.io/v1', 'Gateway', gateway, {
    spec: {
      gatewayClassName: 'istio-waypoint',
      listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
    },
  });
}

/** `isLabelled`: it names the waypoint itself, where its namespace does not. */
export function entryManifest(route: Route, host: string, named: Named, isLabelled: boolean): RouteManifest {
  const entry = manifest('networking.istio.io/v1', 'ServiceEntry', named, {
    spec: { hosts: [host], ports: [portOf(route)], resolution: isWildcard(host) ? 'DYNAMIC_DNS' : 'DNS' },
  });
  return isLabelled ? { ...entry, labels: { [useWaypoint]: route.gateway.name } } : entry;
}

function portOf(route: Route): Plain {
  const { tls, port } = route;
  if (tls === 'pass-through') return { number: port, name: 'tls', protocol: 'TLS' };
  const called = { number: calledPort(route), name: 'http', protocol: 'HTTP' };
  return tls === 'plain' ? called : { ...called, targetPort: port };
}

/** Undefined where the waypoint originates no TLS. */
export function ruleManifest({ tls, secret }: Route, host: string, named: Named): RouteManifest | undefined {
  if (tls !== 'originate' && tls !== 'mutual') return undefined;
  const settings = tls === 'mutual' ? { mode: 'MUTUAL', credentialName: secret ?? '' } : { mode: 'SIMPLE' };
  return manifest('networking.istio.io/v1', 'DestinationRule', named, {
    spec: { host, trafficPolicy: { tls: settings } },
  });
}

/** Undefined where every client may send everything, unless that is to be said. */
export function policyManifest(
  { callers, methods, paths }: Route,
  entry: string,
  named: Named,
  saysAll: boolean,
): RouteManifest | undefined {
  const operation = { ...(methods.length > 0 && { methods }), ...(paths.length > 0 && { paths }) };
  const sources = sourcesOf(callers);
  const isLimited = methods.length + paths.length > 0;
  if (sources.length === 0 && !isLimited && !saysAll) return undefined;
  return manifest('security.istio.io/v1', 'AuthorizationPolicy', named, {
    spec: {
      targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: entry }],
      action: 'ALLOW',
      rules: [{ ...(sources.length > 0 && { from: sources }), ...(isLimited && { to: [{ operation }] }) }],
    },
  });
}

/** Any of the sources is enough, while the fields of one must all hold. */
function sourcesOf(callers: readonly RouteCaller[]): readonly PlainMap[] {
  const accounts = callers.flatMap(({ namespace, serviceAccount }) =>
    serviceAccount === undefined ? [] : [`${namespace}/${serviceAccount}`],
  );
  const namespaces = callers.flatMap(({ namespace, serviceAccount }) =>
    serviceAccount === undefined ? [namespace] : [],
  );
  return [
    ...(accounts.length > 0 ? [{ source: { serviceAccounts: accounts } }] : []),
    ...(namespaces.length > 0 ? [{ source: { namespaces } }] : []),
  ];
}

/** istiod sends a private key only to a waypoint whose account may list the Secrets of its namespace. */
export function secretAccessManifests(account: Named, named: Named): readonly RouteManifest[] {
  const group = 'rbac.authorization.k8s.io';
  return [
    manifest(`${group}/v1`, 'Role', named, {
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }],
    }),
    manifest(`${group}/v1`, 'RoleBinding', named, {
      roleRef: { apiGroup: group, kind: 'Role', name: named.name },
      subjects: [{ kind: 'ServiceAccount', name: account.name, namespace: account.namespace }],
    }),
  ];
}

export function logManifest({ name }: Route['gateway'], named: Named): RouteManifest {
  return manifest('telemetry.istio.io/v1', 'Telemetry', named, {
    spec: {
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name }],
      accessLogging: [{ providers: [{ name: 'envoy' }] }],
    },
  });
}
