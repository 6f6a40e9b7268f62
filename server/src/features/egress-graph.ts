// The graph of what leaves the mesh: who goes through which gateway to which host and port, by which TLS, let through by which policies.
// The answers are those of the access table, which follows traces.
import { firstAndMore } from '../base/and-more.ts';
import { addToGroup } from '../base/group-by.ts';
import { compareText } from '../base/compare.ts';
import { drained } from '../base/steps.ts';
import {
  clientId,
  gatewayId,
  hostId,
  type EgressGraph,
  type GraphClient,
  type GraphEdge,
  type GraphFinding,
  type GraphGateway,
  type GraphHost,
} from '../diagram/graph.ts';
import type { Finding } from '../engine/finding.ts';
import { accessInSteps, type Access } from '../eval/access/access.ts';
import type { Subject } from '../eval/access/access-subjects.ts';
import { refusalsOf, type AccessRow } from '../eval/access/row.ts';
import { assumedNamespace } from '../eval/trace/declared-requests.ts';
import { accessText } from '../eval/access/wording.ts';
import { isExternal } from '../mesh/hosts/target-ports.ts';
import { hostsOfEntry, writtenHosts } from '../mesh/hosts/hosts-of-entry.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { Resource } from '../model/resource.ts';
import { urlOf } from './facts/known-requests.ts';
import { nodesOfResources } from './graph/nodes-of-resources.ts';

type Ground = AccessRow['because'][number];

export interface GraphOptions<Place> {
  readonly place: (ground: Ground) => Place;
  /** Of all files of the mesh. */
  readonly findings: readonly Finding[];
  readonly placeOfFinding: (finding: Finding) => Place;
  /** Larger tables of client, host and port are shortened as those of `access` are. */
  readonly most?: number;
  /** Picks the ServiceEntries and gateways that are wanted. */
  readonly isShown?: (resource: Resource) => boolean;
}

export function egressGraph<Place>(mesh: Mesh, options: GraphOptions<Place>): EgressGraph<Place> {
  return drained(egressGraphInSteps(mesh, options));
}

export function* egressGraphInSteps<Place>(
  mesh: Mesh,
  options: GraphOptions<Place>,
): Generator<undefined, EgressGraph<Place>> {
  const { place, isShown = () => true } = options;
  const entries = entriesByHost(mesh, isShown);
  const found = yield* accessInSteps(mesh, options.most === undefined ? {} : { most: options.most });
  const rows = found.rows.filter(({ host }) => host === '*' || entries.has(host));
  const edges: GraphEdge<Place>[] = [];
  const hasWaypoint = rows.some(({ via }) => via === 'waypoint');
  for (const row of rows) {
    edges.push(edgeOf(row, hasWaypoint, place));
    yield;
  }
  return {
    short: found.isShort,
    clients: clientsOf(rows),
    gateways: gatewaysOf(mesh, rows, place),
    hosts: hostsOf(entries, rows, place),
    edges,
    findings: findingsOf(mesh, rows, options),
  };
}

type EntriesByHost = ReadonlyMap<string, readonly Resource<'ServiceEntry'>[]>;

function entriesByHost(mesh: Mesh, isShown: (resource: Resource) => boolean): EntriesByHost {
  const found = new Map<string, [Resource<'ServiceEntry'>, ...Resource<'ServiceEntry'>[]]>();
  for (const entry of mesh.all('ServiceEntry')) {
    if (!isShown(entry) || !isExternal(entry)) continue;
    for (const host of hostsOfEntry(entry)) addToGroup(found, host, entry);
  }
  return found;
}

function idOfClient(from: Subject): string {
  return from === '*' ? clientId(null, null) : clientId(from.namespace, from.serviceAccount ?? null);
}

function clientsOf(rows: Access['rows']): readonly GraphClient[] {
  const found = new Map<string, GraphClient>();
  for (const { from } of rows) {
    const id = idOfClient(from);
    if (!found.has(id))
      found.set(id, {
        id,
        namespace: from === '*' ? null : from.namespace,
        account: from === '*' ? null : (from.serviceAccount ?? null),
        from: from === '*' ? `${assumedNamespace}/-` : `${from.namespace}/${from.serviceAccount ?? '-'}`,
      });
  }
  return [...found.values()].sort(
    (a, b) =>
      Number(a.namespace === null) - Number(b.namespace === null) ||
      compareText(a.namespace ?? '', b.namespace ?? '') ||
      Number(a.account === null) - Number(b.account === null) ||
      compareText(a.account ?? '', b.account ?? ''),
  );
}

