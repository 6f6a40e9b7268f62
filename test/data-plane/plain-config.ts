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
};
const noSecrets = 'no-secrets.json';

/** `address`: of the proxy's pod, where the generator says any. */
export function proxyJob(name: string, address: string, raw: RawConfig): ProxyJob {
  const assigned = new Map((raw.endpoints ?? []).map((one) => [(one as Fields)['clusterName'], one as Fields]));
  return {
    name,
    address,
    listeners: (raw.listeners ?? []).map((one) => bound(plain(one) as Fields, address)),
    clusters: (raw.clusters ?? []).map((one) => withEndpoints(plain(one) as Fields, assigned)).filter(isAccepted),
    files: { [noSecrets]: { resources: [] } },
  };
}

function bound({ additionalAddresses: _, ...listener }: Fields, address: string): object {
  const socket = (listener['address'] as { readonly socketAddress?: Fields } | undefined)?.socketAddress;
  return socket?.['address'] === '0.0.0.0'
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
  if (cluster['type'] !== 'LOGICAL_DNS') return true;
  const { endpoints = [] } = cluster['loadAssignment'] as {
    readonly endpoints?: readonly { readonly lbEndpoints: readonly object[] }[];
  };
  return endpoints.flatMap(({ lbEndpoints }) => lbEndpoints).length === 1;
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isForeign(item)).map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if ('sdsConfig' in value) return secretReference(value as { readonly name?: unknown });
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, factory(key, item) ?? plain(item)]));
}

/** Carries the client's identity from the tunnel to the policies. Envoy's own does the same. */
function factory(key: string, value: unknown): string | undefined {
  return key === 'factoryKey' && String(value).startsWith('istio.') ? 'envoy.hashable_string' : undefined;
}

/** Kubernetes' Secrets are in no mesh of ours, so all that are named are taken to be there. */
function secretReference({ name }: { readonly name?: unknown }): object {
  const written = String(name);
  if (written.startsWith('kubernetes://')) return { name: written.endsWith('-cacert') ? 'secret-cacert' : 'secret' };
  if (Object.hasOwn(knownSecrets, written)) return { name: knownSecrets[written] };
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
