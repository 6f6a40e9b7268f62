// The map as a table: everything that the picture says, for screen readers and for reading line by line.
import type { GraphEdge } from '../../../../../server/src/diagram/graph.ts';
import { element } from '../../kit/page/element.ts';
import { table } from '../../kit/page/table.ts';
import type { MapGraph, Place } from '../protocol.ts';
import { placesOf } from './deciding-places.ts';
import { accessWords, changeText, namesOf, placeText, tlsText } from './names.ts';

export function edgesTable(graph: MapGraph, open: (place: Place) => void): HTMLElement {
  const names = namesOf(graph);
  const findingsAt = new Map<string, string[]>();
  for (const { nodes, rule, severity } of graph.findings)
    for (const node of nodes) findingsAt.set(node, [...(findingsAt.get(node) ?? []), `${severity}: ${rule}`]);
  const link = (place: Place) =>
    element('button', { type: 'button', class: 'link', on: { click: () => open(place) } }, placeText(place));
  return table<GraphEdge<Place>>({
    caption: 'Clients, gateways and hosts, a connection a row',
    columns: [
      { title: 'Client', cell: names.client },
      { title: 'Gateway', cell: names.gateway },
      { title: 'Host', cell: names.target },
      { title: 'Access', cell: accessWords },
      { title: 'TLS', cell: tlsText },
      ...(graph.edges.some(({ change }) => change)
        ? [{ title: 'Difference', cell: ({ change }: GraphEdge<Place>) => change && changeText(change) }]
        : []),
      {
        title: 'Findings',
        cell: ({ client, gateway, host }) =>
          [...new Set([client, gateway, host].flatMap((node) => findingsAt.get(node) ?? []))].join(', '),
      },
      { title: 'Because of', cell: (edge) => placesOf(edge, link) },
    ],
    rows: graph.edges,
    empty: 'No connection fits the filter.',
  });
}
