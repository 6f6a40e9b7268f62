import { hostState, isInstalledGateway, isVouchedFor, isWithoutEntries, ownersOf } from '../shared/known-hosts.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { waypointOfService } from '../shared/waypoint-objects.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';
import { fullHost, hostMatches } from '../../names/hosts.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { namesakesOf } from '../shared/namesakes.ts';
import { destinationsOf, isForMesh } from '../shared/route-targets.ts';
import { defineRule, type RuleFinding } from '../rule.ts';

interface Data {
  /** The value that a fix replaces; undefined if there is no fix. */
  readonly host: string | undefined;
}

export const unknownRouteHost = defineRule({
  id: 'unknown-route-host',
  stage: 'reference',
  summary: 'Requests fail because a VirtualService sends them to a host that no ServiceEntry or Service has.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0101', 'KIA1101'],
  subjects: ['VirtualService'],
  inputs: ['ServiceEntry', 'Service', 'Gateway'],

  *check(service, mesh): Iterable<RuleFinding<Data>> {
    const reported = new Set<string>();
    for (const {
      destination: { host },
    } of destinationsOf(service)) {
      const wildcards = host ? onlyWildcardsFor(mesh, host.value, service.namespace) : [];
      if (host && wildcards.length > 0 && !reported.has(host.value)) {
        reported.add(host.value);
        yield {
          at: host.span,
          message: `Requests sent here fail with 503: ${listOf(wildcards)} ${wildcards.length > 1 ? 'match' : 'matches'} ${host.value} only by a wildcard, and a destination must be a host exactly as it is listed.`,
          related: relatedTo(wildcards, (name) => `${name} has a wildcard host.`),
          data: { host: undefined },
        };
      }
      const misplaced =
        host && !reported.has(host.value) ? misplacedGateway(mesh, host.value, service.namespace) : undefined;
      if (host && misplaced) {
        reported.add(host.value);
        yield {
          at: host.span,
          severity: 'information',
          message: `Requests sent here fail with 503 unless the cluster has a Service with host ${host.value}: in these files ${describe(misplaced)} has that name, in another namespace.`,
          related: [{ resource: misplaced, at: misplaced.at.name, message: 'This is the Service of that name.' }],
          data: { host: undefined },
        };
      }
      if (!host || reported.has(host.value) || hostState(mesh, host.value, service.namespace) !== 'missing') continue;
      reported.add(host.value);
      const found = { at: host.span, data: { host: host.value } };
      yield isPerhapsElsewhere(mesh, service, host.value)
        ? {
            ...found,
            message: `Requests sent here fail with 503 unless a ServiceEntry or Service with host ${host.value} is declared elsewhere: these files have none.`,
            severity: 'information',
          }
        : {
            ...found,
            message: `Requests sent here fail with 503: there is no ServiceEntry or Service with host ${host.value} in these files.`,
          };
    }
  },

  *fixes({ host }, service, mesh) {
    const nearest = host === undefined ? undefined : mesh.nearestHost(host);
    if (nearest === undefined) return;
    const same = [...destinationsOf(service)].filter(({ destination }) => destination.host?.value === host);
    // The location of a mirror is not stored.
    if (same.some(({ path }) => path.length === 0)) return;
    const changes = same.map(
      ({ path }) => ({ op: 'set', in: service, path: [...path, 'host'], value: nearest }) as const,
    );
    yield { title: `Change the host to ${nearest}`, safety: 'unsafe', changes };
  },
});

function isPerhapsElsewhere(mesh: Mesh, service: Resource<'VirtualService'>, host: string): boolean {
  return (
    isWithoutEntries(mesh, host, service.namespace) ||
    (mesh.nearestHost(host) === undefined &&
      (isInstalledGateway(mesh, host, service.namespace) || isOwnHostOfGateway(service, host)))
  );
}

/** The Service of a gateway that files have in another namespace than the route says. */
function misplacedGateway(mesh: Mesh, written: string, namespace: string): Resource<'Service'> | undefined {
  const host = fullHost(written, namespace, mesh.settings.clusterDomain);
  if (!isInstalledGateway(mesh, written, namespace) || mesh.hostOwners(host).length > 0) return undefined;
  if (waypointOfService(mesh, host)) return undefined;
  const [name = '', home = ''] = host.split('.');
  return namesakesOf(mesh, 'Service', home, name)[0];
}

/** What comes in at a gateway under a name is often served in the mesh under the same: by a Service or entry that another folder has. */
function isOwnHostOfGateway(service: Resource<'VirtualService'>, host: string): boolean {
  return !isForMesh(service) && service.spec.hosts.some((own) => hostMatches(own.value, host));
}

/** A wildcard's cluster has the wildcard's name; a name under it has none. istio@86c9f01 pilot/pkg/networking/core/route/route.go GetDestinationCluster. */
function onlyWildcardsFor(mesh: Mesh, written: string, namespace: string): readonly Resource[] {
  const name = fullHost(written, namespace, mesh.settings.clusterDomain);
  if (name === '' || name.startsWith('*') || mesh.hostOwners(name).length > 0) return [];
  if (!isVouchedFor(mesh, name) || waypointOfService(mesh, name)) return [];
  return [...new Set(ownersOf(mesh, name).map(({ resource }) => resource))];
}
