import { firstOfEach } from '../../../base/first-of-each.ts';
import { joinedWith, mostRelated } from '../../../base/and-more.ts';
import type { EndpointService } from '../../../mesh/hosts/endpoint-services.ts';
import type { Mesh } from '../../../mesh/mesh.ts';
import type { Owner } from '../../../mesh/hosts/owners-at-proxy.ts';
import { describe } from '../../../model/resource.ts';
import { handedOut, targetsOf } from '../dialled.ts';
import { loggedFirst } from '../logged-hops.ts';
import { severalEndpoints } from '../refused-cluster.ts';
import { atName, end, fork, go, step, stop, type Entry, type Stage, type TraceState, type Turn } from '../state.ts';

/** Whether the proxy has an endpoint to connect to: without one it ends the request, whatever TLS it would originate. */
export const endpoints: Stage = (state, mesh) => {
  const { backend, waypoint } = state;
  if (!backend) return go(state);
  if (waypoint && backend.entry.spec.resolution?.value === 'STATIC') return atWaypoint(state, mesh, waypoint.namespace);
  const targets = targetsOf(state, mesh);
  return severalEndpoints(state, mesh) ?? (targets.length > 0 ? go(state) : noEndpoint(state, mesh));
};

/** Endpoints are handed out by the host, from the service that the waypoint's namespace uses for it, which need not be the entry's. */
function atWaypoint(state: TraceState, mesh: Mesh, namespace: string): Turn {
  const { host, port } = state.backend!;
  const answers = handedOut(mesh, { host, request: state.request }, port, namespace);
  const empty = answers.filter(({ targets }) => targets.length === 0);
  if (answers.length === 0) return noEndpoint(state, mesh);
  if (empty.length === 0) return go(state);
  const named = new Map(mesh.hostOwners(host).map(({ resource }) => [keyOf(resource), resource]));
  const owners = empty.flatMap(({ by }) => named.get(keyOf(by)) ?? []);
  const failing = firstOfEach(
    owners.map((owner) => noneHandedOut(state, mesh, owner)),
    verdictOf,
  );
  if (answers.length === 1) return failing[0]!;
  const message = `The endpoints of ${host} are those of the service with that host that was created first, and ${joinedWith('or', owners, describe)} gives none.`;
  return fork([step('upstream', 'unknown', message, ...owners.slice(0, mostRelated).map(atName))], {
    by: 'age',
    summary: `Whether ${host} has an endpoint depends on which service with that host was created first.`,
    ways: [...(empty.length < answers.length ? [go(state)] : []), ...failing],
  });
}

function keyOf({ kind, namespace, name }: Pick<EndpointService, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace}/${name}`;
}

function verdictOf(turn: Turn): string {
  return turn.kind === 'end' ? turn.end.verdict : turn.kind;
}

function noneHandedOut(state: TraceState, mesh: Mesh, owner: Owner): Turn {
  const { entry, host } = state.backend!;
  if (owner.id === entry.id) return noEndpoint(state, mesh);
  if (owner.kind === 'Service' && !knowsWorkloads(mesh)) {
    const message = `The endpoints of ${host} are those of ${describe(owner)}, whose pods these files do not show.`;
    return stop(state, step('upstream', 'unknown', message, atName(owner)));
  }
  if (owner.kind === 'ServiceEntry' && isUnseen(mesh, owner)) return unseenWorkloads(state, owner);
  return withoutAny(
    state,
    `${waypointText(state)} gets no endpoint of ${describe(entry)}: it asks for them by the host, and the service that its namespace uses for ${host} is ${describe(owner)}, which gives none`,
    owner,
  );
}

/** Of the backend, or of the service that ztunnel knows for the address. */
export function noEndpoint(state: TraceState, mesh: Mesh): Turn {
  const { entry } = state.backend ?? state.service!;
  return isUnseen(mesh, entry) ? unseenWorkloads(state, entry) : withoutAny(state, whyNoEndpoint(state), entry);
}

function withoutAny(state: TraceState, why: string, owner: Owner): Turn {
  return end(state, [step('upstream', 'no', `${why}.`, atName(owner))], {
    verdict: 'fails',
    cause: 'no-endpoint',
    summary: `${why}.`,
    log: state.backend && loggedFirst(state, 503),
  });
}

function isUnseen(mesh: Mesh, { spec }: Entry): boolean {
  return spec.workloadSelector !== undefined && !knowsWorkloads(mesh);
}

function knowsWorkloads(mesh: Mesh): boolean {
  return mesh.knows('WorkloadEntry') && mesh.knows('Pod') && mesh.knows('Workload');
}

function unseenWorkloads(state: TraceState, entry: Entry): Turn {
  const message = `Where it connects is not known: no workload in these files has the labels that ${describe(entry)} selects.`;
  return stop(state, step('upstream', 'unknown', message, atName(entry)));
}

/** An entry can have endpoints that the proxy does not get. */
function whyNoEndpoint(state: TraceState): string {
  const { entry } = state.backend ?? state.service!;
  if (entry.spec.workloadSelector) return `No workload has the labels that ${describe(entry)} selects`;
  const hasOwn = entry.spec.endpoints.some(({ address }) => address);
  if (!hasOwn) return `${describe(entry)} has resolution STATIC and no endpoint to connect to`;
  return `${waypointText(state)} gets no endpoint of ${describe(entry)}, which has some: it looks for them among what is exported to its own namespace`;
}

function waypointText({ waypoint }: TraceState): string {
  return `Waypoint ${waypoint?.namespace}/${waypoint?.name}`;
}
