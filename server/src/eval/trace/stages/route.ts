import { clusterOf } from '../cluster.ts';
import { go, type Stage } from '../state.ts';

/** Where the request is sent. */
export const route: Stage = (state) => {
  const { service, waypoint, port, chain } = state;
  if (!service || !waypoint || !port || !chain) return go(state);
  return go({ ...state, backend: { ...service, port, cluster: clusterOf(chain, state.request.port, service.host) } });
};
