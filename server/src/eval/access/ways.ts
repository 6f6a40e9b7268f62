// The ways that a caller's requests to a host and port take, as a trace follows them, with what is left to policies.
import { atName, namesOf } from './at-names.ts';
import { groupBy } from '../../base/group-by.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { waypointLabelOf } from '../../mesh/binding/waypoint-binding.ts';
import { policiesAt } from '../authz/attached-policies.ts';
import { assumedNamespace } from '../trace/declared-requests.ts';
import { nameSeenAtGateway } from '../trace/logged-hops.ts';
import type { TraceRequest } from '../trace/request.ts';
import { authorization } from '../trace/stages/authorization.ts';
import { closingCauses } from '../trace/step.ts';
import { traceEnds, type TraceEnd } from '../trace/trace.ts';
import type { Subject } from './access-subjects.ts';
import { judgeAtGateway, judgeDestination, type GatewayDestination, type WaypointDestination } from './at-waypoint.ts';
import { policiesAtPods } from '../authz/gateway-policies.ts';
import { passageOf, type Passage } from './passage.ts';
import type { AccessRow } from './row.ts';
import { callerConditions, type CallerCondition } from './caller-conditions.ts';
import type { Destination } from './destinations.ts';
import { assumedIn, skipsIn, type Notes } from './notes.ts';
import type { SampledRequests } from './sampled-requests.ts';

export type Way = Pick<AccessRow, 'via' | 'access' | 'operations' | 'because'> & Notes & Passage;

/** One of the ways that requests can take. */
export interface PossibleWay {
  /** The conditions of its policies on the caller. */
  readonly values: readonly CallerCondition[];
  readonly wayOf: (subject: Subject) => Way;
}

/** None where all are led to a Service of the cluster. */
export function waysOf(
  mesh: Mesh,
  destination: Destination,
  { requests, isComplete }: SampledRequests,
  subject: Subject,
): readonly PossibleWay[] {
  const from = clientOf(subject);
  const perRequest = requests.map((request) => traceEnds(mesh, { ...request, from }, { skip: [authorization] }));
  if (perRequest.flat().every(({ state }) => state.inCluster)) return [];
  // A request that the port does not take stands for none, unless there is no other.
  const taken = perRequest.map((ends) => ends.filter((end) => !isByClient(end)));
  const all = taken.some((ends) => ends.length > 0) ? taken : perRequest;
  const open = all.flat().find(({ ending }) => ending === undefined);
  if (open) return [fixed(openWay(mesh, destination, open))];
  return [
    ...atWaypoints(mesh, all, isComplete),
    ...all.flat().flatMap((end) => {
      if (arrivalOf(end)) return [];
      const gateway = gatewayOf(end);
      return [gateway ? atGateway(mesh, gateway, end) : fixed(directWay(mesh, destination, end))];
    }),
  ];
}

/** Stand-ins for who is named nowhere. */
function clientOf(subject: Subject): TraceRequest['from'] {
  const { namespace, serviceAccount } =
    subject === '*' ? { namespace: assumedNamespace, serviceAccount: undefined } : subject;
  return { namespace, serviceAccount: serviceAccount ?? '-', labels: new Map() };
}

const fixed = (way: Way): PossibleWay => ({ values: [], wayOf: () => way });

/** A waypoint asks policies before it compares the Host, so another Host may well be answered. server/docs/istio-semantics.md §12.11. */
function isByClient(end: TraceEnd): boolean {
  const cause = end.ending?.cause;
  // A sidecar answers 404 to what none of its rules takes.
  if (cause === 'unmatched') return end.state.path === 'sidecar';
  return cause === 'not-http' || cause === 'bad-path' || (cause === 'other-host' && !arrivalOf(end));
}

function openWay(mesh: Mesh, { entries }: Destination, end: TraceEnd): Way {
  const { state, steps } = end;
  const entry = state.service?.entry;
  const via = viaOf(mesh, state);
  const place = steps.at(-1)?.evidence.at(-1);
  const because = place ? [place] : (entry ? [entry] : entries).map(atName);
  return { via, access: 'undetermined', operations: [], because, ...passageOf(mesh, [end]) };
}

/** An end that no policy of a gateway decides, and at a sidecar none that looks at who calls. */
function directWay(mesh: Mesh, { entries }: Destination, end: TraceEnd): Way {
  const { state } = end;
  const judged = state.path === 'sidecar' && resultOf(end) === 'reached' ? authorization(state, mesh) : undefined;
  if (judged && judged.kind !== 'go')
    return {
      via: 'direct',
      access: judged.kind === 'end' ? 'none' : 'undetermined',
      operations: [],
      because: judged.steps.flatMap(({ evidence }) => evidence).slice(0, 1),
    };
  const own = state.gateway ? 'gateway' : 'direct';
  const via = state.waypoint ? 'waypoint' : own;
  const result = resultOf(end);
  const place = end.steps.at(-1)?.evidence[0];
  const declared = state.service ? [atName(state.service.entry)] : namesOf(entries);
  const because = result !== 'reached' && place ? [place] : declared;
  const access = accessOf[result];
  const skips = access === 'all' ? {} : skipsIn(end);
  return { via, access, operations: [], because, ...passageOf(mesh, [end]), ...assumedIn([end]), ...skips };
}

