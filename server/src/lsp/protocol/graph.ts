// The graph of what leaves the mesh: who goes through which gateway to which host.
import type { EgressGraph } from '../../diagram/graph.ts';
import { request } from './define.ts';
import { nothing } from './read.ts';
import type { Evidence } from './shared.ts';

export interface GraphResult {
  /** While folders are being read, what is not there may only be still unread. */
  readonly reading: boolean;
  readonly folders: readonly { readonly uri: string; readonly graph: EgressGraph<Evidence> }[];
  /** The cluster by itself, without the files. */
  readonly cluster: { readonly context: string; readonly graph: EgressGraph<Evidence> } | null;
}

export const graphRequests = {
  'istioEgress/graph': request<undefined, GraphResult>({
    read: nothing,
    answers: 'clients, gateways and hosts with what flows between them, for each folder and for the cluster',
  }),
};