function gatewayOf({ via, proxy }: AccessRow): Omit<GraphGateway<unknown>, 'place'> {
  const named = via === 'direct' ? undefined : proxy;
  if (!named) {
    const kind = via === 'direct' ? 'none' : 'unknown';
    return { id: gatewayId(kind), kind, namespace: '', name: '' };
  }
  const kind = via === 'waypoint' ? 'waypoint' : 'gateway';
  return { id: gatewayId(kind, named.namespace, named.name), kind, ...named };
}

function gatewaysOf<Place>(
  mesh: Mesh,
  rows: Access['rows'],
  place: GraphOptions<Place>['place'],
): readonly GraphGateway<Place>[] {
  const found = new Map<string, GraphGateway<Place>>();
  for (const row of rows) {
    const gateway = gatewayOf(row);
    if (found.has(gateway.id)) continue;
    const { kind, namespace, name } = gateway;
    const resource =
      kind === 'waypoint' ? mesh.named('Gateway', namespace, name)[0] : mesh.named('Service', namespace, name)[0];
    found.set(gateway.id, { ...gateway, place: resource ? place({ resource, span: resource.at.name }) : null });
  }
  return [...found.values()].sort((a, b) => compareText(a.id, b.id));
}

function hostsOf<Place>(
  entries: EntriesByHost,
  rows: Access['rows'],
  place: GraphOptions<Place>['place'],
): readonly GraphHost<Place>[] {
  return [...new Set(rows.map(({ host }) => host))].sort(compareText).map((host): GraphHost<Place> => {
    const here = entries.get(host) ?? [];
    const ports = new Map(
      here.flatMap(({ spec }) =>
        spec.ports.flatMap((port) => {
          const { number, protocol } = port;
          if (!number) return [];
          return [
            [
              number.value,
              { number: number.value, protocol: protocol?.value ?? null, url: urlOf(host, port) },
            ] as const,
          ];
        }),
      ),
    );
    const [entry] = here;
    return {
      id: hostId(host),
      host,
      ports: [...ports.values()].sort((a, b) => a.number - b.number),
      place: entry ? place({ resource: entry, span: spanOfHost(entry, host) }) : null,
    };
  });
}

function spanOfHost(entry: Resource<'ServiceEntry'>, host: string): Ground['span'] {
  return writtenHosts(entry).get(host)?.span ?? entry.at.name;
}

/** `hasWaypoint`: requests of some client to some host go through one. */
function edgeOf<Place>(row: AccessRow, hasWaypoint: boolean, place: GraphOptions<Place>['place']): GraphEdge<Place> {
  const { first, more } = firstAndMore(row.because);
  const notes = firstAndMore([...refusalsOf(row), ...(row.assumed ?? []), ...(row.skips ?? [])]);
  return {
    client: idOfClient(row.from),
    gateway: gatewayOf(row).id,
    host: hostId(row.host),
    port: row.port,
    access: row.access,
    allowed: accessText(row),
    tls: row.tls ?? 'unknown',
    // A row for all hosts says nothing of each: where one has a waypoint for others, this client goes past it.
    bypasses: row.host === '*' ? row.via === 'direct' && hasWaypoint : row.bypasses === true,
    because: first.map(place),
    ...(more > 0 && { becauseMore: more }),
    notes: notes.more > 0 ? [...notes.first, `${notes.more} more.`] : notes.first,
  };
}

function findingsOf<Place>(
  mesh: Mesh,
  rows: Access['rows'],
  { findings, placeOfFinding }: GraphOptions<Place>,
): readonly GraphFinding<Place>[] {
  const nodes = nodesOfResources(mesh, rows, (row) => [gatewayOf(row).id, hostId(row.host)]);
  return findings.map((finding) => ({
    rule: finding.rule,
    severity: finding.severity,
    message: finding.message,
    place: placeOfFinding(finding),
    nodes: finding.resource ? [...(nodes.get(finding.resource.id) ?? [])] : [],
  }));
}
