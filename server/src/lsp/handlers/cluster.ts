// What clients ask about maps, clusters and manifests, in one place.
import type { Connection } from 'vscode-languageserver';
import {
  clusterNotification,
  clusterTextRequest,
  fileObjectsRequest,
  manifestsRequest,
  mapRequest,
  placesRequest,
  type FileObjectsResult,
  type ManifestsResult,
  type MapResult,
  type PlacesResult,
} from '../cluster-protocol.ts';
import { readCluster } from '../cluster-source.ts';
import type { Guard } from '../guard.ts';
import type { Session } from '../session.ts';
import { fileObjects, manifests, places } from './manifests.ts';
import { map } from './map.ts';

export interface ClusterHandlers {
  readonly guard: Guard;
  readonly session: () => Session | undefined;
  /** Called after what the server knows of a cluster changed. */
  readonly changed: () => void;
}

const noMap: MapResult = { reading: true, folders: [], cluster: null };
const noObjects: FileObjectsResult = { files: [], more: [] };
const noManifests: ManifestsResult = { manifests: [], leftOut: [] };
const noPlaces: PlacesResult = { places: [] };

export function handleCluster(connection: Connection, { guard, session, changed }: ClusterHandlers): void {
  const answer = <T extends object>(method: string, otherwise: T, work: (to: Session, given: unknown) => T) =>
    connection.onRequest<object, void>(method, (given: unknown) =>
      guard.run(method, otherwise, () => {
        const to = session();
        return to ? work(to, given) : otherwise;
      }),
    );
  connection.onNotification(clusterNotification, (given: unknown) => {
    guard.run('taking a cluster in', undefined, () => session()?.setCluster(readCluster(given)));
    changed();
  });
  answer(mapRequest, noMap, map);
  answer(manifestsRequest, noManifests, manifests);
  answer(fileObjectsRequest, noObjects, fileObjects);
  answer(placesRequest, noPlaces, places);
  answer<{ readonly text: string | null }>(clusterTextRequest, { text: null }, (to, given) => ({
    text: to.cluster.textOf(String((given as { readonly uri?: unknown } | null)?.uri)) ?? null,
  }));
}
