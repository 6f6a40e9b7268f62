// Whether NetworkPolicies let HBONE through: the network sees port 15008, whatever port the client calls. istio.io: Ambient mode, Use NetworkPolicy.
import { namespaceName } from '../../model/label-names.ts';
import type { Resource } from '../../model/resource.ts';
import type { NetworkPolicyRule } from '../../model/specs.ts';
import { isWaypointClass } from '../binding/waypoint-gateway.ts';
import { namespaceLabels, selectorMatches, type LabelLookup } from '../label-selector.ts';
import type { Mesh } from '../mesh.ts';
import type { Workload } from './data-plane.ts';
import {
  hasDirection,
  hbone,
  labelsOfWaypoint,
  labelsOfWorkload,
  opensPort,
  selectsPods,
  type Direction,
} from './pod-policies.ts';

type Policy = Resource<'NetworkPolicy'>;

/** Whether it allows some ports but not HBONE, and no other policy of its namespace opens the port. */
export function blocksHbone(mesh: Mesh, policy: Policy, direction: Direction): boolean {
  return hasDirection(policy, direction) && namesPorts(policy, direction) && !letsThrough(mesh, policy, direction);
}

/** A policy that blocks the pods, and whether it surely selects them. */
export interface HboneBlock {
  readonly policy: Policy;
  readonly isSure: boolean;
  /** It opens the port, but to other pods than the waypoint's. */
  readonly isToOthers?: true;
}

/** Some pods of the client, of which the workloads or else some labels are known. */
export interface KnownPods {
  readonly namespace: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly workloads: readonly Workload[];
}

/** What keeps ztunnel from opening a tunnel out of the client's pods. */
export function hboneBlockedOut(
  mesh: Mesh,
  { namespace, labels, workloads }: KnownPods,
  waypoint: Resource<'Gateway'>,
): HboneBlock | undefined {
  const pods = workloads.length > 0 ? workloads.map(labelsOfWorkload) : [(key: string) => labels.get(key)];
  const of = { namespace, pods };
  const closed = blockOf(mesh, of, (policy) => blocksHbone(mesh, policy, 'egress'));
  if (closed) return closed;
  const elsewhere = blockOf(mesh, of, (policy) =>
    misaimed(mesh, policy).some(({ waypoints }) => waypoints.includes(waypoint)),
  );
  return elsewhere && { ...elsewhere, isToOthers: true };
}

/** Namespaces in which some pods cannot open a tunnel. */
export function namespacesBlockingHbone(mesh: Mesh): ReadonlySet<string> {
  return mesh.derived(
    'namespaces blocking HBONE',
    (view) =>
      new Set(
        view
          .all('NetworkPolicy')
          .filter((policy) => blocksHbone(view, policy, 'egress') || misaimed(view, policy).length > 0)
          .map(({ namespace }) => namespace),
      ),
  );
}

interface Pods {
  readonly namespace: string;
  readonly pods: readonly LabelLookup[];
}

function blockOf(mesh: Mesh, { namespace, pods }: Pods, blocks: (policy: Policy) => boolean): HboneBlock | undefined {
  const found = mesh
    .inNamespace('NetworkPolicy', namespace)
    .filter(blocks)
    .flatMap((policy): readonly HboneBlock[] => {
      const verdicts = new Set(pods.map((labels) => selectsPods(policy, labels)));
      if (verdicts.size === 1 && verdicts.has(false)) return [];
      return [{ policy, isSure: verdicts.size === 1 && verdicts.has(true) }];
    });
  return found.find(({ isSure }) => isSure) ?? found[0];
}

/** A policy that denies everything is usually completed by others that allow traffic. */
function namesPorts({ spec }: Policy, direction: Direction): boolean {
  return (
    spec[direction]?.some(({ ports }) => ports?.some(({ port }) => port !== 53 && port !== 'dns') ?? false) ?? false
  );
}

/** Policies add up. Which pods each of them picks is not compared: another that opens the port shows that it was thought of. */
function letsThrough(mesh: Mesh, policy: Policy, direction: Direction): boolean {
  return mesh
    .inNamespace('NetworkPolicy', policy.namespace)
    .some(({ spec }) => spec[direction]?.some(opensHbone) ?? false);
}

function opensHbone(rule: NetworkPolicyRule): boolean {
  return opensPort(rule, hbone);
}

/** A rule for HBONE to pods beside a waypoint, which by their labels are none of the waypoint's. */
export interface Misaimed {
  readonly rule: number;
  readonly peer: number;
  readonly waypoints: readonly Resource<'Gateway'>[];
}

/** Such rules of the policy, where nothing else in its namespace lets HBONE out to these waypoints. */
export function misaimed(mesh: Mesh, policy: Policy): readonly Misaimed[] {
  if (!hasDirection(policy, 'egress')) return [];
  return (policy.spec.egress ?? []).flatMap((rule, index) => {
    if (!rule.ports?.some(({ port }) => port === hbone)) return [];
    return (rule.peers ?? []).flatMap((peer, at): readonly Misaimed[] => {
      const waypoints = waypointsBeside(mesh, policy, peer);
      const isMissed = waypoints.length > 0 && waypoints.every((one) => reaches(mesh, policy, peer, one) === false);
      const others = mesh.inNamespace('NetworkPolicy', policy.namespace);
      const isReached = () =>
        others.some((other) =>
          waypoints.some((one) => other.spec.egress?.some((it) => letsOutTo(mesh, other, it, one))),
        );
      return isMissed && !isReached() ? [{ rule: index, peer: at, waypoints }] : [];
    });
  });
}

type Peer = NonNullable<NetworkPolicyRule['peers']>[number];

/** Waypoints of the one namespace that the peer names, if it picks pods there. */
function waypointsBeside(mesh: Mesh, policy: Policy, peer: Peer): readonly Resource<'Gateway'>[] {
  if (!peer.podSelector || peer.cidr !== undefined) return [];
  const namespace = peer.namespaceSelector ? peer.namespaceSelector.matchLabels.get(namespaceName) : policy.namespace;
  if (namespace === undefined) return [];
  return mesh.inNamespace('Gateway', namespace).filter((gateway) => isWaypointClass(gateway, mesh.settings) === true);
}

function letsOutTo(mesh: Mesh, policy: Policy, rule: NetworkPolicyRule, waypoint: Resource<'Gateway'>): boolean {
  const { peers = [] } = rule;
  return (
    opensHbone(rule) && (peers.length === 0 || peers.some((peer) => reaches(mesh, policy, peer, waypoint) !== false))
  );
}

/** Undefined where labels decide that the files do not show, or addresses. */
function reaches(mesh: Mesh, policy: Policy, peer: Peer, waypoint: Resource<'Gateway'>): boolean | undefined {
  if (peer.cidr !== undefined) return undefined;
  const { namespace } = waypoint;
  const home = peer.namespaceSelector
    ? selectorMatches(peer.namespaceSelector, namespaceLabels(mesh, namespace))
    : policy.namespace === namespace;
  const pods = peer.podSelector ? selectorMatches(peer.podSelector, labelsOfWaypoint(waypoint)) : true;
  if (home === false || pods === false) return false;
  return home && pods;
}
