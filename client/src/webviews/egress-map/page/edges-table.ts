// The map as a table: everything that the picture says, for screen readers and for reading line by line.
import type { GraphEdge } from '../../../../../server/src/diagram/graph.ts';
import { element } from '../../kit/page/element.ts';
import { table } from '../../kit/page/table.ts';
import { l10n } from '../../kit/page/texts.ts';
import type { MapGraph, Place } from '../protocol.ts';
import { accessWords, changeText, namesOf, placeText, tlsText } from './names.ts';

export function edgesTable(graph: MapGraph, open: (place: Place) => void): HTMLElement {
  const names = namesOf(graph);
  const findingsAt = new Map<string, string[]>();
  for (const { nodes, rule, severity } of graph.findings)
    for (const node of nodes) findingsAt.set(node, [...(findingsAt.get(node) ?? []), `${severity}: ${rule}`]);
  const link = (place: Place) =>
    element('button', { type: 'button', class: 'link', on: { click: () => open(place) } }, placeText(place));
  return table<GraphEdge<Place>>({
    caption: l10n.t('Clients, gateways and hosts, a connection a row'),
    columns: [
      { title: l10n.t('Client'), cell: names.client },
      { title: l10n.t('Gateway'), cell: names.gateway },
      { title: l10n.t('Host'), cell: names.target },
      { title: l10n.t('Access'), cell: accessWords },
      { title: l10n.t('TLS'), cell: tlsText },
      ...(graph.edges.some(({ change }) => change)
        ? [{ title: l10n.t('Difference'), cell: ({ change }: GraphEdge<Place>) => change && changeText(change) }]
        : []),
      {
        title: l10n.t('Findings'),
        cell: ({ client, gateway, host }) =>
          [...new Set([client, gateway, host].flatMap((node) => findingsAt.get(node) ?? []))].join(', '),
      },
      { title: l10n.t('Because of'), cell: ({ because }) => because.map((place) => element('div', {}, link(place))) },
    ],
    rows: graph.edges,
    empty: l10n.t('No connection fits the filter.'),
  });
}
