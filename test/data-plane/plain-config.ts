// What Istio's generator sends a proxy, as a bootstrap of a plain Envoy can hold it: without what only Istio's own build knows, with
// endpoints in their clusters and secrets by name.
import type { ProxyJob } from './messages.ts';

export interface RawConfig {
  readonly listeners?: readonly object[];
  readonly clusters?: readonly object[];
  readonly endpoints?: readonly object[];
  readonly routeConfigs?: readonly object[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Secrets that are there, by the names that Istio gives them. Files in the pod are not, but the system's authorities. */
const knownSecrets: Readonly<Record<string, string>> = {
  default: 'default',
  ROOTCA: 'ROOTCA',
  'file-root:system': 'file-root:system',
  'file-root:/etc/ssl/certs/ca-certificates.crt': 'file-root:system',
};
const noSecrets = 'no-secrets.json';

/** `address`: of the proxy's pod, where the generator says any. */
export function waypointJob(name: string, address: string, raw: RawConfig): ProxyJob {
  return {
    name,
    address,
    identity: 'spiffe://cluster.local/ns/any/sa/waypoint',
    listeners: (raw.listeners ?? []).map((one) => bound(plain(one, false) as Fields, address)),
    clusters: clustersOf(raw, false),
    files: { [noSecrets]: { resources: [] } },
  };
}

/** A sidecar or an egress gateway: files of certificates are in its pod, as traces take for granted. */
export function podJob(name: string, address: string, identity: string, raw: RawConfig): ProxyJob {
  const routes = new Map((raw.routeConfigs ?? []).map((one) => [(one as Fields)['name'], one]));
  const outbound = (raw.listeners ?? []).filter((one) => (one as Fields)['trafficDirection'] !== 'INBOUND');
  return {
    name,
    address,
    identity,
    isFromPod: true,
    listeners: outbound.map((one) => redirecting(bound(withRoutes(plain(one, true), routes) as Fields, address))),
    clusters: clustersOf(raw, true),
    files: { [noSecrets]: { resources: [] } },
  };
}

function clustersOf({ clusters = [], endpoints = [] }: RawConfig, hasFiles: boolean): readonly object[] {
  const assigned = new Map(endpoints.map((one) => [(one as Fields)['clusterName'], one as Fields]));
  return clusters.map((one) => withEndpoints(plain(one, hasFiles) as Fields, assigned)).filter(isAccepted);
}

/** A listener that hands connections on by what was dialled is told that by the client. */
function redirecting(listener: Fields): Fields {
  if (listener['useOriginalDst'] !== true) return listener;
  const filters = (listener['listenerFilters'] ?? []) as readonly object[];
  return { ...listener, listenerFilters: [toldDestination, ...filters] };
}

const toldDestination = {
  name: 'envoy.filters.listener.proxy_protocol',
  typedConfig: { '@type': 'type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol' },
};

/** Route configurations where they are asked for; one that is not sent has no hosts. */
function withRoutes(value: unknown, routes: ReadonlyMap<unknown, object>): unknown {
  if (Array.isArray(value)) return value.map((item) => withRoutes(item, routes));
  if (typeof value !== 'object' || value === null) return value;
  const { rds, ...rest } = value as Fields;
  const fields = Object.entries(rest).map(([key, item]) => [key, withRoutes(item, routes)]);
  if (rds === undefined) return Object.fromEntries(fields);
  const name = (rds as Fields)['routeConfigName'];
  const routeConfig = { ...(plain(routes.get(name) ?? { name }, true) as Fields), validateClusters: false };
  return { ...Object.fromEntries(fields), routeConfig };
}

function bound({ additionalAddresses: _, ...listener }: Fields, address: string): Fields {
  const socket = (listener['address'] as { readonly socketAddress?: Fields } | undefined)?.socketAddress;
  return socket?.['address'] === '0.0.0.0' && listener['bindToPort'] !== false
    ? { ...listener, address: { socketAddress: { ...socket, address } } }
    : listener;
}

function withEndpoints(cluster: Fields, assigned: ReadonlyMap<unknown, Fields>): Fields {
  const { edsClusterConfig, ...rest } = cluster;
  if (rest['type'] !== 'EDS') return cluster;
  const service = (edsClusterConfig as Fields | undefined)?.['serviceName'] ?? rest['name'];
  const loadAssignment = { ...assigned.get(service), clusterName: rest['name'] };
  return { ...rest, type: 'STATIC', loadAssignment };
}

/** A running Envoy refuses such a cluster and keeps the others; as part of a bootstrap it would end the start. */
function isAccepted(cluster: Fields): boolean {
  if (isDynamic(cluster)) return checksNames(cluster);
  if (cluster['type'] !== 'LOGICAL_DNS') return true;
  const { endpoints = [] } = cluster['loadAssignment'] as {
    readonly endpoints?: readonly { readonly lbEndpoints: readonly object[] }[];
  };
  return endpoints.flatMap(({ lbEndpoints }) => lbEndpoints).length === 1;
}

function isDynamic({ clusterType }: Fields): boolean {
  return (clusterType as { readonly name?: string } | undefined)?.name === 'envoy.clusters.dynamic_forward_proxy';
}

/**
 * Where names are resolved as they are called, options of HTTP must have the server's name checked, or allow that it is not.
 * envoy@0f39b1c source/extensions/clusters/dynamic_forward_proxy/cluster.cc ClusterFactory::createClusterWithConfig.
 */
function checksNames({ clusterType, typedExtensionProtocolOptions: options }: Fields): boolean {
  const text = JSON.stringify(options ?? {});
  return (
    options === undefined ||
    JSON.stringify(clusterType).includes('"allowInsecureClusterOptions":true') ||
    (text.includes('"autoSni":true') && text.includes('"autoSanValidation":true'))
  );
}

function plain(value: unknown, hasFiles: boolean): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isForeign(item)).map((item) => plain(item, hasFiles));
  if (typeof value !== 'object' || value === null) return value;
  if ('sdsConfig' in value) return secretReference(value as { readonly name?: unknown }, hasFiles);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, factory(key, item) ?? plain(item, hasFiles)]),
  );
}

