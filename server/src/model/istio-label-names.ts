// All names of labels and annotations that Istio defines or uses itself, so that none of them is taken for a misspelling.
import { namespaceInjection } from './label-names.ts';

/** Names by their prefix. istio@86c9f01 istio.io/api label/labels.gen.go, annotation/annotations.gen.go; the rest stands in Istio's own code and charts. */
const namesByPrefix: Readonly<Record<string, string>> = {
  'istio.io':
    'dataplane-mode ingress-use-waypoint rev tag use-waypoint use-waypoint-canary use-waypoint-canary-namespace use-waypoint-canary-weight ' +
    'use-waypoint-namespace waypoint-for autoRegistrationGroup connectedAt disconnectedAt dry-run reroute-virtual-interfaces workloadController ' +
    'global local gateway-name service-account for-service-account config deactivated connect-strategy persistent-session persistent-session-header ' +
    'enable-inference-extproc ignore-policy-attachment WaypointBound benchmark test-vm test-vm-version test-exclude-namespace',
  'alpha.istio.io': 'canonical-serviceaccounts kubernetes-serviceaccounts',
  'ambient.istio.io':
    'bypass-inbound-capture dns-capture redirection redirection-enabled waypoint-inbound-binding xfcc-include-client-identity',
  'galley.istio.io': 'analyze-suppress',
  'gateway.istio.io':
    'managed controller-version name-override service-account trust-domain defaults-for-class tls-terminate-mode tls-cipher-suites listener-protocol',
  'inject.istio.io': 'templates',
  'install.operator.istio.io': 'owning-resource owning-resource-namespace',
  'internal.istio.io': 'route-semantics service-account-name gateway-service',
  'networking.istio.io': 'enable-autoallocate-ip gatewayPort exportTo service-type traffic-distribution cluster tunnel',
  'operator.istio.io': 'component managed version',
  'prometheus.istio.io': 'merge-metrics scrape-targets secure-port',
  'proxy.istio.io': 'config overrides health-checks-enabled',
  'readiness.status.sidecar.istio.io': 'applicationPorts failureThreshold initialDelaySeconds periodSeconds',
  'security.istio.io': 'tlsMode',
  'service.istio.io': 'canonical-name canonical-revision workload-name',
  'sidecar.istio.io':
    'agentLogLevel bootstrapOverride componentLogLevel discoveryAddress extraStatTags inject interceptionMode logLevel nativeSidecar native-side ' +
    'proxyCPU proxyCPULimit proxyImage proxyImageType proxyMemory proxyMemoryLimit rewriteAppHTTPProbers statsCompression statsEvictionInterval ' +
    'statsFlushInterval statsHistogramBins statsHistogramBuckets statsInclusionPrefixes statsInclusionRegexps statsInclusionSuffixes status ' +
    'userVolume userVolumeMount',
  'status.sidecar.istio.io': 'port',
  'topology.istio.io': 'cluster controlPlaneClusters locality network subzone',
  'traffic.istio.io': 'nodeSelector',
  'traffic.sidecar.istio.io':
    'excludeInboundPorts excludeInterfaces excludeOutboundIPRanges excludeOutboundPorts includeInboundPorts includeOutboundIPRanges ' +
    'includeOutboundPorts kubevirtInterfaces',
};

const known: ReadonlySet<string> = new Set(
  Object.entries(namesByPrefix).flatMap(([prefix, names]) => names.split(' ').map((name) => `${prefix}/${name}`)),
);

/** Whether Istio gives the label or annotation a meaning, or sets it itself. */
export function isIstioLabel(name: string): boolean {
  return known.has(name) || name === namespaceInjection;
}

/** Names that only releases before those of this tool read, for waypoints of one service account. */
const forgotten: ReadonlySet<string> = new Set(['istio.io/for-service-account', 'istio.io/service-account']);

/** Whether the name belongs to Istio by its prefix, and no release that this tool knows reads it. */
export function isForgottenByIstio(name: string): boolean {
  const prefix = name.includes('/') ? name.slice(0, name.indexOf('/')) : '';
  const isIstios = prefix === 'istio.io' || prefix.endsWith('.istio.io');
  return isIstios && (forgotten.has(name) || !isIstioLabel(name));
}
