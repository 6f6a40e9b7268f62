// What the manifests do against the requirements of the organisation: from the access table, so that it is what clients meet.
import { groupBy } from '../../base/group-by.ts';
import { access } from '../../eval/access/access.ts';
import { subjectsOf } from '../../eval/access/access-subjects.ts';
import type { AccessRow } from '../../eval/access/row.ts';
import { subjectsText } from '../../eval/access/subjects-text.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Requirements, RequirementException } from '../../model/requirements.ts';
import type { Resource } from '../../model/resource.ts';
import { hostMatches } from '../../names/hosts.ts';
import { certificateFaults } from './certificates.ts';
import { placeText, unmetOf, type Place, type Unmet, type UnmetAtHost } from './place.ts';
import { unlogged } from './unlogged.ts';

/** `today` as `2026-12-31`: an exception counts to the end of its day. */
export function unmetRequirements(mesh: Mesh, requirements: Requirements, today: string): readonly Unmet[] {
  const places = placesIn(mesh);
  const found = [
    ...places.flatMap((place) => unmetAt(mesh, place, requirements)),
    ...(requirements.hosts ? otherHosts(mesh, requirements.hosts) : []),
    ...(requirements.logged ? unlogged(mesh, places) : []),
  ];
  return found.flatMap(({ host, ...unmet }) => withoutException(unmet, host, requirements.exceptions, today));
}

function placesIn(mesh: Mesh): readonly Place[] {
  const subjects = subjectsOf(mesh);
  const rows = access(mesh).rows.filter((row) => row.access !== 'none');
  return [...groupBy(rows, ({ host, port }) => `${host} ${port}`).values()].flatMap((same) => {
    const { host, port } = same[0]!;
    // In large meshes one row is about every host.
    const entry = host === '*' ? mesh.all('ServiceEntry').find(isExternal) : externalEntry(mesh, host);
    const clients = (some: readonly AccessRow[]) =>
      subjectsText(
        some.map(({ from }) => from),
        subjects,
      );
    return entry ? [{ host, port, entry, rows: same, clients }] : [];
  });
}

function externalEntry(mesh: Mesh, host: string): Resource<'ServiceEntry'> | undefined {
  return mesh
    .hostOwners(host)
    .flatMap(({ resource }) => (resource.kind === 'ServiceEntry' ? [resource] : []))
    .find(isExternal);
}

function isExternal({ spec }: Resource<'ServiceEntry'>): boolean {
  return spec.location?.value !== 'MESH_INTERNAL';
}

function unmetAt(mesh: Mesh, place: Place, requirements: Requirements): readonly UnmetAtHost[] {
  return [
    ...(requirements.throughGateway ? pastGateways(place) : []),
    ...(requirements.encrypted ? [...unencrypted(place), ...certificateFaults(mesh, place)] : []),
    ...(requirements.notOpenToAll ? openToAll(place) : []),
    ...requirements.callers.flatMap((rule) => otherCallers(place, rule)),
  ];
}

function pastGateways(place: Place): readonly UnmetAtHost[] {
  const past = place.rows.filter(({ via }) => via === 'direct');
  if (past.length === 0) return [];
  const message = `Requests to ${placeText(place)} leave without a waypoint or egress gateway: from ${place.clients(past)}.`;
  return [unmetOf('throughGateway', place, message)];
}

function unencrypted(place: Place): readonly UnmetAtHost[] {
  const kinds = new Set(place.rows.map(({ tls }) => tls ?? 'unknown'));
  if (kinds.has('plain'))
    return [unmetOf('encrypted', place, `Nothing in the mesh encrypts what is sent to ${placeText(place)}.`)];
  return kinds.has('unknown')
    ? [
        unmetOf(
          'encrypted',
          place,
          `Nothing in these files shows that what is sent to ${placeText(place)} is encrypted.`,
        ),
      ]
    : [];
}

function openToAll(place: Place): readonly UnmetAtHost[] {
  const others = place.rows.find(({ from }) => from === '*');
  if (!others) return [];
  if (others.access === 'undetermined')
    return [
      unmetOf('notOpenToAll', place, `These files do not show that ${placeText(place)} is closed to other clients.`),
    ];
  const isOpen = others.access === 'all' || others.operations.some(({ when }) => when.length === 0);
  return isOpen ? [unmetOf('notOpenToAll', place, `${placeText(place)} is open to all clients.`)] : [];
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
  unmet: Unmet,
  host: string,
  exceptions: readonly RequirementException[],
  today: string,
): readonly Unmet[] {
  const own = exceptions.filter((one) => one.statement === unmet.statement && hostMatches(one.host, host));
  if (own.some(({ until }) => until >= today)) return [];
  const [last] = own.toSorted((a, b) => (a.until < b.until ? 1 : -1));
  const expired = last ? ` The exception ended on ${last.until} (${last.reason}).` : '';
  return [{ ...unmet, message: `${unmet.message}${expired}` }];
}
