// What the NetworkPolicies of a namespace let in and out of pods whose labels are known: those of waypoints and gateways. A pod that one of them
// selects may do only what one of those that select it allows. k8s.io: Network Policies, The two sorts of pod isolation.
import { dataplaneMode, gatewayName } from '../../model/label-names.ts';
import type { Resource } from '../../model/resource.ts';
import type { NetworkPolicyRule } from '../../model/specs.ts';
import { isIpAddress, rangeContains } from '../../names/addresses.ts';
import { selectorMatches, type LabelLookup } from '../label-selector.ts';
import type { Mesh } from '../mesh.ts';
import type { Workload } from './data-plane.ts';
import type { EgressGateway } from './egress-gateway.ts';

type Policy = Resource<'NetworkPolicy'>;
export type Direction = 'ingress' | 'egress';

export const hbone = 15008;

/** On which istiod gives proxies their configuration. istio@86c9f01 pkg/bootstrap/config.go; istio.io: Ports used by Istio. */
export const istiod = 15012;

export interface Pods {
  readonly namespace: string;
  readonly labels: LabelLookup;
}

export function podsOfWaypoint(waypoint: Resource<'Gateway'>): Pods {
  return { namespace: waypoint.namespace, labels: labelsOfWaypoint(waypoint) };
}

export function podsOfGateway({ namespace, labels, hasAllLabels, managed }: EgressGateway): Pods {
  const isOpen = (key: string) => !hasAllLabels || managed?.spec.hasParameters === true || isSetByControllers(key);
  return { namespace, labels: (key) => labels.get(key) ?? (isOpen(key) ? undefined : null) };
}

/** A policy that keeps the pods from it, while none that selects them allows it. */
export interface PodBlock {
  readonly policy: Policy;
  /** Whether it surely selects the pods, and the files have policies that allow something: a lone one that denies everything is usually completed by others. */
  readonly isSure: boolean;
  /** Policies that allow it, and do not select these pods. */
  readonly forOthers: readonly Policy[];
}

/** What keeps tunnels from the waypoint's pods. */
export function hboneBlockedIn(mesh: Mesh, waypoint: Resource<'Gateway'>): PodBlock | undefined {
  return mesh.derived(`HBONE into ${waypoint.id}`, (view) =>
    blockOfPods(view, podsOfWaypoint(waypoint), 'ingress', (rule) => opensPort(rule, hbone)),
  );
}

/** What keeps the pods from the address outside; each of several addresses is possible. */
export function blockedOut(
  mesh: Mesh,
  pods: Pods,
  targets: readonly { readonly address: string; readonly port: number }[],
): PodBlock | undefined {
  return blockOfPods(mesh, pods, 'egress', (rule) =>
    targets.some(({ address, port }) => opensPort(rule, port) && mayReach(rule, address)),
  );
}

export function blockOfPods(
  mesh: Mesh,
  { namespace, labels }: Pods,
  direction: Direction,
  allows: (rule: NetworkPolicyRule) => boolean,
): PodBlock | undefined {
  const all = mesh.inNamespace('NetworkPolicy', namespace).filter((policy) => hasDirection(policy, direction));
  if (all.length === 0) return undefined;
  const isAllowed = ({ spec }: Policy) => spec[direction]?.some(allows) ?? false;
  const judged = all.map((policy) => ({ policy, isSelected: selectsPods(policy, labels) }));
  const selecting = judged.filter(({ isSelected }) => isSelected !== false);
  const block = selecting.find(({ isSelected }) => isSelected === true) ?? selecting[0];
  if (!block || selecting.some(({ policy }) => isAllowed(policy))) return undefined;
  const hasRules = all.some(({ spec }) => (spec[direction]?.length ?? 0) > 0);
  return { policy: block.policy, isSure: block.isSelected === true && hasRules, forOthers: all.filter(isAllowed) };
}

/** Without `policyTypes` it is for what comes in, and for what goes out if it has such rules. k8s.io/api networking/v1 NetworkPolicySpec. */
export function hasDirection({ spec: { policyTypes, egress = [] } }: Policy, direction: Direction): boolean {
  if (policyTypes.length === 0) return direction === 'ingress' || egress.length > 0;
  return policyTypes.includes(direction === 'ingress' ? 'Ingress' : 'Egress');
}

/** An absent selector selects all pods, as an empty one does. */
export function selectsPods({ spec }: Policy, labels: LabelLookup): boolean | undefined {
  return spec.podSelector === undefined || selectorMatches(spec.podSelector, labels);
}

/** Whether it lets TCP to the port through. A port that is named may be the one of HBONE. */
export function opensPort({ ports }: NetworkPolicyRule, wanted: number): boolean {
  return (
    ports === undefined ||
    ports.some(
      ({ port, endPort, protocol }) =>
        (protocol ?? 'TCP') === 'TCP' &&
        (port === undefined ||
          (typeof port === 'number'
            ? port <= wanted && wanted <= (endPort ?? port)
            : !/^\d+$/.test(port) && (wanted !== hbone || /hbone/i.test(port)))),
    )
  );
}

/** Pods and namespaces are in the cluster; what a name resolves to, no file shows. */
function mayReach({ peers = [] }: NetworkPolicyRule, address: string): boolean {
  if (peers.length === 0) return true;
  return peers.some(({ cidr, except }) =>
    cidr === undefined
      ? !isIpAddress(address) && !isPublicName(address)
      : !isIpAddress(address) ||
        (rangeContains(cidr, address) && !except.some((range) => rangeContains(range, address))),
  );
}

/** Not one of the cluster or of a private network, which may lead to pods. */
function isPublicName(name: string): boolean {
  return name.includes('.') && !/\.(?:svc|local|internal|lan|cluster)(?:\.|$)/.test(name);
}

/** Controllers add labels such as `job-name` to what the manifest says; `app.kubernetes.io/…` is written by people. */
export function labelsOfWorkload({ spec }: Workload): LabelLookup {
  return (key) => spec.labels.get(key)?.value ?? (isSetByControllers(key) ? undefined : null);
}

function isSetByControllers(key: string): boolean {
  return /(?<!^app\.)(?:kubernetes|k8s|istio)\.io\/|^(?:job-name|controller-uid|pod-template-hash|controller-revision-hash)$/.test(
    key,
  );
}

/**
 * The labels of `spec.infrastructure`, or else the Gateway's own, are copied to its pods; what its parameters name may add others.
 * istio@86c9f01 manifests/charts/istio-control/istio-discovery/files/waypoint.yaml; pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go extractInfrastructureLabels.
 */
export function labelsOfWaypoint({ name, labels, spec }: Resource<'Gateway'>): LabelLookup {
  const own = new Map([
    [gatewayName, name],
    [dataplaneMode, 'none'],
  ]);
  const copied = (key: string) => (spec.podLabels ? spec.podLabels.get(key) : labels.get(key)?.value);
  const isOpen = (key: string) => spec.hasParameters === true || isSetByControllers(key);
  return (key) => own.get(key) ?? copied(key) ?? (isOpen(key) ? undefined : null);
}
