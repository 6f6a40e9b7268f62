// Conditions and filters of a VirtualService's HTTP routes for the gateway, as an HTTPRoute of the ServiceEntry. A route that only passes requests on needs none.
import type { Mesh } from '../../../mesh/mesh.ts';
import { isList, isMap, type PlainMap } from '../../../yaml/plain.ts';
import { httpRouteRules } from '../http-route-rules.ts';
import { mapIn } from '../refactoring.ts';
import { freeName, type CarriedRoutes } from './carried-routes.ts';
import type { ClassicSet } from './classic-set.ts';

export function carryRoutes(mesh: Mesh, set: ClassicSet, written: PlainMap | undefined): CarriedRoutes {
  const spec = mapIn(written, 'spec');
  const legs = legsOf(spec, 'http');
  const lost = lostAtSidecars(legs.filter(isForSidecars));
  const bytes = (['tls', 'tcp'] as const).flatMap((kind) => lostAtSidecars(legsOf(spec, kind), kind));
  const kept = legs.filter((leg) => !isForSidecars(leg)).map(withoutGateways);
  if (kept.every(isPlain)) return { changes: [], lost: [...lost, ...bytes] };
  const [entry, ...others] = set.entries;
  if (!entry || others.length > 0)
    return {
      changes: [],
      lost: [...lost, ...bytes, 'the HTTP routes of the gateway: they are for several ServiceEntries'],
    };
  const { clusterDomain } = mesh.settings;
  const called = set.ways[0].request.port;
  const { rules, lost: more } = httpRouteRules(
    { http: kept.map((leg) => calling(leg, called)) },
    { namespace: set.lead.namespace, clusterDomain, portOf: () => called },
  );
  if (!rules) return { changes: [], lost: [...lost, ...more, 'the HTTP routes of the gateway'] };
  const manifest = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: freeName(mesh, 'HTTPRoute', entry), namespace: entry.namespace },
    spec: { parentRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: entry.name }], rules },
  };
  return { changes: [{ op: 'append-document', after: entry, manifest }], lost: [...lost, ...more, ...bytes] };
}

function legsOf(spec: PlainMap, kind: string): readonly PlainMap[] {
  const listed = spec[kind];
  return isList(listed) ? listed.filter(isMap) : [];
}

function matchesOf(leg: PlainMap): readonly PlainMap[] {
  const listed = leg['match'];
  return isList(listed) ? listed.filter(isMap) : [];
}

function isForSidecars(leg: PlainMap): boolean {
  const matches = matchesOf(leg);
  return (
    matches.length > 0 && matches.every(({ gateways }) => isList(gateways) && gateways.every((one) => one === 'mesh'))
  );
}

const passing: ReadonlySet<string> = new Set(['match', 'route', 'name']);
const placing: ReadonlySet<string> = new Set(['gateways', 'port', 'sniHosts']);

/** What sidecars do besides, or only for some clients. */
function lostAtSidecars(legs: readonly PlainMap[], kind = 'http'): readonly string[] {
  return legs.flatMap((leg, i) => {
    const fields = Object.keys(leg).filter((key) => !passing.has(key));
    const conditions = matchesOf(leg).flatMap((match) => Object.keys(match).filter((key) => !placing.has(key)));
    return [...new Set([...fields, ...conditions])].map((what) => `${what} of ${kind} route ${i + 1} at sidecars`);
  });
}

/** Without what says where it counts. */
function withoutGateways(leg: PlainMap): PlainMap {
  const matches = matchesOf(leg).map((match) =>
    Object.fromEntries(Object.entries(match).filter(([key]) => !placing.has(key))),
  );
  const { match: _, ...others } = leg;
  const isAlways = matches.length === 0 || matches.some((match) => Object.keys(match).length === 0);
  return isAlways ? others : { ...others, match: matches };
}

function isPlain(leg: PlainMap): boolean {
  return Object.keys(leg).every((key) => key === 'route' || key === 'name');
}

/** The waypoint has the port that clients call; where it leads is the matter of the entry. */
function calling(leg: PlainMap, port: number): PlainMap {
  const route = leg['route'];
  if (!isList(route)) return leg;
  const to = route.filter(isMap).map((one) => {
    const { subset: _, ...destination } = mapIn(one, 'destination');
    return { ...one, destination: { ...destination, port: { number: port } } };
  });
  return { ...leg, route: to };
}
