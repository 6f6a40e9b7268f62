// What a client's sidecar does with a name on a port: the service that it means, and the VirtualService routes that apply.
// server/docs/istio-semantics-classic.md §B, §C, §D.
import { drained } from '../../base/steps.ts';
import { ownersByNamespace } from '../hosts/owners-in.ts';
import type { Resource } from '../../model/resource.ts';
import { patternsFor } from '../../names/hosts.ts';
import { routesImported, servicesSeen } from '../clients/sidecar-scope.ts';
import {
  clusterOwners,
  foremostAmong,
  lastAmong,
  ownersAtProxy,
  hasPortNumber,
  type Owner,
  type OwnersAtProxy,
} from '../hosts/owners-at-proxy.ts';
import type { Mesh } from '../mesh.ts';
import { servicesInSight } from './services-in-sight.ts';
import { hasPortForBytes, howTaken, type Taken } from './sidecar-chains.ts';
import { byListener } from './sidecar-bytes.ts';
import { byHost, byServerName, type RoutesInScope } from './sidecar-decisions.ts';
import { byteRoutesAtSidecar, knowsByteRoutes, type ByteRoute } from './byte-routes-at-sidecar.ts';
import type { Place, SidecarChoice, SidecarQuestion } from './sidecar-question.ts';
import { isForMesh } from './virtual-service-entries.ts';

/** One, or several of which the age of services decides. istio@86c9f01 pilot/pkg/networking/core/httproute.go BuildSidecarOutboundVirtualHosts; tls.go buildSidecarOutboundTLSFilterChainOpts. */
export function choicesAtSidecar(mesh: Mesh, question: SidecarQuestion): readonly [SidecarChoice, ...SidecarChoice[]] {
  const { client, name } = question;
  const hosts = patternsFor(name).map((pattern) => ({ pattern, seen: servicesSeen(mesh, client, pattern) }));
  const routes = routesInScope(mesh, question);
  if (!routes || hosts.some(({ seen }) => seen === undefined)) return [unknown];
  const owners = hosts.map(({ pattern, seen }) => ({
    pattern,
    ways: ownersAtProxy(
      mesh,
      { kind: 'sidecar', namespace: client.namespace },
      { seen: seen!, hidden: hiddenBeside(mesh, pattern, seen!) },
      maxOrders,
    ),
  }));
  const orders = owners.reduce((all, { ways }) => all * Math.max(1, ways.length), 1);
  if (orders > maxOrders) return [unknown];
  const [first = unknown, ...more] = placesInEachOrder(mesh, question, owners).map((places) =>
    choose(mesh, question, places, routes),
  );
  // INFER: of two entries of a namespace that have the port for HTTP and for TLS, no chain may take TLS.
  const isMixed =
    question.bytes === 'tls' && owners.some(({ ways }) => ways.some((way) => isForBoth(way, question.port)));
  return isMixed ? [first, ...more, { state: 'nothing' }] : [first, ...more];
}

/** Services of the host that the sidecar does not see, in the namespaces of those that it sees: a host can have thousands elsewhere. */
function hiddenBeside(mesh: Mesh, pattern: string, seen: readonly Owner[]): readonly Owner[] {
  const known = new Set(seen);
  const owners = ownersByNamespace(mesh, pattern);
  return [...new Set(seen.map(({ namespace }) => namespace))]
    .flatMap((namespace) => owners.get(namespace) ?? [])
    .map(({ resource }) => resource)
    .filter((one) => !known.has(one));
}

function isForBoth({ listed }: OwnersAtProxy, port: number): boolean {
  const having = listed.filter((one) => hasPortNumber(one, port));
  const kinds = new Set(having.map((one) => hasPortForBytes(one, port)));
  return kinds.size > 1;
}

const unknown: SidecarChoice = { state: 'unknown' };
const maxOrders = 16;

interface OwnersOfHost {
  readonly pattern: string;
  readonly ways: readonly OwnersAtProxy[];
}

function placesInEachOrder(
  mesh: Mesh,
  question: SidecarQuestion,
  [host, ...rest]: readonly OwnersOfHost[],
): readonly (readonly Place[])[] {
  if (!host) return [[]];
  const others = placesInEachOrder(mesh, question, rest);
  const own = orNone(host.ways).flatMap((way) => placesOf(mesh, question, host.pattern, way));
  return own.flatMap((place) => others.map((list) => [place, ...list]));
}

/** A listener of the service's own address comes first, then chains by name, then the one that takes the rest. §C.31. */
const precedence: readonly Taken[] = ['listener', 'http', 'tls', 'bytes'];