function viaOf(mesh: Mesh, { waypoint, gateway, service }: TraceEnd['state']): Way['via'] {
  if (waypoint) return 'waypoint';
  if (gateway) return 'gateway';
  return service && waypointLabelOf(mesh, service.entry) ? 'waypoint' : 'direct';
}

/** Where an egress gateway has taken the request, its policies are asked. */
function gatewayOf({ state: { gateway, chain, request } }: TraceEnd): GatewayDestination | undefined {
  const taken = gateway?.taken;
  if (!gateway || !taken || !chain) return undefined;
  const [{ gateway: resource, server }] = taken.by.servers;
  return {
    gateway: gateway.pods,
    listening: taken.port,
    hasIdentity: taken.by.hasIdentity,
    chain,
    sni: nameSeenAtGateway(gateway),
    host: request.host,
    place: { resource, span: server.span },
  };
}

function atGateway(mesh: Mesh, destination: GatewayDestination, end: TraceEnd): PossibleWay {
  const result = resultOf(end);
  const closing = end.steps.at(-1)?.evidence.slice(0, 1) ?? [];
  const passage = passageOf(mesh, [end]);
  const notes = { ...assumedIn([end]), ...skipsIn(end) };
  const { policies, possible } = policiesAtPods(mesh, destination.gateway);
  return {
    values: callerConditions([...policies, ...possible]),
    wayOf: (subject) => {
      const way: Way = { via: 'gateway', ...judgeAtGateway(mesh, destination, subject), ...passage, ...notes };
      if (way.access === 'none' || result === 'reached') return way;
      if (result === 'closed') return { ...way, access: 'none', operations: [], because: closing };
      return { ...way, access: 'undetermined', operations: [] };
    },
  };
}

type Result = 'reached' | 'closed' | 'unknown';

const accessOf = { reached: 'all', closed: 'none', unknown: 'undetermined' } as const;

/** What an assumption closes, such as that the cluster enforces NetworkPolicies, is perhaps open. */
function resultOf({ ending, steps }: TraceEnd): Result {
  if (!ending || ending.verdict === 'undetermined') return 'unknown';
  if (ending.verdict !== 'fails' || !ending.cause || !closingCauses.has(ending.cause)) return 'reached';
  return steps.at(-1)?.assumed ? 'unknown' : 'closed';
}

/** Where policies are asked; undefined for an end before them. */
function arrivalOf({ state: { waypoint, service, port, chain } }: TraceEnd): WaypointDestination | undefined {
  return waypoint && service && port && chain ? { waypoint, port, ...service } : undefined;
}

interface Arrivals {
  readonly destination: WaypointDestination;
  /** Of each request that arrives there, its ends. */
  readonly perRequest: (readonly TraceEnd[])[];
}

function atWaypoints(
  mesh: Mesh,
  perRequest: readonly (readonly TraceEnd[])[],
  isComplete: boolean,
): readonly PossibleWay[] {
  return [...arrivalsOf(perRequest).values()].map((arrivals): PossibleWay => {
    const { destination } = arrivals;
    const ends = arrivals.perRequest.flat();
    const results = arrivals.perRequest.map(resultOfAll);
    const isClosed = isComplete && results.every((result) => result === 'closed');
    const isUnknown = results.includes('unknown');
    const passage = passageOf(mesh, ends);
    const closing = ends[0]?.steps.at(-1)?.evidence.slice(0, 1) ?? [];
    return {
      values: callerConditions(policiesAt(mesh, destination.waypoint, destination.entry)),
      wayOf: (subject) => {
        const judged = judgeDestination(mesh, destination, subject);
        const way: Way = { via: 'waypoint', ...judged, ...passage, ...assumedIn(ends) };
        if (way.access === 'none') return way;
        if (isClosed) return { ...way, access: 'none', operations: [], because: closing };
        return isUnknown ? { ...way, access: 'undetermined', operations: [] } : way;
      },
    };
  });
}

/** By waypoint, entry and host. */
function arrivalsOf(perRequest: readonly (readonly TraceEnd[])[]): ReadonlyMap<string, Arrivals> {
  const found = new Map<string, Arrivals>();
  for (const ends of perRequest)
    for (const [key, here] of groupBy(ends, keyOfArrival)) {
      const destination = here[0] && arrivalOf(here[0]);
      if (!destination) continue;
      const group = found.get(key) ?? { destination, perRequest: [] };
      group.perRequest.push(here);
      found.set(key, group);
    }
  return found;
}

function keyOfArrival(end: TraceEnd): string {
  const destination = arrivalOf(end);
  return destination ? `${destination.waypoint.id} ${destination.entry.id} ${destination.host}` : '';
}

/** Ways that end differently leave it open. */
function resultOfAll(ends: readonly TraceEnd[]): Result {
  const [result = 'unknown', ...others] = new Set(ends.map(resultOf));
  return others.length > 0 ? 'unknown' : result;
}
