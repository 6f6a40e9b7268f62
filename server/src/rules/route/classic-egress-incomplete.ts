import { keptIn } from '../../base/kept-for.ts';
import { gatewayNamed, listensFor, selectsSamePods, servesHost } from '../../mesh/routes/gateway-servers.ts';
import { patternsFor } from '../../names/hosts.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isExternal } from '../../mesh/hosts/target-ports.ts';
import { isWaypointClass, waypointLabelOf } from '../../mesh/binding/waypoint-binding.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import { routeInputs } from '../shared/inputs.ts';
import { isMisspeltIn, misspeltHostFixes, misspeltHosts, type MisspeltData } from '../shared/misspelt-route-hosts.ts';
import { routeKinds, type Route } from '../shared/route-targets.ts';
import { skippedBy } from '../shared/skipped-gateway.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { inhabitants } from '../shared/known-namespaces.ts';
import { importsAstray, importsFromNowhere, type FromNowhere } from '../shared/sidecar-imports.ts';
import { meshFixes, untakenSteps, type LacksMesh } from './untaken-steps.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';

type Service = Resource<'VirtualService'>;
type Named = Resource<'IstioGateway'> | Resource<'Gateway'>;
type Found = Iterable<RuleFinding<object | MisspeltData | LacksMesh>>;

export const classicEgressIncomplete = defineRule({
  id: 'classic-egress-incomplete',
  stage: 'route',
  summary:
    'Requests of sidecars skip the classic egress gateway or fail, because a piece of its configuration is missing.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0132', 'KIA1004'],
  subjects: ['VirtualService', 'IstioGateway', 'Sidecar', ...routeKinds],
  inputs: [...inhabitants, 'Namespace', 'IstioGateway', 'Gateway', 'GatewayClass', ...routeInputs],

  *check(subject: AnyResource<'VirtualService' | 'IstioGateway' | 'Sidecar' | Route['kind']>, mesh): Found {
    if (subject.kind === 'IstioGateway') yield* unreachedHosts(mesh, subject);
    else if (subject.kind === 'Sidecar') yield* lostImports(mesh, subject);
    else if (subject.kind === 'VirtualService') yield* faultsOfRoutes(mesh, subject);
    else yield* skippedGateways(mesh, subject);
  },

  *fixes(data, subject) {
    if (subject.kind !== 'VirtualService') return;
    if ('meant' in data) yield* misspeltHostFixes(subject, data);
    if ('lacksMesh' in data) yield* meshFixes(subject);
  },
});

/** Where no file leads any host to the gateway, such routes probably come from elsewhere. */
function* skippedGateways(mesh: Mesh, route: Route): Found {
  for (const { host, gateway, hasOthers } of skippedBy(mesh, route, (name) => isLedOut(mesh, name))) {
    const finding = {
      at: host.span,
      message: hasOthers
        ? `Requests of sidecars skip ${describe(gateway)}: no route of a ServiceEntry with ${host.value} leads to it.`
        : `Requests of sidecars skip ${describe(gateway)} unless the cluster has a route of the ServiceEntry with ${host.value} that leads to it: these files have none.`,
      data: {},
    };
    yield hasOthers ? finding : { ...finding, severity: 'information' };
  }
}

function* lostImports(mesh: Mesh, sidecar: Resource<'Sidecar'>): Found {
  const astray = importsAstray(mesh, sidecar);
  for (const { field, host, namespace, entries } of astray) {
    yield {
      at: field.span,
      message: `This Sidecar host imports nothing: namespace ${namespace} has no ServiceEntry for ${host}, only ${listOf(entries)} ${entries.length > 1 ? 'have' : 'has'} it.`,
      related: relatedTo(entries, (name) => `${name} has the host.`),
      data: {},
    };
  }
  for (const one of importsFromNowhere(mesh, sidecar))
    if (!astray.some(({ field }) => field === one.field)) yield fromNowhere(one);
}

/** The namespace of another team may be declared elsewhere. */
function fromNowhere({ field, namespace, service }: FromNowhere): RuleFinding<object> {
  const unless = `This Sidecar host imports nothing unless the cluster has a namespace ${namespace}: these files have none`;
  return service
    ? {
        at: field.span,
        message: `${unless}, but ${describe(service)}, and what stands before the slash is a namespace.`,
        related: relatedTo([service], (name) => `${name} has that name.`),
        data: {},
      }
    : { at: field.span, message: `${unless}.`, data: {}, severity: 'information' };
}

function* faultsOfRoutes(mesh: Mesh, service: Service): Found {
  const gateways = service.spec.gateways.flatMap((field) =>
    gatewaysNamed(mesh, service, field.value).map((gateway) => ({ field, gateway })),
  );
  if (gateways.length === 0) return;
  const misspelt = misspeltHosts(mesh, service);
  for (const { host, index, meant, gateway } of misspelt) {
    yield {
      at: host.span,
      message: `Requests for ${meant} do not use this VirtualService: its host is ${host.value}, which no ServiceEntry or Service has, and ${describe(gateway)} has a server for ${meant}.`,
      related: relatedTo([gateway], (name) => `${name} lists the hosts of its servers.`),
      data: { index, meant },
    };
  }
  const hosts = service.spec.hosts.filter(({ value }) => isExternalHost(mesh, value));
  const unserved = hosts.filter(
    ({ value }) => !gateways.some(({ gateway }) => serves(gateway, value, service.namespace)),
  );
  const all = gateways.map(({ gateway }) => gateway);
  for (const host of unserved) {
    yield {
      at: host.span,
      message: `Requests for ${host.value} fail at the gateway: ${listOf(all)} has no server for this host.`,
      related: relatedTo(all, (name) => `${name} lists other hosts.`),
      data: {},
    };
  }
  // A Gateway may serve one of several hosts, but one that serves none of them is the wrong one.
  const idle =
    unserved.length > 0 || misspelt.length > 0
      ? []
      : gateways.filter(
          ({ gateway }) => !service.spec.hosts.some(({ value }) => serves(gateway, value, service.namespace)),
        );
  for (const { field, gateway } of idle) {
    yield {
      at: field.span,
      message: `${describe(service)} has no effect at ${describe(gateway)}: the Gateway has no server for any of its hosts.`,
      related: relatedTo([gateway], (name) => `${name} lists other hosts.`),
      data: {},
    };
  }
  const classic = all.find(({ kind }) => kind === 'IstioGateway');
  const isThere = (written: string) => isKnown(mesh, service, written);
  if (hosts.length > 0 && classic) yield* untakenSteps({ mesh, service, hosts, gateway: classic, isThere });
}

