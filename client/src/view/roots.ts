// The two roots of the view (files and cluster), with gateways and hosts.
import { workspace, Uri } from 'vscode';
import { gatewayOf, isProgrammed, missingCondition } from '../../../server/src/cluster/objects/live-gateway.ts';
import type { GatewayItem, HostItem, MapResult, MapSide } from '../../../server/src/lsp/protocol/map.ts';
import type { EgressContext } from '../extension-context.ts';
import { differencesNode } from './differences.ts';
import { contextOf, hostNode } from './hosts.ts';
import { markOf, marked } from './marks.ts';
import { node, type Node, type Side } from './node.ts';
import { age } from './item-texts.ts';

type Egress = Pick<EgressContext, 'server' | 'live'>;

/** Empty if there is nothing to show, which brings up the welcome. `canRead`: programs may be run here. */
export function rootNodes(egress: Egress, map: MapResult, canRead: boolean): readonly Node[] {
  const files = map.folders.map(({ uri, map: side }) => ({
    uri,
    children: sideNodes(egress, 'workspace', `workspace/${uri}`, side),
  }));
  const { live } = egress;
  const known = live.snapshot !== undefined || live.reading || live.problem !== undefined;
  if (!known && files.every(({ children }) => children.length === 0)) return [];
  return [workspaceNode(files), ...(known || canRead ? [clusterNode(egress, map)] : [])];
}

/** Instead of everything else. */
export function unreadNode(): Node {
  return node({
    id: 'unread',
    what: '',
    label: 'This view could not be read',
    description: 'internal error: see the output',
    contextValue: 'root.unread',
    icon: ['error', 'list.errorForeground'],
  });
}

function workspaceNode(files: readonly { readonly uri: string; readonly children: readonly Node[] }[]): Node {
  const some = files.filter(({ children }) => children.length > 0);
  const children =
    some.length === 1
      ? some[0]!.children
      : some.map(({ uri, children: inside }) =>
          node({
            id: `folder/${uri}`,
            what: 'folder',
            label: uri === '' ? 'no folder' : (workspace.getWorkspaceFolder(Uri.parse(uri))?.name ?? uri),
            icon: ['folder'],
            expanded: true,
            children: inside,
          }),
        );
  const description = children.length === 0 ? 'no host outside the mesh is declared' : '';
  return node({
    id: 'workspace',
    what: '',
    label: 'Workspace',
    description,
    contextValue: 'root.workspace',
    icon: ['root-folder'],
    expanded: true,
    children,
  });
}

function clusterNode(egress: Egress, map: MapResult): Node {
  const { snapshot, reading, problem } = egress.live;
  const base = { id: 'cluster', what: '', label: 'Cluster', icon: ['server-environment'] as const };
  if (!snapshot) {
    const outcome = problem ? problem.message : 'not read';
    const description = reading ? 'reading' : outcome;
    return node({
      ...base,
      description,
      tooltip: problem && `${problem.message}\n${problem.advice}`,
      contextValue: 'root.cluster.unread',
      icon: problem && !reading ? ['warning', 'list.warningForeground'] : base.icon,
      expanded: true,
      children: problem && !reading ? [adviceNode(problem.advice)] : [],
    });
  }
  const side = map.cluster?.context === snapshot.context ? map.cluster.map : undefined;
  const time = new Date(snapshot.takenAt).toLocaleTimeString();
  const outcome = problem ? ['last read failed'] : [];
  const state = reading ? ['reading'] : outcome;
  return node({
    // An id of its own: a line that could not be opened before is not remembered as closed.
    ...base,
    id: 'cluster/read',
    context: snapshot.context,
    description: [snapshot.context, time, ...state].join(' · '),
    contextValue: 'root.cluster.read',
    expanded: true,
    tooltip: [
      `Context ${snapshot.context}, read ${new Date(snapshot.takenAt).toLocaleString()}`,
      ...(problem ? [`${problem.message} ${problem.advice}`] : []),
      ...unread(snapshot.unread),
    ].join('\n'),
    children: [...(side ? sideNodes(egress, 'cluster', 'cluster', side) : []), ...differencesNode(egress.live)],
  });
}

