// What the map can show: the files of each folder, the cluster, and what differs between the first folder and the cluster.
import { differenceOf } from '../../../../../server/src/diagram/difference.ts';
import { countsOf } from '../../../../../server/src/diagram/words.ts';
import type { MapData, MapGraph } from '../protocol.ts';

export interface Source {
  readonly id: string;
  readonly name: string;
  /** For questions about it. */
  readonly uri: string;
  readonly graph: MapGraph;
  /** What is said of a graph without connections. */
  readonly empty?: string;
}

export const emptyGraph: MapGraph = {
  short: false,
  clients: [],
  gateways: [],
  hosts: [],
  edges: [],
  findings: [],
};

export function sourcesOf({ folders, cluster }: MapData): readonly Source[] {
  // What lies in no folder counts where it declares a host: what flows to any host at all comes from the cluster's clients too.
  const shown = folders.filter(
    ({ uri, graph }) => uri !== '' || folders.length === 1 || graph.hosts.some(({ host }) => host !== '*'),
  );
  const files = shown.map(({ uri, name, graph }) => ({
    id: `folder:${uri}`,
    name: nameOf(name, shown.length),
    uri,
    graph,
  }));
  if (!cluster) return files;
  const { context, graph } = cluster;
  const uri = `istio-egress-cluster:/${encodeURIComponent(context)}`;
  const [first] = files;
  return [
    ...files,
    { id: 'cluster', name: `Cluster ${context}`, uri, graph },
    ...(first
      ? [
          {
            id: 'difference',
            name: 'Difference of files and cluster',
            uri: first.uri,
            graph: differenceOf(graph, first.graph),
            empty: 'Files and cluster do not differ in what leaves the mesh.',
          },
        ]
      : []),
  ];
}

function nameOf(name: string, folders: number): string {
  if (name === '') return 'no folder';
  return folders === 1 ? 'Workspace' : `Files of ${name}`;
}

/** Of clients, `*` for those that no file names. */
export function namespacesIn({ clients }: MapGraph): readonly string[] {
  return [...new Set(clients.map(({ namespace }) => namespace ?? '*'))];
}

export function statusOf(shown: MapGraph, whole: MapGraph, empty?: string): string {
  if (whole.edges.length === 0)
    return empty ?? 'Nothing to draw: no ServiceEntry here declares a host outside the mesh.';
  if (shown.edges.length === 0) return 'No connection fits the filter.';
  const parts = [
    countsOf(shown),
    ...(shown.edges.length < whole.edges.length ? ['filtered'] : []),
    ...(whole.short ? ['clients that are treated as their namespace, or as all others, are omitted'] : []),
  ];
  return parts.join(', ');
}