/** A Gateway that no VirtualService names answers 404, or for TLS has no listener. */
function* unreachedHosts(mesh: Mesh, gateway: Resource<'IstioGateway'>): Found {
  const named = gateway.spec.servers.flatMap(({ hosts }) => hosts);
  const host = named.find((one) => isLedOut(mesh, hostOf(one.value)));
  if (!host || named.some((one) => isRouted(mesh, hostOf(one.value), gateway))) return;
  if (isMisspeltIn(mesh, gateway, hostOf(host.value))) return;
  // Where no manifest of the namespace routes at all, the rest probably comes from elsewhere.
  const madeElsewhere = mesh.inNamespace('VirtualService', gateway.namespace).length === 0;
  const finding = {
    at: host.span,
    message: madeElsewhere
      ? `Requests for ${hostOf(host.value)} fail at ${describe(gateway)} unless the cluster has a VirtualService that names both: these files have none.`
      : `Requests for ${hostOf(host.value)} fail at ${describe(gateway)}: no VirtualService in these files names both.`,
    data: {},
  };
  yield madeElsewhere ? { ...finding, severity: 'information' } : finding;
}

/** Through a gateway, because there is no waypoint. */
function isLedOut(mesh: Mesh, host: string): boolean {
  return (
    isExternalHost(mesh, host) &&
    mesh.derived(`without a waypoint ${host}`, (view) =>
      view.hostOwners(host).every(({ resource }) => waypointLabelOf(view, resource) === undefined),
    )
  );
}

/**
 * A VirtualService of the host that names a Gateway which is not there may mean this one: that is `unknown-gateway`. Pods put the servers of
 * all their Gateways together, so that a route of another one can take the requests.
 */
function isRouted(mesh: Mesh, host: string, gateway: Resource<'IstioGateway'>): boolean {
  const { named, isOneMissing } = gatewaysOfRoutes(mesh, host);
  return (
    isOneMissing ||
    named.has(gateway) ||
    [...named].some(
      ([other, namespaces]) =>
        isPutTogether(other, gateway) && [...namespaces].some((namespace) => serves(other, host, namespace)),
    )
  );
}

interface GatewaysOfRoutes {
  /** With the namespaces of the routes. */
  readonly named: ReadonlyMap<Named, ReadonlySet<string>>;
  readonly isOneMissing: boolean;
}

/** That VirtualServices of the host name: each of many teams can have its own. */
function gatewaysOfRoutes(mesh: Mesh, host: string): GatewaysOfRoutes {
  return mesh.derived(`Gateways that routes name for ${host}`, (view) => {
    const named = new Map<Named, Set<string>>();
    const services = patternsFor(host).flatMap((pattern) => view.virtualServices(pattern));
    const written = services.flatMap((service) => service.spec.gateways.map(({ value }) => ({ service, value })));
    for (const { service, value } of written)
      for (const gateway of gatewaysNamed(view, service, value))
        keptIn(named, gateway, () => new Set<string>()).add(service.namespace);
    return { named, isOneMissing: written.some(({ service, value }) => !isKnown(view, service, value)) };
  });
}

function isPutTogether(named: Named, gateway: Resource<'IstioGateway'>): boolean {
  const ports = new Set(gateway.spec.servers.map(({ port }) => port));
  return (
    named.kind === 'IstioGateway' &&
    selectsSamePods(named, gateway) &&
    named.spec.servers.some(({ port }) => ports.has(port))
  );
}

function gatewaysNamed(mesh: Mesh, { namespace }: Service, written: string): readonly Named[] {
  const named = gatewayNamed(written, namespace);
  const found = mesh.named('IstioGateway', named.namespace, named.name);
  // A waypoint that is named is `classic-egress-on-waypoint`.
  return found.length > 0
    ? found
    : mesh
        .named('Gateway', named.namespace, named.name)
        .filter((gateway) => isWaypointClass(gateway, mesh.settings) === false);
}

function serves(gateway: Named, host: string, from: string): boolean {
  return gateway.kind === 'IstioGateway' ? servesHost(gateway, host, from) : listensFor(gateway, host);
}

/** One that is not there is `unknown-gateway`. */
function isKnown(mesh: Mesh, service: Service, written: string): boolean {
  return written === 'mesh' || gatewaysNamed(mesh, service, written).length > 0;
}

/** Answered once for all routes and Gateways of a host, which each team can have. */
function isExternalHost(mesh: Mesh, host: string): boolean {
  return mesh.derived(`is external ${host}`, (view) =>
    view.hostOwners(host).some(({ resource }) => resource.kind === 'ServiceEntry' && isExternal(resource)),
  );
}

function hostOf(written: string): string {
  return written.slice(written.indexOf('/') + 1);
}
