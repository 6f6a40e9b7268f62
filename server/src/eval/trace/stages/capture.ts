import { joinedWith } from '../../../base/and-more.ts';
import { clientPods, type ClientPods } from '../../../mesh/clients/client-pods.ts';
import { dataPlanesToFollow, type DataPlane, type KnownDataPlane } from '../../../mesh/clients/data-plane.ts';
import { describe } from '../../../model/resource.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import { throughSidecar } from '../left-out.ts';
import type { Step } from '../step.ts';
import { assumedStep, atName, fork, go, step, type Stage, type TraceState, type Turn } from '../state.ts';

/** Whether the mesh takes hold of the client's connections at all. */
export const capture: Stage = (state, mesh) => {
  const {
    request: { from },
  } = state;
  const groups = clientPods(mesh, from);
  if (groups.length === 1) return captureOf(state, mesh, groups[0]);
  const workloads = groups.flatMap((group) => group.workloads.slice(0, 1));
  const message = `Workloads of ${from.namespace}/${from.serviceAccount} differ, such as ${joinedWith('and', workloads, describe)}: it is unknown which of them calls. Name its labels.`;
  return fork([step('capture', 'unknown', message, ...workloads.map(atName))], {
    by: 'unseen',
    summary: message,
    ways: groups.map((group) => captureOf(state, mesh, group)),
  });
};

function captureOf(before: TraceState, mesh: Mesh, { plane: client, labels, workloads }: ClientPods): Turn {
  const { request } = before;
  const state = { ...before, workloads, request: { ...request, from: { ...request.from, labels } } };
  const ways = dataPlanesToFollow(client).map((plane) => follow(state, mesh, plane));
  if (client.mode !== 'unknown' || client.because === 'not-described') return ways[0]!;
  const { namespace } = request.from;
  return fork([step('capture', 'unknown', unknown(client, namespace), client.at)], {
    by: 'unseen',
    summary: `It is unknown whether clients in namespace ${namespace} are captured.`,
    ways,
  });
}

function unknown(client: DataPlane & { readonly mode: 'unknown' }, namespace: string): string {
  const label = client.label && `${client.label.name}: ${client.label.value}`;
  switch (client.because) {
    case 'revision-in-ambient':
      return `Namespace ${namespace} is ambient and labelled ${label}. If that revision injects sidecars, ztunnel does not capture the pods.`;
    case 'custom-template':
      return "The pod's annotation names an injection template that is not in these files.";
    default:
      return `Manifests of namespace ${namespace} disagree on whether its pods are captured.`;
  }
}

function follow(state: TraceState, mesh: Mesh, client: KnownDataPlane): Turn {
  const { namespace } = state.request.from;
  switch (client.mode) {
    case 'ambient':
      return go(state, captured(client, namespace));
    case 'sidecar':
      return throughSidecar(
        state,
        mesh,
        `A sidecar takes the pod's traffic${client.label?.on === 'namespace' ? `: namespace ${namespace} asks for injection` : ': its labels ask for injection'}. Sidecars use no waypoint.`,
        client,
      );
    case 'none':
      return go(
        { ...state, path: 'outside' },
        step('capture', 'no', `${notCaptured(client, namespace)} Its connections go direct.`, client.at),
      );
  }
}

function captured(client: KnownDataPlane, namespace: string): Step {
  const message = ambient(client, namespace);
  return client.label
    ? step('capture', 'yes', message, client.at)
    : assumedStep('capture', 'unknown', message, client.at);
}

function ambient({ label }: KnownDataPlane, namespace: string): string {
  if (!label) return `Namespace ${namespace} is not in these files: its pods are assumed to be captured by ztunnel.`;
  return label.on === 'pod'
    ? 'ztunnel captures the pod because of its own label.'
    : `Pods of namespace ${namespace} are captured by ztunnel.`;
}

function notCaptured(client: KnownDataPlane & { readonly mode: 'none' }, namespace: string): string {
  switch (client.because) {
    case 'pod-opts-out':
      return 'ztunnel does not capture the pod because of its label.';
    case 'system-namespace':
      return `Pods of ${namespace} are never captured.`;
    case 'host-network':
      return 'ztunnel does not capture pods with hostNetwork.';
    case 'gateway-template':
      return "An injection template makes the pod a gateway or gives it an agent, which take none of the pod's own connections.";
    case 'not-enrolled':
      return client.label
        ? `Namespace ${namespace} is labelled ${client.label.name}: ${client.label.value}, and ztunnel captures its pods only with the value ambient.`
        : `ztunnel does not capture the pods: namespace ${namespace} has no label for ambient mode.`;
  }
}
