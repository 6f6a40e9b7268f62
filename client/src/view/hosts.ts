// View items of hosts: ports, policies and clients. The clients are requested when the item is opened.
import type { HostItem } from '../../../server/src/lsp/protocol/map.ts';
import type { EgressContext } from '../extension-context.ts';
import { markOf, marked } from './marks.ts';
import { node, type Node, type Side } from './node.ts';
import { callerLabel, callers, accessText, hostText, portLabel, portText } from './item-texts.ts';

type Egress = Pick<EgressContext, 'server' | 'live'>;

export function hostNode(egress: Egress, side: Side, parent: string, item: HostItem): Node {
  const { host, place, why } = item;
  const id = `${parent}/${place.resource?.namespace}/${place.resource?.name}/${host}`;
  const description = [why, hostText(item)].filter((part) => part !== '').join(' · ');
  return node({
    id,
    what: 'host',
    label: host,
    host,
    place,
    ...contextOf(egress, side),
    ...marked({ description, contextValue: `host.${side}`, icon: ['globe'] }, markOf(egress.live, place)),
    tooltip: [
      `${host}: ServiceEntry ${place.resource?.namespace}/${place.resource?.name}`,
      ...item.ports.map((port) => `${portLabel(port)}: ${portText(port)}`),
      why,
    ]
      .filter((line) => line !== '')
      .join('\n'),
    children: [
      ...item.ports.map((port) => portNode(egress, side, id, port)),
      ...item.policies.map((policy) => policyNode(egress, side, id, policy)),
      callersNode(egress, side, id, item),
    ],
  });
}

export function contextOf({ live }: Pick<EgressContext, 'live'>, side: Side): { readonly context?: string } {
  return side === 'cluster' && live.snapshot ? { context: live.snapshot.context } : {};
}

function portNode({ live }: Egress, side: Side, parent: string, port: HostItem['ports'][number]): Node {
  const by = port.by?.resource;
  const description = by ? `${portText(port)} · ${by.kind} ${by.namespace}/${by.name}` : portText(port);
  return node({
    id: `${parent}/port ${port.number}`,
    what: 'port',
    label: portLabel(port),
    place: port.by ?? undefined,
    ...marked(
      {
        description,
        contextValue: `port.${side}`,
        icon: [port.tls === 'SIMPLE' || port.tls === 'MUTUAL' || port.tls === 'client' ? 'lock' : 'plug'],
      },
      markOf(live, port.by),
    ),
  });
}

function policyNode(
  { live }: Egress,
  side: Side,
  parent: string,
  { action, dryRun, place }: HostItem['policies'][number],
): Node {
  const { namespace = '', name = '' } = place.resource ?? {};
  return node({
    id: `${parent}/policy ${namespace}/${name}`,
    what: 'policy',
    label: name,
    place,
    ...marked(
      {
        description: [action, ...(dryRun ? ['dry run'] : []), namespace].join(' · '),
        contextValue: `policy.${side}`,
        icon: ['law'],
      },
      markOf(live, place),
    ),
  });
}

function callersNode(egress: Egress, side: Side, parent: string, item: HostItem): Node {
  return node({
    id: `${parent}/callers`,
    what: '',
    label: 'Callers',
    description: callers[item.callers],
    contextValue: `callers.${side}`,
    icon: ['organization'],
    children: () => callerNodes(egress, parent, item),
  });
}

/** If all others are denied, only the first denied row is shown. */
async function callerNodes(
  { server }: Egress,
  parent: string,
  { host, place, ports }: HostItem,
): Promise<readonly Node[]> {
  const found = await server.request('istioEgress/access', {
    uri: place.uri,
    hosts: [host],
  });
  const rows = (found?.rows ?? []).filter((row) => row.host === host || row.host === '*');
  const shown = rows.filter(({ access, from }) => access !== 'none' || from === '*');
  const left = rows.length - shown.length;
  return [
    ...shown.map((row) =>
      node({
        id: `${parent}/caller ${callerLabel(row)} ${row.port}`,
        what: 'caller',
        label: callerLabel(row),
        icon: [row.access === 'none' ? 'circle-slash' : 'account'],
        description: ports.length > 1 && row.port !== 0 ? `${row.port}: ${accessText(row)}` : accessText(row),
        place: row.because[0],
      }),
    ),
    ...(left === 0
      ? []
      : [
          node({
            id: `${parent}/denied`,
            what: '',
            label: left === 1 ? '1 other is denied' : `${left} others are denied`,
            icon: ['circle-slash'],
          }),
        ]),
  ];
}
