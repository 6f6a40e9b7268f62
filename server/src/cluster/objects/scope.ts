// The kinds that decide egress, and whether each is read completely or only in parts.
import type { Kind } from '../../model/kinds.ts';

/**
 * `json`: the whole object. `keys`: names of keys, never a value. `pod`, `template`: labels, identity and network of pods, because
 * the rest (environment, arguments, volumes) is not read.
 */
export type Manner = 'json' | 'keys' | 'pod' | 'template';

export interface ScopedKind {
  readonly kind: Kind;
  /** As kubectl takes it, with its group. */
  readonly resource: string;
  readonly manner: Manner;
  readonly clusterScoped: boolean;
  /** As objects write it, where that differs. */
  readonly writtenKind?: string;
  /** A cluster without it lacks nothing. */
  readonly optional?: true;
}

export const scope: readonly ScopedKind[] = [
  ...whole('', { Service: 'services', ServiceAccount: 'serviceaccounts' }),
  ...whole('rbac.authorization.k8s.io', { Role: 'roles', RoleBinding: 'rolebindings' }),
  ...whole('networking.k8s.io', { NetworkPolicy: 'networkpolicies' }),
  ...whole('networking.istio.io', {
    ServiceEntry: 'serviceentries',
    WorkloadEntry: 'workloadentries',
    DestinationRule: 'destinationrules',
    VirtualService: 'virtualservices',
    Sidecar: 'sidecars',
  }),
  ...whole('security.istio.io', { AuthorizationPolicy: 'authorizationpolicies' }),
  ...whole('telemetry.istio.io', { Telemetry: 'telemetries' }),
  ...whole('gateway.networking.k8s.io', {
    Gateway: 'gateways',
    HTTPRoute: 'httproutes',
    GRPCRoute: 'grpcroutes',
    TLSRoute: 'tlsroutes',
    TCPRoute: 'tcproutes',
    BackendTLSPolicy: 'backendtlspolicies',
  }),
  { ...namespaced('IstioGateway', 'gateways.networking.istio.io'), writtenKind: 'Gateway' },
  ...[
    ['EnvoyFilter', 'envoyfilters.networking.istio.io'],
    ['ProxyConfig', 'proxyconfigs.networking.istio.io'],
    ['RequestAuthentication', 'requestauthentications.security.istio.io'],
    ['WasmPlugin', 'wasmplugins.extensions.istio.io'],
    ['TrafficExtension', 'trafficextensions.extensions.istio.io'],
  ].map(
    ([writtenKind = '', resource = '']): ScopedKind => ({
      ...namespaced('ProxyExtension', resource),
      writtenKind,
      optional: true,
    }),
  ),
  { kind: 'Namespace', resource: 'namespaces', manner: 'json', clusterScoped: true },
  { kind: 'GatewayClass', resource: 'gatewayclasses.gateway.networking.k8s.io', manner: 'json', clusterScoped: true },
  { kind: 'Secret', resource: 'secrets', manner: 'keys', clusterScoped: false },
  { kind: 'Pod', resource: 'pods', manner: 'pod', clusterScoped: false },
  ...['deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'cronjobs.batch'].map(
    (resource): ScopedKind => ({ kind: 'Workload', resource, manner: 'template', clusterScoped: false }),
  ),
];

function whole(group: string, resources: Partial<Readonly<Record<Kind, string>>>): readonly ScopedKind[] {
  return Object.entries(resources).map(([kind, name]) =>
    namespaced(kind as Kind, group === '' ? name : `${name}.${group}`),
  );
}

function namespaced(kind: Kind, resource: string): ScopedKind {
  return { kind, resource, manner: 'json', clusterScoped: false };
}

/** Kinds that users write to say what leaves the mesh: what drift looks for beyond the files. */
export const egressKinds: ReadonlySet<Kind> = new Set<Kind>([
  'ServiceEntry',
  'WorkloadEntry',
  'DestinationRule',
  'VirtualService',
  'IstioGateway',
  'Sidecar',
  'AuthorizationPolicy',
  'Telemetry',
  'Gateway',
  'HTTPRoute',
  'GRPCRoute',
  'TLSRoute',
  'TCPRoute',
  'BackendTLSPolicy',
]);
