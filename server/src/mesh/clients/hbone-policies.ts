// Whether NetworkPolicies let HBONE through: the network sees port 15008, whatever port the client calls. istio.io: Ambient mode, Use NetworkPolicy.
import { dataplaneMode, gatewayName } from '../../model/label-names.ts';
import type { Resource } from '../../model/resource.ts';
import type { NetworkPolicyRule } from '../../model/specs.ts';
import { selectorMatches, type LabelLookup } from '../label-selector.ts';
import type { Mesh } from '../mesh.ts';
import type { Workload } from './data-plane.ts';

type Policy = Resource<'NetworkPolicy'>;
export type Direction = 'ingress' | 'egress';

const hbone = 15008;

/** Whether it allows some ports but not HBONE, and no other policy of its namespace opens the port. */
export function blocksHbone(mesh: Mesh, policy: Policy, direction: Direction): boolean {
  return hasDirection(policy, direction) && namesPorts(policy, direction) && !letsThrough(mesh, policy, direction);
}

/** A policy that blocks the pods, and whether it surely selects them. */
export interface HboneBlock {
  readonly policy: Policy;
  readonly isSure: boolean;
}

/** Some pods of the client, of which the workloads or else some labels are known. */
export interface KnownPods {
  readonly namespace: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly workloads: readonly Workload[];
}

/** What keeps ztunnel from opening a tunnel out of the client's pods. */
export function hboneBlockedOut(mesh: Mesh, { namespace, labels, workloads }: KnownPods): HboneBlock | undefined {
  const pods = workloads.length > 0 ? workloads.map(labelsOfWorkload) : [(key: string) => labels.get(key)];
  return blockOf(mesh, { namespace, direction: 'egress', pods });
}

/** What keeps tunnels from the waypoint's pods. */
export function hboneBlockedIn(mesh: Mesh, waypoint: Resource<'Gateway'>): HboneBlock | undefined {
  return blockOf(mesh, { namespace: waypoint.namespace, direction: 'ingress', pods: [labelsOfWaypoint(waypoint)] });
}

/** Namespaces in which some pods cannot open a tunnel. */
export function namespacesBlockingHbone(mesh: Mesh): ReadonlySet<string> {
  return mesh.derived(
    'namespaces blocking HBONE',
    (view) =>
      new Set(
        view
          .all('NetworkPolicy')
          .filter((policy) => blocksHbone(view, policy, 'egress'))
          .map(({ namespace }) => namespace),
      ),
  );
}

interface Pods {
  readonly namespace: string;
  readonly direction: Direction;
  readonly pods: readonly LabelLookup[];
}

function blockOf(mesh: Mesh, { namespace, direction, pods }: Pods): HboneBlock | undefined {
  const found = mesh
    .inNamespace('NetworkPolicy', namespace)
    .filter((policy) => blocksHbone(mesh, policy, direction))
    .flatMap((policy): readonly HboneBlock[] => {
      const verdicts = new Set(pods.map((labels) => selects(policy, labels)));
      if (verdicts.size === 1 && verdicts.has(false)) return [];
      return [{ policy, isSure: verdicts.size === 1 && verdicts.has(true) }];
    });
  return found.find(({ isSure }) => isSure) ?? found[0];
}

/** An absent selector selects all pods, as an empty one does. */
function selects({ spec }: Policy, labels: LabelLookup): boolean | undefined {
  return spec.podSelector === undefined || selectorMatches(spec.podSelector, labels);
}

/** Controllers add labels such as `job-name` to what the manifest says; `app.kubernetes.io/…` is written by people. */
function labelsOfWorkload({ spec }: Workload): LabelLookup {
  return (key) => spec.labels.get(key)?.value ?? (isSetByControllers(key) ? undefined : null);
}

function isSetByControllers(key: string): boolean {
  return /(?<!^app\.)(?:kubernetes|k8s|istio)\.io\/|^(?:job-name|controller-uid|pod-template-hash|controller-revision-hash)$/.test(
    key,
  );
}

/** The Gateway's own labels are copied to its pods. istio@86c9f01 manifests/charts/istio-control/istio-discovery/files/waypoint.yaml. */
function labelsOfWaypoint(waypoint: Resource<'Gateway'>): LabelLookup {
  const own = new Map([
    [gatewayName, waypoint.name],
    [dataplaneMode, 'none'],
  ]);
  return (key) => own.get(key) ?? waypoint.labels.get(key)?.value ?? (isSetByControllers(key) ? undefined : null);
}

/** Without `policyTypes`, the rules that are there count. */
function hasDirection({ spec: { policyTypes } }: Policy, direction: Direction): boolean {
  return policyTypes.length === 0 || policyTypes.includes(direction === 'ingress' ? 'Ingress' : 'Egress');
}

/** A policy that denies everything is usually completed by others that allow traffic. */
function namesPorts({ spec }: Policy, direction: Direction): boolean {
  return (
    spec[direction]?.some(({ ports }) => ports?.some(({ port }) => port !== 53 && port !== 'dns') ?? false) ?? false
  );
}

/** Policies add up. Which pods each of them picks is not compared: another that opens the port shows that it was thought of. */
function letsThrough(mesh: Mesh, policy: Policy, direction: Direction): boolean {
  return mesh.inNamespace('NetworkPolicy', policy.namespace).some(({ spec }) => spec[direction]?.some(opens) ?? false);
}

function opens({ ports }: NetworkPolicyRule): boolean {
  return (
    ports === undefined ||
    ports.some(
      ({ port, endPort, protocol }) =>
        (protocol ?? 'TCP') === 'TCP' &&
        (port === undefined ||
          (typeof port === 'number'
            ? port <= hbone && hbone <= (endPort ?? port)
            : !/^\d+$/.test(port) && /hbone/i.test(port))),
    )
  );
}
