// Maps apiVersion and kind of a manifest to the kinds that are read. The version does not matter: all served versions of
// these kinds have the same fields, and the schema knows which versions exist.
import { flatText } from '../base/flat-text.ts';
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
  return kindsOfGroup(apiVersion)?.get(kind);
}

/** True for a group with kinds that are read; in the core group only under `v1`. */
export function isOurGroup(apiVersion: string): boolean {
  return kindsOfGroup(apiVersion) !== undefined;
}

/** The kinds that are read of an apiVersion's group. */
function kindsOf(apiVersion: string): readonly Kind[] {
  return [...new Set(kindsOfGroup(apiVersion)?.values())];
}

/** Kinds with this name, in any group: for text whose apiVersion is unknown. */
export function kindsNamed(kind: string): readonly Kind[] {
  return [...kindsIn.values()].flatMap((kinds) => kinds.get(kind) ?? []);
}

/**
 * Kinds that a kind being typed may become: `ServiceEn`, or nothing yet. Empty if the name is that of another kind. In the groups
 * of Kubernetes itself, which have many kinds that are not read, only the beginning of a name counts.
 */
export function kindsBeingTyped(apiVersion: string, kind: string): readonly Kind[] {
  const kinds = kindsOfGroup(apiVersion);
  if (kinds === undefined || otherKinds.has(kind)) return [];
  const begun = [...kinds].filter(([name]) => name.startsWith(kind)).map(([, read]) => read);
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

type Kinds = ReadonlyMap<string, Kind>;

const kindsIn: ReadonlyMap<string, Kinds> = new Map(
  Object.entries(kindsByGroup).map(([group, kinds]) => [group, new Map(Object.entries(kinds))]),
);

/** By apiVersion: a few are written thousands of times, and each is asked for several times. */
const lastAsked = new Map<string, Kinds | undefined>();
/** Files can hold any number of versions. */
const mostAsked = 1000;

function kindsOfGroup(apiVersion: string): Kinds | undefined {
  const known = lastAsked.get(apiVersion);
  if (known !== undefined || lastAsked.has(apiVersion)) return known;
  const group = groupOf(apiVersion);
  const kinds = group === '' && apiVersion !== 'v1' ? undefined : kindsIn.get(group);
  if (lastAsked.size >= mostAsked) lastAsked.clear();
  lastAsked.set(flatText(apiVersion), kinds);
  return kinds;
}
