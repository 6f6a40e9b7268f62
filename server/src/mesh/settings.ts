import { newestVersion } from '../model/istio-releases.ts';
import type { LabelSelector } from '../model/specs.ts';

/** How far a ServiceEntry is seen in ambient mode. */
export type Visibility = 'PUBLIC' | 'NAMESPACE' | 'NONE';

/** MeshConfig `pathNormalization.normalization`; DEFAULT means BASE. */
export type PathNormalization = 'NONE' | 'BASE' | 'MERGE_SLASHES' | 'DECODE_AND_MERGE_SLASHES';

/** MeshConfig `serviceEntryVisibility`, of Istio 1.31 and later: the first policy whose selectors all match decides. */
export interface ServiceEntryVisibility {
  readonly defaultVisibility: Visibility;
  readonly policies: readonly {
    readonly visibility: Visibility;
    readonly namespaceSelectors: readonly LabelSelector[];
  }[];
  readonly applyToSidecars: boolean;
}

/** `service` is a host, or `NAMESPACE/HOST`. */
interface ProviderService {
  readonly name: string;
  readonly service: string;
  readonly port: number | undefined;
}

/** Lists separated by commas; absent where nothing says it. */
export interface OutboundCapture {
  readonly includeRanges?: string;
  readonly excludeRanges?: string;
  readonly includePorts?: string;
  readonly excludePorts?: string;
}

/** The settings of istiod from MeshConfig and flags that affect egress. */
export interface MeshSettings {
  /** Target minor version, e.g. `1.31`. */
  readonly istioVersion: string;
  readonly rootNamespace: string;
  readonly trustDomain: string;
  readonly clusterDomain: string;
  readonly defaultServiceExportTo: readonly string[];
  readonly defaultDestinationRuleExportTo: readonly string[];
  readonly defaultVirtualServiceExportTo: readonly string[];
  readonly outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY' | 'ALLOW_ANY_DYNAMIC_DNS';
  /** How proxies normalise a path before policies and routes see it. */
  readonly pathNormalization: PathNormalization;
  readonly accessLogFile: string;
  /** Names of `extensionProviders`; the built-in ones are added by the caller. */
  readonly extensionProviders: readonly string[];
  /** Where those of `extensionProviders` are called that say so; absent where no MeshConfig is read. */
  readonly providerServices?: readonly ProviderService[] | undefined;
  readonly defaultAccessLogProviders: readonly string[];
  /** `PILOT_ENABLE_IP_AUTOALLOCATE`. */
  readonly autoAllocateAddresses: boolean;
  /** istiod's `ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS`; absent where nothing says it. */
  readonly wildcardTls?: boolean | undefined;
  /** `cni.ambient.dnsCapture`. */
  readonly dnsCapture: boolean;
  /** `ISTIO_META_DNS_CAPTURE` of the sidecars, by MeshConfig `defaultConfig.proxyMetadata`; off by default. */
  readonly sidecarDnsCapture?: boolean | undefined;
  /** Helm's `global.proxy`: which connections sidecars take, where a pod does not say it itself. Lists separated by commas, as in annotations. */
  readonly outboundCapture?: OutboundCapture | undefined;
  /** Absent where it is not configured: every entry is then public. */
  readonly serviceEntryVisibility?: ServiceEntryVisibility | undefined;
  /** Namespaces that istiod looks into; absent or empty where it looks into all. */
  readonly discoverySelectors?: readonly LabelSelector[] | undefined;
  /** The context of the cluster that completes the files: a resource in neither does not exist. */
  readonly cluster?: string | undefined;
  /** Where the values come from: `default`, or the file's URI; a finding that rests on a default says so. */
  readonly origin: string;
}

/** Istio's own defaults. istio@86c9f01 pkg/config/mesh/mesh.go DefaultMeshConfig. */
export const defaultMeshSettings: MeshSettings = {
  istioVersion: newestVersion,
  rootNamespace: 'istio-system',
  trustDomain: 'cluster.local',
  clusterDomain: 'cluster.local',
  defaultServiceExportTo: ['*'],
  defaultDestinationRuleExportTo: ['*'],
  defaultVirtualServiceExportTo: ['*'],
  outboundTrafficPolicy: 'ALLOW_ANY',
  pathNormalization: 'BASE',
  accessLogFile: '',
  extensionProviders: [],
  defaultAccessLogProviders: [],
  autoAllocateAddresses: true,
  dnsCapture: true,
  origin: 'default',
};

/** True if the target version is at least `minor` (`1.29`). */
export function since(settings: Pick<MeshSettings, 'istioVersion'>, minor: string): boolean {
  return minorOf(settings.istioVersion) >= minorOf(minor);
}

function minorOf(version: string): number {
  return Number(version.split('.')[1] ?? 0);
}
