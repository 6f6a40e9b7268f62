// Conditions and filters of routes that are attached to a Gateway of the Gateway API, on the ServiceEntry instead: the waypoint applies them
// there. A route that only passes requests on needs none.
import type { Mesh } from '../../../mesh/mesh.ts';
import { describe } from '../../../model/resource.ts';
import { hostsOverlap, normalizeHost } from '../../../names/hosts.ts';
import { gatewayApi, istioNetworking, type Route } from '../../../rules/shared/route-targets.ts';
import { isList, isMap, type Plain, type PlainMap } from '../../../yaml/plain.ts';
import { mapIn } from '../refactoring.ts';
import { freeName, type CarriedRoutes } from './carried-routes.ts';
import type { ClassicSet } from './classic-set.ts';

export function carryApiRoutes(
  mesh: Mesh,
  set: ClassicSet,
  written: (route: Route) => PlainMap | undefined,
): CarriedRoutes {
  const { lead } = set;
  const lost = lead.kind === 'VirtualService' ? [] : lostAtSidecars(lead, written(lead));
  const special = routesOutward(mesh, set).filter((route) => !rulesOf(written(route)).every(isPlain));
  const carried = special.map((route) => carriedRoute(mesh, set, route, rulesOf(written(route))));
  return {
    changes: carried.flatMap(({ changes }) => changes),
    lost: [...lost, ...carried.flatMap((one) => one.lost)],
  };
}

/** From the gateway to the hosts of the set. */
export function routesOutward(mesh: Mesh, { gateway: { managed }, ways }: ClassicSet): readonly Route[] {
  if (!managed) return [];
  const hosts = new Set(ways.map(({ host }) => host));
  return mesh.routesTo('Gateway', managed.namespace, managed.name).filter(({ kind, spec }) => {
    const named = spec.hostnames.map(({ value }) => normalizeHost(value));
    return (
      kind === 'TCPRoute' ||
      named.length === 0 ||
      named.some((one) => [...hosts].some((host) => hostsOverlap(one, host)))
    );
  });
}

function carriedRoute(mesh: Mesh, set: ClassicSet, route: Route, rules: readonly PlainMap[]): CarriedRoutes {
  const { kind } = route;
  const [entry, ...others] = set.entries;
  const isHttp = kind === 'HTTPRoute' || kind === 'GRPCRoute';
  if (!isHttp)
    return { changes: [], lost: [`the rules of ${describe(route)}: only routes of requests are carried over`] };
  if (!entry || others.length > 0)
    return { changes: [], lost: [`the rules of ${describe(route)}: they are for several ServiceEntries`] };
  const called = set.ways[0].request.port;
  const hosts = new Set(set.ways.map(({ host }) => host));
  const manifest = {
    apiVersion: `${gatewayApi}/v1`,
    kind,
    metadata: { name: freeName(mesh, kind, entry), namespace: entry.namespace },
    spec: {
      parentRefs: [{ group: istioNetworking, kind: 'ServiceEntry', name: entry.name }],
      rules: rules.map((rule) => calling(rule, hosts, called)),
    },
  };
  return { changes: [{ op: 'append-document', after: entry, manifest }], lost: [] };
}

/** The waypoint has the port that clients call; where it leads is the matter of the entry. */
function calling(rule: PlainMap, hosts: ReadonlySet<string>, port: number): PlainMap {
  const listed = rule['backendRefs'];
  if (!isList(listed)) return rule;
  const to = listed.filter(isMap).map((ref): Plain => {
    const name = ref['name'];
    return typeof name === 'string' && hosts.has(normalizeHost(name)) ? { ...ref, port } : ref;
  });
  return { ...rule, backendRefs: to };
}

function rulesOf(written: PlainMap | undefined): readonly PlainMap[] {
  const listed = mapIn(written, 'spec')['rules'];
  return isList(listed) ? listed.filter(isMap) : [];
}

/** What sidecars do besides, or only for some requests. */
function lostAtSidecars(lead: Route, written: PlainMap | undefined): readonly string[] {
  return rulesOf(written).flatMap((rule, i) =>
    besides(rule).map((what) => `${what} of rule ${i + 1} of ${describe(lead)} at sidecars`),
  );
}

function isPlain(rule: PlainMap): boolean {
  const listed = rule['backendRefs'];
  return besides(rule).length === 0 && isList(listed) && listed.length === 1;
}

function besides(rule: PlainMap): readonly string[] {
  return Object.keys(rule).filter((key) => {
    if (key === 'name' || key === 'backendRefs') return false;
    return key !== 'matches' || !takesAll(rule[key]);
  });
}

/** A path that begins with `/` is every path. */
function takesAll(matches: Plain | undefined): boolean {
  if (!isList(matches)) return true;
  return (
    matches.length === 0 ||
    matches.filter(isMap).some((match) => Object.keys(match).every((key) => key === 'path' && isEveryPath(match)))
  );
}

function isEveryPath(match: PlainMap): boolean {
  const { type = 'PathPrefix', value = '/' } = mapIn(match, 'path');
  return type === 'PathPrefix' && value === '/';
}
