// The map of what leaves the mesh, by gateway.
import type { EgressMap, MapGateway, MapHost } from '../../features/map/parts.ts';
import { request } from './define.ts';
import { nothing } from './read.ts';
import type { Evidence } from './shared.ts';

export interface MapResult {
  /** While folders are being read, what is not there may only be still unread. */
  readonly reading: boolean;
  readonly folders: readonly { readonly uri: string; readonly map: MapSide }[];
  /** The cluster by itself, without the files. */
  readonly cluster: { readonly context: string; readonly map: MapSide } | null;
}

export type MapSide = EgressMap<Evidence>;
export type GatewayItem = MapGateway<Evidence>;
export type HostItem = MapHost<Evidence>;

export const mapRequests = {
  'istioEgress/map': request<undefined, MapResult>({
    read: nothing,
    answers: 'egress traffic by gateway, for each folder and for the cluster',
  }),
};
