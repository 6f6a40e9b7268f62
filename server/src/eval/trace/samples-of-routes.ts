// Requests to one port of a host that stand for all: a plain one, or one for each rule of the routes at its waypoint.
import { keptFor } from '../../base/kept-for.ts';
import { eachInSteps } from '../../base/steps.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { chainsOf } from '../../mesh/routes/chain-of-port.ts';
import { comparedWithAll } from '../../mesh/routes/route-candidates.ts';
import type { RouteCondition } from '../../mesh/routes/route-condition.ts';
import type { RouteUnit } from '../../mesh/routes/route-units.ts';
import type { RouteQuestion } from '../../mesh/routes/route-question.ts';
import { httpRoutes, isRouted, questionKey, type HttpRoutes } from '../../mesh/routes/routes-at-waypoint.ts';
import { since } from '../../mesh/settings.ts';
import type { Resource } from '../../model/resource.ts';
import type { ServiceEntryPort } from '../../model/specs.ts';
import { patternsFor } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import { byHostMeant, forHost, hostMeant } from './host-meant.ts';
import { sampleRequest, sampleTo, type SampleRequest } from './sample-request.ts';

export const plainRequest: SampleRequest = { path: '/', method: 'GET', headers: new Map() };

export interface Samples {
  readonly samples: readonly SampleRequest[];
  /** Some with the Host of another host of the same route, which clients of this one do not send. */
  readonly withOtherHost: readonly SampleRequest[];
  /** Whether all of these stand for every way that requests to the port can go. */
  readonly isComplete: boolean;
}

/** UDP is not carried by the mesh. */
export function isCarried({ number, protocol }: ServiceEntryPort): boolean {
  return number !== undefined && protocolKind(protocol?.value) !== 'udp';
}

/** A plain request, or one for each rule of a route that takes requests to the port at its waypoint. */
export function samplesFor(mesh: Mesh, entry: Resource<'ServiceEntry'>, host: string, port: ServiceEntryPort): Samples {
  if (!isCarried(port)) return { samples: [], withOtherHost: [], isComplete: true };
  const binding = bindWaypoint(mesh, entry);
  if (binding.state !== 'bound' || !chainsOf(port).includes('http')) return onlyPlain;
  const question = { entry, host, port: port.number!.value, chain: 'http', waypoint: binding.gateway } as const;
  if (!isRouted(mesh, question)) return onlyPlain;
  return mesh.derivedInSteps(`samples of routes ${questionKey(question)}`, (view) => samplesOf(view, question));
}

function* samplesOf(mesh: Mesh, question: RouteQuestion): Generator<undefined, Samples> {
  const routes = httpRoutes(mesh, question);
  const count = routes.units.reduce((sum, { entries = [] }) => sum + entries.length, 0);
  if (count === 0) return onlyPlain;
  yield undefined;
  const most = mostSamples(mesh, question.host, routes);
  const samples: SampleRequest[] = [];
  const withOtherHost: SampleRequest[] = [];
  yield* eachInSteps(
    routes.units.flatMap((unit) => forHost(entriesOf(unit), question.host, mostOthers)),
    ({ condition, hosts }) => {
      if (samples.length >= most) return;
      const sample = condition ? sampleTo(condition, question, hosts) : plainRequest;
      if (sample === 'other-host') addOther(withOtherHost, condition!);
      else if (sample) samples.push(sample);
    },
  );
  return { samples, withOtherHost, isComplete: samples.length + withOtherHost.length === count };
}

const entriesOf = keptFor(({ entries = [] }: RouteUnit) =>
  byHostMeant(entries, ({ condition, hosts }) => condition && hostMeant(condition, hosts)),
);

const onlyPlain: Samples = { samples: [plainRequest], withOtherHost: [], isComplete: true };

/** They go the ways of another host. */
const mostOthers = 8;

function addOther(samples: SampleRequest[], condition: RouteCondition): void {
  const sample = samples.length < mostOthers ? sampleRequest(condition) : undefined;
  if (sample) samples.push(sample);
}

/** The requests to a host that are followed. */
const mostFollowed = 20_000;
/** Where several have the host or the routes: the requests to all of them, each of which can go all of their ways. */
const mostShared = 4_000;
/** The comparisons of a request with a rule, where no path says which rules may take it. */
const mostCompared = 2_000_000;
const fewest = 4;

function mostSamples(mesh: Mesh, host: string, { units, groups }: HttpRoutes): number {
  const sharers = sharersOf(mesh, host);
  const compared = since(mesh.settings, '1.30')
    ? groups.reduce((sum, group) => sum + comparedWithAll(group), 1)
    : units.length;
  const most = Math.min(sharers > 1 ? mostShared / sharers : mostFollowed, mostCompared / compared);
  return Math.max(fewest, Math.floor(most));
}

/** The hosts of entries that have the same routes as this one. */
function sharersOf(mesh: Mesh, host: string): number {
  return Math.max(
    mesh.hostOwners(host).length,
    ...patternsFor(host)
      .filter((pattern) => pattern !== host)
      .map((pattern) =>
        mesh.derived(`hosts that share routes of ${pattern}`, (view) => sharersOfWildcard(view, pattern)),
      ),
  );
}

function sharersOfWildcard(mesh: Mesh, pattern: string): number {
  const isShared =
    mesh.virtualServices(pattern).length > 0 ||
    mesh
      .hostOwners(pattern)
      .some(
        ({ resource: { kind, namespace, name } }) =>
          kind === 'ServiceEntry' && mesh.routesTo(kind, namespace, name).length > 0,
      );
  return isShared ? mesh.hostOwnersUnder(pattern.slice(1)).length : 0;
}
