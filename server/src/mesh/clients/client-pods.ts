// Which pods a client can be: the workloads that run as its service account, those together that the mesh treats alike.
import { selects, textLabels } from '../label-selector.ts';
import type { Mesh } from '../mesh.ts';
import { outboundAnnotations } from './redirection.ts';
import { podDataPlane, workloadDataPlane, workloadsByAccount, type DataPlane, type Workload } from './data-plane.ts';

export interface Client {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Labels of its pod that are known. */
  readonly labels: ReadonlyMap<string, string>;
}

export interface ClientPods {
  readonly plane: DataPlane;
  readonly labels: ReadonlyMap<string, string>;
  /** None where no file shows a workload of the client. */
  readonly workloads: readonly Workload[];
}

/** A group for each way in which the mesh can treat the client. */
export function clientPods(mesh: Mesh, client: Client): readonly [ClientPods, ...ClientPods[]] {
  const { namespace, serviceAccount, labels } = client;
  const ofAccount = workloadsByAccount(mesh, namespace).get(serviceAccount) ?? [];
  const workloads = ofAccount.filter((one) => selects(client.labels, one.spec.labels));
  // A single workload is its own group, so the answer does not depend on the rules of the namespace.
  const selectors = workloads.length > 1 ? selectorsOf(mesh, namespace) : [];
  const groups = new Map<string, ClientPods>();
  for (const workload of workloads) {
    const plane = workloadDataPlane(mesh, workload);
    const pod = textLabels(workload.spec.labels);
    const key = [modeOf(plane), outboundOf(workload), ...selectors.map((selector) => selects(selector, pod))].join(' ');
    const group = groups.get(key) ?? { plane, labels: pod, workloads: [] };
    groups.set(key, { ...group, workloads: [...group.workloads, workload] });
  }
  const [first, ...others] = groups.values();
  return first ? [first, ...others] : [{ plane: podDataPlane(mesh, namespace, { labels }), labels, workloads: [] }];
}

/** What distinguishes pods by the connections that their sidecars take. */
function outboundOf({ spec: { annotations, proxyUser } }: Workload): string {
  return [...outboundAnnotations.map((name) => annotations.get(name)?.value ?? '-'), proxyUser !== undefined].join(' ');
}

function modeOf(plane: DataPlane): string {
  return plane.mode === 'unknown' ? `${plane.because} ${plane.possible.map(({ mode }) => mode).join()}` : plane.mode;
}

/** The label conditions that distinguish pods with a sidecar. */
function selectorsOf(mesh: Mesh, namespace: string): readonly ReadonlyMap<string, string>[] {
  return [
    ...mesh.inNamespace('Sidecar', namespace).map(({ spec }) => spec.workloadSelector),
    ...mesh.inNamespace('DestinationRule', namespace).map(({ spec }) => spec.workloadSelector?.matchLabels),
  ].filter((selector) => selector !== undefined);
}