/** Carries the client's identity from the tunnel to the policies. Envoy's own does the same. */
function factory(key: string, value: unknown): string | undefined {
  return key === 'factoryKey' && String(value).startsWith('istio.') ? 'envoy.hashable_string' : undefined;
}

/** Kubernetes' Secrets are in no mesh of ours, so all that are named are taken to be there. */
function secretReference({ name }: { readonly name?: unknown }, hasFiles: boolean): object {
  const written = String(name);
  if (written.startsWith('kubernetes://')) return { name: written.endsWith('-cacert') ? 'secret-cacert' : 'secret' };
  if (Object.hasOwn(knownSecrets, written)) return { name: knownSecrets[written] };
  if (hasFiles && written.startsWith('file-'))
    return { name: written.startsWith('file-root') ? 'secret-cacert' : 'secret' };
  const source = { path: `@FOLDER@/${noSecrets}` };
  return {
    name: written,
    sdsConfig: { pathConfigSource: source, resourceApiVersion: 'V3', initialFetchTimeout: '0.5s' },
  };
}

/** A filter of Istio's own build: telemetry, metrics, the ALPN of peers in the mesh. */
function isForeign(item: unknown): boolean {
  if (typeof item !== 'object' || item === null || !('typedConfig' in item)) return false;
  const config = item.typedConfig as Fields;
  const type = String(config['@type']);
  const own = (type.endsWith('TypedStruct') ? String(config['typeUrl']) : type).split('/').at(-1)!;
  return !/^(envoy|xds|google)\./.test(own) || own.includes('metadataexchange');
}
