import type { ClientMode } from '../../../mesh/clients/client-mode.ts';
import { fork, go, step, type Stage, type TraceState, type Turn } from '../state.ts';

/** Whether the mesh takes hold of the client's connections at all. */
export const capture: Stage = (state) => {
  const {
    client,
    request: { from },
  } = state;
  if (client.mode !== 'unknown') return follow(state);
  const way = (mode: ClientMode) => follow({ ...state, client: mode });
  return fork(
    [
      step(
        'capture',
        'unknown',
        `Manifests of namespace ${from.namespace} disagree on whether its pods are captured.`,
        client.at,
      ),
    ],
    {
      by: 'unseen',
      summary: `Whether clients in namespace ${from.namespace} are captured is not known.`,
      ways: [
        way({ mode: 'ambient', by: 'namespace', at: client.at }),
        way({ mode: 'none', because: 'no-label', at: client.at }),
      ],
    },
  );
};

function follow(state: TraceState): Turn {
  const {
    client,
    request: { from },
  } = state;
  switch (client.mode) {
    case 'ambient':
      return go(
        state,
        step('capture', client.by === 'assumed' ? 'unknown' : 'yes', ambient(client.by, from.namespace), client.at),
      );
    case 'sidecar':
      return go(
        { ...state, path: 'sidecar' },
        step(
          'capture',
          'yes',
          `A sidecar takes the pod's traffic${client.by === 'namespace' ? `: namespace ${from.namespace} asks for injection` : ': its labels ask for injection'}. Sidecars use no waypoint.`,
          client.at,
        ),
      );
    default:
      return go(
        { ...state, path: 'outside' },
        step(
          'capture',
          'no',
          `${notCaptured(client, from.namespace)} Its connections leave as they are made.`,
          client.at,
        ),
      );
  }
}

function ambient(by: 'namespace' | 'pod' | 'assumed', namespace: string): string {
  if (by === 'assumed')
    return `No file describes namespace ${namespace}: its pods are assumed to be captured by ztunnel.`;
  return by === 'pod'
    ? "The pod's own label lets ztunnel capture it."
    : `Pods of namespace ${namespace} are captured by ztunnel.`;
}

function notCaptured(client: ClientMode, namespace: string): string {
  if (client.mode === 'none' && client.because === 'pod-opts-out') return "The pod's label keeps ztunnel away.";
  if (client.mode === 'none' && client.because === 'system-namespace')
    return `Pods of ${namespace} are never captured.`;
  return `Namespace ${namespace} has no label that would let ztunnel capture its pods.`;
}
