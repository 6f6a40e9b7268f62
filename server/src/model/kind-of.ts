// Maps apiVersion and kind of a manifest to the kinds that are read. The version does not matter: all served versions of
// these kinds have the same fields, and the schema knows which versions exist.
import type { Kind } from './kinds.ts';

const kindsByGroup: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  '': {
    Namespace: 'Namespace',
    Service: 'Service',
    ServiceAccount: 'ServiceAccount',
    Secret: 'Secret',
    Pod: 'Pod',
    ConfigMap: 'ConfigMap',
  },
  apps: { Deployment: 'Workload', StatefulSet: 'Workload', DaemonSet: 'Workload', ReplicaSet: 'Workload' },
  batch: { Job: 'Workload', CronJob: 'Workload' },
  'rbac.authorization.k8s.io': { Role: 'Role', RoleBinding: 'RoleBinding' },
  'networking.k8s.io': { NetworkPolicy: 'NetworkPolicy' },
  'networking.istio.io': {
    ServiceEntry: 'ServiceEntry',
    WorkloadEntry: 'WorkloadEntry',
    DestinationRule: 'DestinationRule',
    VirtualService: 'VirtualService',
    Gateway: 'IstioGateway',
    Sidecar: 'Sidecar',
    EnvoyFilter: 'ProxyExtension',
    ProxyConfig: 'ProxyExtension',
  },
  'extensions.istio.io': { WasmPlugin: 'ProxyExtension', TrafficExtension: 'ProxyExtension' },
  'security.istio.io': { AuthorizationPolicy: 'AuthorizationPolicy', RequestAuthentication: 'ProxyExtension' },
  'telemetry.istio.io': { Telemetry: 'Telemetry' },
  'gateway.networking.k8s.io': {
    Gateway: 'Gateway',
    GatewayClass: 'GatewayClass',
    HTTPRoute: 'HTTPRoute',
    GRPCRoute: 'GRPCRoute',
    TLSRoute: 'TLSRoute',
    TCPRoute: 'TCPRoute',
    BackendTLSPolicy: 'BackendTLSPolicy',
  },
};

/** Kinds of Istio and the Gateway API that are complete names but are not read, so that they are not taken for a kind being typed. */
const otherKinds: ReadonlySet<string> = new Set([
  'WorkloadGroup',
  'PeerAuthentication',
  'ReferenceGrant',
  'UDPRoute',
  'ListenerSet',
]);

const clusterScoped: ReadonlySet<Kind> = new Set(['Namespace', 'GatewayClass']);

/** Every kind that is read. */
export const allKinds: readonly Kind[] = [
  ...new Set(Object.values(kindsByGroup).flatMap((kinds) => Object.values(kinds))),
];

export function isKind(name: string): name is Kind {
  return (allKinds as readonly string[]).includes(name);
}

/** What manifests write as `kind` for those. */
export const writtenKinds: readonly string[] = [
  ...new Set(Object.values(kindsByGroup).flatMap((kinds) => Object.keys(kinds))),
];

/** The API group of an apiVersion: what stands before the slash, empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The kind as this project names it; undefined if the object is not one that is read. */
export function kindOf(apiVersion: string, kind: string): Kind | undefined {
  const kinds = kindsOfGroup(apiVersion);
  return kinds !== undefined && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
}

/** True for a group with kinds that are read; in the core group only under `v1`. */
export function isOurGroup(apiVersion: string): boolean {
  return kindsOfGroup(apiVersion) !== undefined;
}

/** The kinds that are read of an apiVersion's group. */
function kindsOf(apiVersion: string): readonly Kind[] {
  return [...new Set(Object.values(kindsOfGroup(apiVersion) ?? {}))];
}

/** Kinds with this name, in any group: for text whose apiVersion is unknown. */
export function kindsNamed(kind: string): readonly Kind[] {
  return Object.values(kindsByGroup).flatMap((kinds) => (Object.hasOwn(kinds, kind) ? [kinds[kind]!] : []));
}

/**
 * Kinds that a kind being typed may become: `ServiceEn`, or nothing yet. Empty if the name is that of another kind. In the groups
 * of Kubernetes itself, which have many kinds that are not read, only the beginning of a name counts.
 */
export function kindsBeingTyped(apiVersion: string, kind: string): readonly Kind[] {
  const kinds = kindsOfGroup(apiVersion);
  if (kinds === undefined || otherKinds.has(kind)) return [];
  const begun = Object.entries(kinds)
    .filter(([name]) => name.startsWith(kind))
    .map(([, read]) => read);
  if (begun.length > 0) return [...new Set(begun)];
  return isOwnGroup(groupOf(apiVersion)) ? kindsOf(apiVersion) : [];
}

export function isClusterScoped(kind: Kind): boolean {
  return clusterScoped.has(kind);
}

/** Whether it names a kind of Istio or the Gateway API, read or not. */
export function isKindOfIstioOrGatewayApi(apiVersion: string, kind: string): boolean {
  return isOwnGroup(groupOf(apiVersion)) && (kindOf(apiVersion, kind) !== undefined || otherKinds.has(kind));
}

/** Of Istio or the Gateway API. */
export function isOwnGroup(group: string): boolean {
  return group.endsWith('.istio.io') || group === 'gateway.networking.k8s.io';
}

function kindsOfGroup(apiVersion: string): Readonly<Record<string, Kind>> | undefined {
  const group = groupOf(apiVersion);
  if (group === '' && apiVersion !== 'v1') return undefined;
  return Object.hasOwn(kindsByGroup, group) ? kindsByGroup[group] : undefined;
}
