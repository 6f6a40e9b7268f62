import { nearest } from '../../base/nearest.ts';
import { hostOfGateway, isManaged } from '../../mesh/clients/managed-gateway.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { looksInCluster, serviceHost } from '../../names/hosts.ts';
import { allocatesAddresses } from '../../mesh/hosts/virtual-address.ts';
import { hostState, isWithoutEntries, nearestHost } from '../shared/known-hosts.ts';
import { backendsOf, isHostname, conditionOfIstio, routeKinds, type Route } from '../shared/route-targets.ts';
import type { BackendRef } from '../../model/specs.ts';
import { defineRule, type Change, type Fix, type RuleFinding } from '../rule.ts';

interface Data {
  readonly host: string;
  readonly port: number | undefined;
  /** The Service that is meant, where `host` names one; empty where that is in another namespace. */
  readonly service?: string | undefined;
}

export const unknownRouteBackend = defineRule({
  id: 'unknown-route-backend',
  stage: 'reference',
  summary: 'Requests fail because a route sends them to a `Hostname` that no ServiceEntry or Service has.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0171', 'KIA1402'],
  subjects: routeKinds,
  inputs: ['ServiceEntry', 'Service', 'Gateway', 'GatewayClass'],

  *check(route, mesh): Iterable<RuleFinding<Data>> {
    const condition = conditionOfIstio(mesh, route);
    if (condition === undefined) return;
    yield* misnamedGateways(mesh, route);
    const reported = new Set<string>();
    for (const { ref } of backendsOf(route)) {
      const { name, port } = ref;
      // Here a name is never a short one. istio@86c9f01 pilot/pkg/config/kube/gateway/conversion.go buildDestination.
      if (
        !isHostname(ref) ||
        !name?.value.includes('.') ||
        reported.has(name.value) ||
        hostState(mesh, name.value, route.namespace) !== 'missing'
      )
        continue;
      reported.add(name.value);
      const finding = {
        at: name.span,
        message: `Requests sent here fail with 500${condition}: there is no ServiceEntry or Service with host ${name.value} in these files.`,
        data: { host: name.value, port: port?.value },
      };
      yield condition !== '' || isWithoutEntries(mesh, name.value, route.namespace)
        ? { ...finding, severity: 'information' }
        : finding;
    }
  },

  *fixes({ host, port, service }, route, mesh) {
    if (service) yield renameService(route, host, service);
    if (service !== undefined) return;
    const nearest = nearestHost(mesh, host);
    if (nearest !== undefined) {
      const same = backendsOf(route).filter(({ ref }) => isHostname(ref) && ref.name?.value === host);
      const changes = same.map(
        ({ path }) => ({ op: 'set', in: route, path: [...path, 'name'], value: nearest }) as const,
      );
      yield { title: `Change the host to ${nearest}`, safety: 'unsafe', changes };
    }
    if (
      port !== undefined &&
      port !== 443 &&
      !host.startsWith('*') &&
      !looksInCluster(host, mesh.settings.clusterDomain) &&
      allocatesAddresses(mesh.settings)
    ) {
      yield { title: `Create a ServiceEntry for ${host}`, safety: 'unsafe', changes: [createEntry(route, host, port)] };
    }
  },
});

function createEntry(route: Route, host: string, number: number): Change {
  const protocol = { HTTPRoute: 'HTTP', GRPCRoute: 'GRPC', TLSRoute: 'TLS', TCPRoute: 'TCP' }[route.kind];
  const metadata = route.at.namespace ? { name: host, namespace: route.namespace } : { name: host };
  const spec = { hosts: [host], ports: [{ number, name: protocol.toLowerCase(), protocol }], resolution: 'DNS' };
  return {
    op: 'append-document',
    after: route,
    manifest: { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', metadata, spec },
  };
}

/** The Service of a Gateway of the Gateway API has the name of its class behind its own, which routes leave out or misspell. */
function* misnamedGateways(mesh: Mesh, route: Route): Iterable<RuleFinding<Data>> {
  const reported = new Set<string>();
  for (const { ref } of backendsOf(route)) {
    const name = serviceNamed(ref);
    const namespace = ref.namespace?.value ?? route.namespace;
    const key = `${namespace}/${name?.value}`;
    const found =
      name && !reported.has(key) ? gatewayMeant(mesh, { name: name.value, namespace }, route.namespace) : undefined;
    if (!name || !found) continue;
    reported.add(key);
    const { gateway, host } = found;
    const [service = ''] = host.split('.');
    const isHere = gateway.namespace === namespace;
    yield {
      at: name.span,
      message: `Requests sent here fail with 500 unless the cluster has Service ${key}: the Service of ${describe(gateway)} is ${service}${isHere ? '' : ` in namespace ${gateway.namespace}`}.`,
      related: [{ resource: gateway, at: gateway.at.name, message: `Istio makes Service ${service} for it.` }],
      data: { host: name.value, port: ref.port?.value, service: isHere ? service : '' },
      severity: 'information',
    };
  }
}

function serviceNamed({ group, kind, name }: BackendRef): BackendRef['name'] {
  const isService = (group?.value ?? '') === '' && (kind?.value ?? 'Service') === 'Service';
  return isService && name?.value && !name.value.includes('.') ? name : undefined;
}

interface MeantGateway {
  readonly gateway: Resource<'Gateway'>;
  readonly host: string;
}

function gatewayMeant(
  mesh: Mesh,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  home: string,
): MeantGateway | undefined {
  const { clusterDomain } = mesh.settings;
  const host = serviceHost({ name, namespace }, clusterDomain);
  if (mesh.hostOwners(host).length > 0) return undefined;
  const managed = [...new Set([namespace, home])].flatMap((one) =>
    mesh
      .inNamespace('Gateway', one)
      .filter((gateway) => isManaged(mesh, gateway))
      .map((gateway) => ({ gateway, host: hostOfGateway(mesh, gateway) })),
  );
  if (managed.some((one) => one.host === host)) return undefined;
  const here = managed.filter(({ gateway }) => gateway.namespace === namespace);
  const near = nearest(
    host,
    here.map((one) => one.host),
  );
  return (
    here.find(({ gateway }) => gateway.name === name) ??
    here.find((one) => one.host === near) ??
    managed.find((one) => one.host === serviceHost({ name, namespace: home }, clusterDomain))
  );
}

function renameService(route: Route, name: string, service: string): Fix {
  const same = backendsOf(route).filter(({ ref }) => !isHostname(ref) && ref.name?.value === name);
  const changes = same.map(({ path }) => ({ op: 'set', in: route, path: [...path, 'name'], value: service }) as const);
  return { title: `Change the Service to ${service}`, safety: 'unsafe', changes };
}
