// What the manifests do against the requirements of the organisation: from the access table, so that it is what clients meet.
import type { Mesh } from '../../mesh/mesh.ts';
import type { Requirements } from '../../model/requirements.ts';
import { hostMatches } from '../../names/hosts.ts';
import { certificateFaults } from './certificates.ts';
import { isExternal, openPlacesInSteps } from './open-places.ts';
import { placeText, unmetOf, type Fault, type Place, type Unmet, type UnmetAtHost } from './place.ts';
import { callersOfPlace, rowsPastGateways, tlsOfPlace } from './states.ts';
import { unlogged } from './unlogged.ts';

/** `today` as `2026-12-31`: an exception counts to the end of its day. A place at a step, as each may be traced for every client. */
export function* unmetRequirementsInSteps(
  mesh: Mesh,
  requirements: Requirements,
  today: string,
): Generator<undefined, readonly Unmet[]> {
  const places = yield* openPlacesInSteps(mesh);
  const atPlaces: (readonly UnmetAtHost[])[] = [];
  for (const place of places) {
    atPlaces.push(unmetAt(mesh, place, requirements));
    yield;
  }
  const found = [
    ...atPlaces.flat(),
    ...(requirements.hosts ? otherHosts(mesh, requirements.hosts) : []),
    ...(requirements.logged ? unlogged(mesh, places) : []),
  ];
  return found.flatMap(({ host, ...fault }) => withoutException(fault, host, requirements, today));
}

function unmetAt(mesh: Mesh, place: Place, requirements: Requirements): readonly UnmetAtHost[] {
  return [
    ...(requirements.throughGateway ? pastGateways(place) : []),
    ...(requirements.encrypted ? notEncrypted(mesh, place) : []),
    ...(requirements.notOpenToAll ? openToAll(place) : []),
    ...requirements.callers.flatMap((rule) => otherCallers(place, rule)),
  ];
}

function pastGateways(place: Place): readonly UnmetAtHost[] {
  const past = rowsPastGateways(place);
  if (past.length === 0) return [];
  const message = `Requests to ${placeText(place)} leave without a waypoint or egress gateway: from ${place.clients(past)}.`;
  return [unmetOf('throughGateway', place, message)];
}

/** What a request meets says more than the table of access. */
function notEncrypted(mesh: Mesh, place: Place): readonly UnmetAtHost[] {
  const faults = certificateFaults(mesh, place);
  return faults.length > 0 ? faults : unencrypted(place);
}

function unencrypted(place: Place): readonly UnmetAtHost[] {
  const messages: Partial<Record<ReturnType<typeof tlsOfPlace>, string>> = {
    plain: `Nothing in the mesh encrypts what is sent to ${placeText(place)}.`,
    unknown: `Nothing in these files shows that what is sent to ${placeText(place)} is encrypted.`,
  };
  const message = messages[tlsOfPlace(place)];
  return message === undefined ? [] : [unmetOf('encrypted', place, message)];
}

function openToAll(place: Place): readonly UnmetAtHost[] {
  const messages: Partial<Record<ReturnType<typeof callersOfPlace>, string>> = {
    all: `${placeText(place)} is open to all clients.`,
    unknown: `These files do not show that ${placeText(place)} is closed to other clients.`,
  };
  const message = messages[callersOfPlace(place)];
  return message === undefined ? [] : [unmetOf('notOpenToAll', place, message)];
}

function otherCallers(place: Place, { host, namespaces }: Requirements['callers'][number]): readonly UnmetAtHost[] {
  if (!hostMatches(host, place.host)) return [];
  const others = place.rows.filter(({ from }) => from === '*' || !namespaces.includes(from.namespace));
  if (others.length === 0) return [];
  const message = `${placeText(place)} may be called only from ${namespaces.join(', ')}, and is open to ${place.clients(others)}.`;
  return [unmetOf('callers', place, message)];
}

function otherHosts(mesh: Mesh, hosts: readonly string[]): readonly UnmetAtHost[] {
  return mesh
    .all('ServiceEntry')
    .filter(isExternal)
    .flatMap((entry) =>
      entry.spec.hosts.flatMap(({ value, span }) =>
        hosts.some((pattern) => hostMatches(pattern, value))
          ? []
          : [
              {
                statement: 'hosts' as const,
                host: value,
                message: `${value} is not in the list of hosts.`,
                resource: entry,
                span,
              },
            ],
      ),
    );
}

function withoutException(
  fault: Fault,
  host: string,
  { exceptions, places }: Requirements,
  today: string,
): readonly Unmet[] {
  const own = exceptions.filter((one) => one.statement === fault.statement && hostMatches(one.host, host));
  if (own.some(({ until }) => until >= today)) return [];
  const [last] = own.toSorted((a, b) => (a.until < b.until ? 1 : -1));
  const place = places[fault.statement];
  const because = [
    ...(place ? [{ ...place, message: 'Required here.' }] : []),
    ...(last ? [{ ...last.place, message: `This exception ended on ${last.until}.` }] : []),
  ];
  const expired = last ? ` The exception ended on ${last.until} (${last.reason}).` : '';
  return [{ ...fault, because, message: `${fault.message}${expired}` }];
}
