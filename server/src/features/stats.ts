// Counts of what leaves the mesh, for dashboards: how much goes through a gateway, is limited by policies, encrypted and logged.
import { compareText } from '../base/compare.ts';
import { groupBy } from '../base/group-by.ts';
import { eachInSteps, mapInSteps } from '../base/steps.ts';
import { destinationsOf } from '../eval/access/destinations.ts';
import type { Mesh } from '../mesh/mesh.ts';
import { certificateFaults } from './requirements/certificates.ts';
import { isExternal, openPlacesInSteps } from './requirements/open-places.ts';
import type { Place } from './requirements/place.ts';
import { callersOfPlace, logOfPlace, rowsPastGateways, tlsOfPlace } from './requirements/states.ts';

export interface EgressStats {
  /** Of ServiceEntries for what is outside the mesh. */
  readonly hosts: number;
  readonly wildcardHosts: number;
  /** Each a host and a port. `closed`: no client may call; they are in none of the other counts. */
  readonly destinations: number;
  readonly closed: number;
  /** `mixed`: some clients go through a gateway, others past every one. */
  readonly through: Counts<'waypoint' | 'gateway' | 'mixed' | 'direct'>;
  /** `restricted`: policies allow named clients only. */
  readonly callers: Counts<'restricted' | 'all' | 'unknown'>;
  /** The least that some client gets. `none`: no request arrives. */
  readonly tls: Counts<'originated' | 'passThrough' | 'plain' | 'none' | 'unknown'>;
  /** Destinations of which the mesh does not verify the certificate, or its name, or sends plaintext to a TLS port. */
  readonly unverified: number;
  readonly accessLog: Counts<'logged' | 'notLogged' | 'noProxy' | 'unknown'>;
  /** Of the destinations that are not closed, from 0 to 1 in four digits; null without any. */
  readonly shares: Readonly<Record<'throughGateway' | 'restricted' | 'encrypted' | 'logged', number | null>>;
  /** Those that some request goes through, with the number of their destinations. */
  readonly gateways: readonly GatewayStats[];
}

type Counts<Names extends string> = Readonly<Record<Names, number>>;

interface GatewayStats {
  readonly kind: 'waypoint' | 'gateway';
  readonly namespace: string;
  readonly name: string;
  readonly destinations: number;
}

/** In a large mesh each count takes long. */
export function* egressStatsInSteps(mesh: Mesh): Generator<undefined, EgressStats> {
  const destinations = destinationsOf(mesh, undefined).filter(({ entries }) => entries.some(isExternal));
  const hosts = new Set(destinations.map(({ host }) => host));
  const places = yield* placesOf(mesh, destinations);
  const through = yield* counted(places, wayOf, { waypoint: 0, gateway: 0, mixed: 0, direct: 0 });
  const callers = yield* counted(places, callersOfPlace, { restricted: 0, all: 0, unknown: 0 });
  const tls = yield* counted(places, tlsOfPlace, { originated: 0, passThrough: 0, plain: 0, none: 0, unknown: 0 });
  const accessLog = yield* counted(places, (place) => logNames[logOfPlace(mesh, place)], {
    logged: 0,
    notLogged: 0,
    noProxy: 0,
    unknown: 0,
  });
  const unverified = yield* unverifiedIn(mesh, places);
  const share = (part: number) => (places.length === 0 ? null : Math.round((part / places.length) * 1e4) / 1e4);
  return {
    hosts: hosts.size,
    wildcardHosts: [...hosts].filter((host) => host.startsWith('*')).length,
    destinations: destinations.length,
    closed: destinations.length - places.length,
    through,
    callers,
    tls,
    unverified,
    accessLog,
    shares: {
      throughGateway: share(through.waypoint + through.gateway),
      restricted: share(callers.restricted),
      encrypted: share(tls.originated + tls.passThrough),
      logged: share(accessLog.logged),
    },
    gateways: gatewaysOf(places),
  };
}

const logNames = { logged: 'logged', 'not-logged': 'notLogged', 'no-proxy': 'noProxy', unknown: 'unknown' } as const;

/** In large meshes the rows of clients without a waypoint are about every host. */
function* placesOf(
  mesh: Mesh,
  destinations: ReturnType<typeof destinationsOf>,
): Generator<undefined, readonly Place[]> {
  const open = yield* openPlacesInSteps(mesh);
  const ofEvery = open.find(({ host }) => host === '*');
  const known = new Map(open.map((place) => [`${place.host} ${place.port}`, place]));
  const places = yield* mapInSteps(destinations, ({ host, port, entries }): readonly Place[] => {
    const own = known.get(`${host} ${port}`);
    const rows = [...(own?.rows ?? []), ...(ofEvery?.rows ?? [])];
    const entry = own?.entry ?? entries.find(isExternal);
    return rows.length === 0 || !entry ? [] : [{ host, port, entry, rows, clients: () => '' }];
  });
  return places.flat();
}

function* counted<Names extends string>(
  places: readonly Place[],
  stateOf: (place: Place) => Names,
  none: Counts<Names>,
): Generator<undefined, Counts<Names>> {
  const counts: Record<Names, number> = { ...none };
  yield* eachInSteps(places, (place) => void (counts[stateOf(place)] += 1));
  return counts;
}

/** A place at a step: each is traced for every client. */
function* unverifiedIn(mesh: Mesh, places: readonly Place[]): Generator<undefined, number> {
  let count = 0;
  for (const place of places) {
    if (certificateFaults(mesh, place).length > 0) count++;
    yield;
  }
  return count;
}

function wayOf(place: Place): keyof EgressStats['through'] {
  const past = rowsPastGateways(place).length;
  if (past === place.rows.length) return 'direct';
  if (past > 0) return 'mixed';
  return place.rows.every(({ via }) => via === 'waypoint') ? 'waypoint' : 'gateway';
}

function gatewaysOf(places: readonly Place[]): readonly GatewayStats[] {
  const passed = places.flatMap(({ host, port, rows }) =>
    rows.flatMap(({ via, proxy }) =>
      via === 'direct' || !proxy ? [] : [{ kind: via, ...proxy, destination: `${host} ${port}` }],
    ),
  );
  return [...groupBy(passed, ({ kind, namespace, name }) => `${namespace}/${name} ${kind}`)]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, same]) => {
      const { kind, namespace, name } = same[0];
      return { kind, namespace, name, destinations: new Set(same.map(({ destination }) => destination)).size };
    });
}
