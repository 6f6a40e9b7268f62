// Where Istio reads the labels and annotations that decide about egress, and which values it accepts.
import type { Kind } from './kinds.ts';
import {
  bypassInboundCapture,
  dataplaneMode,
  dnsCapture,
  dryRun,
  enableAutoallocateIp,
  excludeOutboundIpRanges,
  excludeOutboundPorts,
  includeOutboundIpRanges,
  includeOutboundPorts,
  ingressUseWaypoint,
  namespaceInjection,
  podInjection,
  useWaypoint,
  useWaypointCanary,
  useWaypointCanaryNamespace,
  useWaypointCanaryWeight,
  useWaypointNamespace,
  waypointFor,
} from './label-names.ts';

export interface LabelUse {
  readonly name: string;
  readonly place: 'label' | 'annotation' | 'either';
  readonly kinds: readonly Kind[];
  /** Undefined where any text is valid. */
  readonly values?: LabelValues | undefined;
}

export interface LabelValues {
  /** What a message proposes. */
  readonly valid: readonly string[];
  /** Further spellings that Istio accepts. */
  readonly accepted: readonly string[];
  /** What Istio does with any other value; a value with that meaning is not a fault. */
  readonly otherwise: 'on' | 'off' | 'neither';
}

const pods: readonly Kind[] = ['Pod', 'Workload'];
const bound: readonly Kind[] = ['ServiceEntry', 'Service', 'Namespace', 'WorkloadEntry', 'Pod', 'Workload'];
const canary: readonly Kind[] = ['ServiceEntry', 'Service', 'Namespace', 'WorkloadEntry'];

/** Go's strconv.ParseBool. */
const goBooleans = ['true', 'false', 'True', 'False', 'TRUE', 'FALSE', 't', 'f', 'T', 'F', '1', '0'];
const booleans = ['true', 'false'];

export const labelUses: readonly LabelUse[] = [
  // istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go GetUseWaypoint, buildWeightedWaypoints.
  { name: useWaypoint, place: 'label', kinds: bound },
  { name: useWaypointNamespace, place: 'label', kinds: bound },
  { name: useWaypointCanary, place: 'label', kinds: canary },
  { name: useWaypointCanaryNamespace, place: 'label', kinds: canary },
  { name: useWaypointCanaryWeight, place: 'annotation', kinds: canary },
  // istio@86c9f01 pilot/pkg/serviceregistry/ambient/services.go ingressUseWaypointFromLabels.
  {
    name: ingressUseWaypoint,
    place: 'label',
    kinds: ['ServiceEntry', 'Service', 'Namespace'],
    values: { valid: booleans, accepted: goBooleans, otherwise: 'off' },
  },
  // istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go gatewayToWaypointTransform; pkg/config/constants/constants.go.
  {
    name: waypointFor,
    place: 'label',
    kinds: ['Gateway', 'GatewayClass'],
    values: { valid: ['service', 'workload', 'all', 'none'], accepted: [], otherwise: 'neither' },
  },
  // server/docs/istio-semantics.md §1.40. A pod with another value is as one without the label.
  {
    name: dataplaneMode,
    place: 'label',
    kinds: ['Namespace'],
    values: { valid: ['ambient', 'none'], accepted: [], otherwise: 'off' },
  },
  {
    name: dataplaneMode,
    place: 'label',
    kinds: pods,
    values: { valid: ['ambient', 'none'], accepted: [], otherwise: 'neither' },
  },
  // istio@86c9f01 manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml; pkg/kube/inject/inject.go injectRequired.
  {
    name: namespaceInjection,
    place: 'label',
    kinds: ['Namespace'],
    values: { valid: ['enabled', 'disabled'], accepted: [], otherwise: 'off' },
  },
  {
    name: podInjection,
    place: 'either',
    kinds: pods,
    values: { valid: booleans, accepted: [''], otherwise: 'neither' },
  },
  // istio@86c9f01 cni/pkg/util/podutil.go CheckBooleanAnnotation.
  {
    name: dnsCapture,
    place: 'annotation',
    kinds: pods,
    values: { valid: booleans, accepted: goBooleans, otherwise: 'on' },
  },
  {
    name: bypassInboundCapture,
    place: 'annotation',
    kinds: pods,
    values: { valid: booleans, accepted: goBooleans, otherwise: 'off' },
  },
  // istio@86c9f01 pilot/pkg/networking/serviceentry/ip_autoallocation.go shouldV2AutoAllocateIPFromPieces.
  {
    name: enableAutoallocateIp,
    place: 'label',
    kinds: ['ServiceEntry'],
    values: { valid: booleans, accepted: ['FALSE', 'False', 'TRUE', 'True'], otherwise: 'on' },
  },
  // istio@86c9f01 pkg/kube/inject/template.go; tools/istio-iptables.
  { name: excludeOutboundIpRanges, place: 'annotation', kinds: pods },
  { name: excludeOutboundPorts, place: 'annotation', kinds: pods },
  { name: includeOutboundIpRanges, place: 'annotation', kinds: pods },
  { name: includeOutboundPorts, place: 'annotation', kinds: pods },
  // istio@86c9f01 pilot/pkg/security/authz/builder/builder.go; a wrong value is refused.
  { name: dryRun, place: 'annotation', kinds: ['AuthorizationPolicy'] },
];

/** Labels of namespaces that are often put on pods, and the reverse. */
export const swappedLabels: readonly {
  readonly name: string;
  readonly kinds: readonly Kind[];
  readonly instead: string;
  /** By the value as written. */
  readonly values: ReadonlyMap<string, string>;
}[] = [
  {
    name: namespaceInjection,
    kinds: pods,
    instead: podInjection,
    values: new Map([
      ['enabled', 'true'],
      ['disabled', 'false'],
    ]),
  },
  {
    name: podInjection,
    kinds: ['Namespace'],
    instead: namespaceInjection,
    values: new Map([
      ['true', 'enabled'],
      ['false', 'disabled'],
    ]),
  },
];