function adviceNode(advice: string): Node {
  return node({ id: 'cluster/advice', what: '', label: advice, icon: ['lightbulb'] });
}

function unread(kinds: NonNullable<EgressContext['live']['snapshot']>['unread']): readonly string[] {
  return kinds.length === 0 ? [] : [`Not read: ${kinds.map(({ kind }) => kind).join(', ')}`];
}

function sideNodes(egress: Egress, side: Side, parent: string, { gateways, past, unclear }: MapSide): readonly Node[] {
  return [
    ...gateways.map((gateway) => gatewayNode(egress, side, parent, gateway)),
    ...group(egress, side, `${parent}/past`, 'Bypasses every gateway', ['warning', 'list.warningForeground'], past),
    ...group(egress, side, `${parent}/unclear`, 'Gateway unknown', ['question'], unclear),
  ];
}

function group(
  egress: Egress,
  side: Side,
  id: string,
  label: string,
  icon: readonly [string, string?],
  hosts: readonly HostItem[],
): readonly Node[] {
  if (hosts.length === 0) return [];
  const description = hosts.length === 1 ? '1 host' : `${hosts.length} hosts`;
  return [
    node({
      id,
      what: '',
      label,
      description,
      icon,
      contextValue: `group.${side}`,
      expanded: true,
      children: hosts.map((host) => hostNode(egress, side, id, host)),
    }),
  ];
}

function gatewayNode(egress: Egress, side: Side, parent: string, item: GatewayItem): Node {
  const { kind, namespace, name, className, place, hosts } = item;
  const isWaypoint = kind === 'waypoint';
  const id = `${parent}/${isWaypoint ? 'gateway' : 'egress gateway'} ${namespace}/${name}`;
  const state = isWaypoint ? stateOf(egress, side, item) : { words: ['egress gateway'], isDown: false };
  const description = [
    ...state.words,
    namespace,
    className ?? '',
    ...(place || !isWaypoint ? [] : ['not in the files, not in the cluster']),
    ...(hosts.length === 0 ? ['no hosts'] : []),
  ]
    .filter((part) => part !== '')
    .join(' · ');
  return node({
    id,
    what: 'gateway',
    label: name,
    place: place ?? undefined,
    // The Service of an egress gateway may be installed with Istio, and be in no file.
    ...(isWaypoint ? { kind: 'Gateway', name } : {}),
    namespace,
    ...contextOf(egress, side),
    expanded: true,
    ...marked(
      {
        description,
        contextValue: isWaypoint ? `gateway.${side}` : `egressGateway.${side}`,
        icon: state.isDown ? ['export', 'list.errorForeground'] : ['export'],
      },
      markOf(egress.live, place),
    ),
    children: hosts.map((host) => hostNode(egress, side, id, host)),
  });
}

/** Address, Programmed and age are the cluster's to say. */
function stateOf(
  { live }: Egress,
  side: Side,
  { namespace, name }: GatewayItem,
): { readonly words: readonly string[]; readonly isDown: boolean } {
  const found =
    side === 'cluster'
      ? live.snapshot?.objects.find((one) => one.kind === 'Gateway' && one.namespace === namespace && one.name === name)
      : undefined;
  if (!found) return { words: [], isDown: false };
  const gateway = gatewayOf(found.object);
  const programmed = isProgrammed(gateway);
  const words = programmed
    ? 'programmed'
    : `not programmed: ${missingCondition(gateway).reason || missingCondition(gateway).type}`;
  return {
    words: [words, ...gateway.addresses, ...(found.created === undefined ? [] : [age(found.created, Date.now())])],
    isDown: !programmed,
  };
}