/**
 * The newest entry that lists the port makes the host's domain of HTTP, or none; the oldest makes the chain for bytes. Several places where
 * which one that is depends on the age of others.
 */
function placesOf(
  mesh: Mesh,
  question: SidecarQuestion,
  pattern: string,
  owners: OwnersAtProxy | undefined,
): readonly Place[] {
  if (!owners) return [{ ...emptyPlace, pattern }];
  const { port } = question;
  const ways = owners.listed.map((service) => ({ service, taken: howTaken(mesh, service, pattern, question) }));
  const taken = precedence.find((one) => ways.some((way) => way.taken === one));
  const taking = ways.flatMap((way) => (taken && way.taken === taken ? [way.service] : []));
  const having = owners.listed.filter((one) => hasPortNumber(one, port));
  const forBytes = new Set(lastAmong(owners, having).map((one) => hasPortForBytes(one, port)));
  const named = { pattern, naming: owners.naming, oldest: owners.merged[0] };
  return orNone([...forBytes], false).flatMap((isForBytes) => {
    const isHidden = isForBytes && taken === 'http';
    return orNone(isHidden ? [] : foremostAmong(owners, taking)).flatMap((service) =>
      orNone(clusterOwners(owners, port)).map(
        (cluster): Place => ({ ...named, service, taken: service && taken, cluster, isForBytes }),
      ),
    );
  });
}

const emptyPlace = {
  service: undefined,
  taken: undefined,
  cluster: undefined,
  naming: undefined,
  oldest: undefined,
  isForBytes: false,
} as const;

function orNone<T>(found: readonly T[]): readonly (T | undefined)[];
function orNone<T>(found: readonly T[], none: T): readonly T[];
function orNone<T>(found: readonly T[], none?: T): readonly (T | undefined)[] {
  return found.length > 0 ? found : [none];
}

function choose(mesh: Mesh, question: SidecarQuestion, places: readonly Place[], routes: RoutesInScope): SidecarChoice {
  const listener = places.find(({ taken }) => taken === 'listener');
  if (listener) return byListener(question, listener, routes.bytes());
  return question.bytes === 'tls'
    ? byServerName(mesh, question, places, routes)
    : byHost(mesh, question, places, routes);
}

/** More routes for one name are looked through once for all requests of a client. */
const manyRoutes = 100;

type Asked = Pick<SidecarQuestion, 'client' | 'name' | 'port'>;

/** §D.1, §B.14. Undefined if it is not known which the sidecar has. */
function routesInScope(mesh: Mesh, { client, name, port }: SidecarQuestion): RoutesInScope | undefined {
  const asked = { client, name, port };
  const services = servicesInScope(mesh, asked);
  if (!services || !knowsByteRoutes(mesh, asked)) return undefined;
  return { services, bytes: () => bytesInScope(mesh, asked) };
}

function servicesInScope(mesh: Mesh, asked: Asked): readonly Resource<'VirtualService'>[] | undefined {
  if (servicesFor(mesh, asked.name).length <= manyRoutes) return servicesImported(mesh, asked);
  return mesh.derived(`routes at sidecar ${keyOf(asked)}`, (view) => servicesImported(view, asked));
}

function servicesImported(
  mesh: Mesh,
  { client, name }: Pick<Asked, 'client' | 'name'>,
): readonly Resource<'VirtualService'>[] | undefined {
  return routesImported(mesh, client, servicesInSight(mesh, servicesFor(mesh, name), client.namespace));
}

function bytesInScope(mesh: Mesh, asked: Asked): readonly ByteRoute[] {
  const services = servicesInScope(mesh, asked) ?? [];
  if (services.length <= manyRoutes) return drained(byteRoutesAtSidecar(mesh, asked, services));
  return mesh.derivedInSteps(`byte routes at sidecar ${keyOf(asked)} ${asked.port}`, (view) =>
    byteRoutesAtSidecar(view, asked, servicesInScope(view, asked) ?? []),
  );
}

function keyOf({ client: { namespace, labels, hasAllLabels, sidecar }, name }: Asked): string {
  return JSON.stringify([namespace, [...labels], hasAllLabels, sidecar?.id, name]);
}

/** One list for all requests to the name, for which each of many teams can have a route. */
function servicesFor(mesh: Mesh, name: string): readonly Resource<'VirtualService'>[] {
  return mesh.derivedOf(`VirtualServices for ${name}`, name, servicesFound);
}

function servicesFound(mesh: Mesh, name: string): readonly Resource<'VirtualService'>[] {
  const found = new Set(patternsFor(name).flatMap((pattern) => mesh.virtualServices(pattern)));
  return [...found].filter(({ spec }) => isForMesh(spec.gateways));
}
