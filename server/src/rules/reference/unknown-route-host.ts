import { inPortions } from '../../base/steps.ts';
import type { GatewayElsewhere } from '../../mesh/clients/gateway-elsewhere.ts';
import {
  hostState,
  isInstalledGateway,
  isVouchedFor,
  isWithoutEntries,
  nearestHost,
  ownersOf,
} from '../shared/known-hosts.ts';
import { unusedDestinations } from '../../mesh/routes/unused-routes.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { waypointOfService } from '../shared/waypoint-objects.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';
import { fullHost, hostMatches } from '../../names/hosts.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { misspeltHosts } from '../shared/misspelt-route-hosts.ts';
import { bindingInputs } from '../shared/inputs.ts';
import { misnamedService } from '../shared/misnamed-service.ts';
import { destinationsOf, isForMesh } from '../shared/route-targets.ts';
import { defineRule, type RuleFinding } from '../rule.ts';

interface Data {
  /** The value that a fix replaces; undefined if there is no fix. */
  readonly host: string | undefined;
  /** By which; undefined: by the nearest one. */
  readonly full?: string | undefined;
}

type Service = Resource<'VirtualService'>;
type Fault = Omit<RuleFinding<Data>, 'at'>;

export const unknownRouteHost = defineRule({
  id: 'unknown-route-host',
  stage: 'reference',
  summary: 'Requests fail because a VirtualService sends them to a host that no ServiceEntry or Service has.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0101', 'KIA1101'],
  subjects: ['VirtualService'],
  inputs: [...bindingInputs, 'VirtualService', 'IstioGateway', 'Pod', 'Workload'],

  *check(service, mesh): Iterable<RuleFinding<Data> | undefined> {
    // What is misspelt as a host too is told there.
    const reported = new Set(misspeltHosts(mesh, service).map(({ host }) => host.value));
    // A route that no proxy uses is `route-kind-mismatch`.
    const unused = unusedDestinations(mesh, service);
    for (const one of inPortions(destinationsOf(service))) {
      if (!one) yield undefined;
      const host = one && !unused.has(one.destination) ? one.destination.host : undefined;
      const found = host && !reported.has(host.value) ? faultOf(mesh, service, host.value) : undefined;
      if (!host || !found) continue;
      reported.add(host.value);
      yield { at: host.span, ...found };
    }
  },

  *fixes({ host, full }, service, mesh) {
    const nearest = full ?? (host === undefined ? undefined : nearestHost(mesh, host));
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

function faultOf(mesh: Mesh, service: Service, written: string): Fault | undefined {
  const { namespace } = service;
  const known = onlyByWildcard(mesh, written, namespace) ?? misnamed(mesh, written, service);
  if (known || hostState(mesh, written, namespace) !== 'missing') return known;
  const data = { host: written };
  return isPerhapsElsewhere(mesh, service, written)
    ? {
        message: `Requests sent here fail with 503 unless a ServiceEntry or Service with host ${written} is declared elsewhere: these files have none.`,
        severity: 'information',
        data,
      }
    : {
        message: `Requests sent here fail with 503: there is no ServiceEntry or Service with host ${written} in these files.`,
        data,
      };
}

function onlyByWildcard(mesh: Mesh, written: string, namespace: string): Fault | undefined {
  const wildcards = onlyWildcardsFor(mesh, written, namespace);
  if (wildcards.length === 0) return undefined;
  return {
    message: `Requests sent here fail with 503: ${listOf(wildcards)} ${wildcards.length > 1 ? 'match' : 'matches'} ${written} only by a wildcard, and a destination must be a host exactly as it is listed.`,
    related: relatedTo(wildcards, (name) => `${name} has a wildcard host.`),
    data: { host: undefined },
  };
}

function misnamed(mesh: Mesh, written: string, route: Service): Fault | undefined {
  const found = misnamedService(mesh, written, route);
  if (!found) return undefined;
  if (found.how === 'other-namespace') return inOtherNamespace(written, route, found.elsewhere, found.full);
  const { service, how, full } = found;
  const related = [{ resource: service, at: service.at.name, message: 'This is the Service that is probably meant.' }];
  const data = { host: written, full };
  return how === 'without-domain'
    ? {
        message: `Requests sent here fail with 503: ${written} is not completed to ${full}, because Istio completes only names without a dot.`,
        related,
        data,
      }
    : {
        severity: 'information',
        message: `${unlessThere(written)}: these files have ${describe(service)}, with nearly the same name.`,
        related,
        data,
      };
}

function inOtherNamespace(
  written: string,
  { namespace }: Service,
  { by, found }: GatewayElsewhere,
  full: string | undefined,
): Fault {
  const has = found.length === 1 ? 'has' : 'have';
  const why =
    by === 'service'
      ? `in these files ${listOf(found)} ${has} that name, in another namespace`
      : `Istio completes ${written} with namespace ${namespace}, and ${listOf(found)}, which the route names, ${found.length === 1 ? 'is' : 'are'} in another`;
  return {
    severity: 'information',
    message: `${unlessThere(written)}: ${why}.`,
    related: relatedTo(found, (name) =>
      by === 'service' ? 'This is the Service that is probably meant.' : `${name} is in another namespace.`,
    ),
    data: { host: full === undefined ? undefined : written, full },
  };
}

function unlessThere(written: string): string {
  return `Requests sent here fail with 503 unless the cluster has a Service with host ${written}`;
}

function isPerhapsElsewhere(mesh: Mesh, service: Service, host: string): boolean {
  return (
    isWithoutEntries(mesh, host, service.namespace) ||
    (nearestHost(mesh, host) === undefined &&
      (isInstalledGateway(mesh, host, service.namespace) || isOwnHostOfGateway(service, host)))
  );
}

/** What comes in at a gateway under a name is often served in the mesh under the same: by a Service or entry that another folder has. */
function isOwnHostOfGateway(service: Service, host: string): boolean {
  return !isForMesh(service) && service.spec.hosts.some((own) => hostMatches(own.value, host));
}

/** A wildcard's cluster has the wildcard's name; a name under it has none. istio@86c9f01 pilot/pkg/networking/core/route/route.go GetDestinationCluster. */
function onlyWildcardsFor(mesh: Mesh, written: string, namespace: string): readonly Resource[] {
  const name = fullHost(written, namespace, mesh.settings.clusterDomain);
  if (name === '' || name.startsWith('*')) return [];
  return mesh.derived(`only wildcards for ${name}`, (view) => {
    if (view.hostOwners(name).length > 0 || !isVouchedFor(view, name) || waypointOfService(view, name)) return [];
    return [...new Set(ownersOf(view, name).map(({ resource }) => resource))];
  });
}
