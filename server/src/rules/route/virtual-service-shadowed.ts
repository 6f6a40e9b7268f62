import { firstOfEach } from '../../base/first-of-each.ts';
import { keptFor } from '../../base/kept-for.ts';
import { inPortions, mapInSteps } from '../../base/steps.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { fullHost, normalizeHost } from '../../names/hosts.ts';
import { scopeOf } from '../../mesh/hosts/visibility.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { compareText } from '../../base/compare.ts';
import { isForMesh as areForMesh } from '../../mesh/routes/virtual-service-entries.ts';
import { isForMesh } from '../shared/route-targets.ts';
import { gatewayNamed } from '../../mesh/routes/gateway-servers.ts';
import type { Field } from '../../model/field.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';
import { firstBefore, rivalsInOrder, scopesMeet, type Rival, type Rivals, type Scope } from './earlier-rivals.ts';
import { tcpClashes } from './tcp-clashes.ts';
import { defineRule, type RuleFinding } from '../rule.ts';

type Service = Resource<'VirtualService'>;

export const virtualServiceShadowed = defineRule({
  id: 'virtual-service-shadowed',
  stage: 'route',
  summary:
    'Two VirtualServices have HTTP routes for one host, TLS routes for one server name, or TCP routes for one port of a gateway: Istio uses only the one that was created first.',
  severity: 'warning',
  since: '0.2.0',
  peers: ['IST0109', 'KIA1106'],
  subjects: ['VirtualService'],
  inputs: ['VirtualService', 'IstioGateway'],

  *check(service, mesh): Iterable<RuleFinding<object> | undefined> {
    yield* sameServerName(mesh, service);
    yield* samePortAtGateway(mesh, service);
    if (!isForMesh(service)) return;
    const nameOf = ({ value }: Field<string>) => fullHost(value, service.namespace, mesh.settings.clusterDomain);
    for (const host of inPortions(firstOfEach(service.spec.hosts, nameOf))) {
      if (!host) {
        yield undefined;
        continue;
      }
      const rivals = firstBefore(service, httpRivals(mesh, nameOf(host)), {
        most: mostCounted + 1,
        clash: ({ ports, scope }, own) => haveCommonPort(ports, own.ports) && scopesMeet(scope, own.scope),
      });
      if (rivals.length > 0) yield shadowed(host, normalizeHost(host.value), rivals, 'HTTP routes for the same host');
    }
  },
});

/** Plain TCP shows a gateway no host. */
function* samePortAtGateway(mesh: Mesh, service: Service): Iterable<RuleFinding<object>> {
  for (const { at, gateway, port, rivals } of tcpClashes(mesh, service, mostCounted)) {
    yield {
      at: at.span,
      message: `Connections to port ${port} of ${describe(gateway)} all go to one host: ${listOf(rivals)} ${rivals.length > 1 ? 'have' : 'has'} TCP routes for the port too, TCP shows the gateway no host, and Istio uses the VirtualService that was created first.`,
      related: relatedTo(rivals, (name) => `${name} has TCP routes for the same port.`),
      data: {},
    };
  }
}

interface HttpRival extends Rival {
  readonly scope: Scope;
  /** For which it has HTTP routes in the mesh; 0 means all. */
  readonly ports: ReadonlySet<number>;
}

/** istio@86c9f01 pilot/pkg/networking/core/httproute.go dedupeDomains: the first virtual host of a name stays. */
function httpRivals(mesh: Mesh, host: string): Rivals<HttpRival> {
  return mesh.derivedInSteps(`HTTP routes for ${host}`, function* (view) {
    const routes = (yield* routesIn(view, host)).filter(({ service }) => isForMesh(service));
    const rivals = yield* mapInSteps(routes, (one) => {
      const ports = portsOf(one.service);
      return { ...one, ports, kind: kindOf(one.scope, [...ports]) };
    });
    yield undefined;
    return rivalsInOrder(rivals);
  });
}

function kindOf(scope: Scope, parts: readonly (string | number)[]): string {
  return JSON.stringify([typeof scope === 'string' ? scope : [...scope].sort(compareText), ...parts]);
}

/** In the order in which the fault is told. */
function* routesIn(
  mesh: Mesh,
  host: string,
): Generator<undefined, readonly { readonly service: Service; readonly scope: Scope }[]> {
  const routes = yield* mapInSteps(mesh.virtualServices(host), (service) => ({
    service,
    scope: scopeOf(mesh, service),
    order: `${service.namespace}/${service.name}`,
  }));
  return routes.toSorted((a, b) => compareText(a.order, b.order));
}

/** Where many have one host, no one reads all of their names. */
const mostCounted = 20;

/** The fault of several stands at each but the first of them, once for a host. */
function shadowed(at: Field<string>, what: string, rivals: readonly Service[], has: string): RuleFinding<object> {
  const few = rivals.length > mostCounted ? rivals.slice(0, mostCounted) : rivals;
  const count = few.length < rivals.length ? 'many' : few.length + 1;
  return {
    at: at.span,
    message: `Only one of ${count === 2 ? 'two' : count} VirtualServices applies to ${what}: ${listOf(few)} ${few.length > 1 ? 'have' : 'has'} it too, and Istio uses the one that was created first.`,
    related: relatedTo(few, (name) => `${name} has ${has}.`),
    data: {},
  };
}

/** A VirtualService whose routes are for other ports or gateways gives a port no virtual host. */
function haveCommonPort(x: ReadonlySet<number>, y: ReadonlySet<number>): boolean {
  if (x.size === 0 || y.size === 0) return false;
  return x.has(0) || y.has(0) || [...x].some((port) => y.has(port));
}

/** Once for all hosts of the VirtualService: it can have a rule for each. */
const portsOf = keptFor(({ spec }: Service): ReadonlySet<number> => {
  return new Set(
    spec.http.flatMap(({ matches }) =>
      matches.length === 0
        ? [0]
        : matches
            .filter(
              ({ gateways, sourceLabels, sourceNamespace }) =>
                sourceLabels.size === 0 && !sourceNamespace?.value && areForMesh(gateways),
            )
            .map(({ port }) => port ?? 0),
    ),
  );
});

/** Where a TLS route passes a server name on, and to what. */
interface NamedTls {
  /** `mesh`, or the Gateway. */
  readonly where: string;
  readonly name: Field<string>;
  /** 0 means all. */
  readonly port: number;
  readonly to: string;
}

interface TlsRival extends Rival {
  readonly scope: Scope;
  readonly names: readonly NamedTls[];
}

/** The first of several matches with one server name counts. server/docs/istio-semantics-classic.md §D.30, §F.18, §L.43. */
function* sameServerName(mesh: Mesh, service: Service): Iterable<RuleFinding<object>> {
  const own = firstOfEach(readNames(mesh.settings, service), ({ name }) => name.value.toLowerCase());
  if (own.length === 0) return;
  const hosts = service.spec.hosts.map(({ value }) => fullHost(value, service.namespace, mesh.settings.clusterDomain));
  for (const one of own) {
    const found = [...new Set(hosts)].flatMap((host) =>
      firstBefore(service, tlsRivals(mesh, host), {
        most: mostCounted + 1,
        clash: ({ names, scope }, its) => scopesMeet(scope, its.scope) && names.some((other) => isSameName(one, other)),
      }),
    );
    const where = one.where === 'mesh' ? 'sidecars' : `Gateway ${one.where}`;
    const rivals = [...new Set(found)];
    if (rivals.length > 0)
      yield shadowed(one.name, `server name ${one.name.value} at ${where}`, rivals, 'the same server name');
  }
}

function tlsRivals(mesh: Mesh, host: string): Rivals<TlsRival> {
  return mesh.derivedInSteps(`TLS routes for ${host}`, function* (view) {
    const rivals = yield* mapInSteps(yield* routesIn(view, host), (one) => {
      const names = readNames(view.settings, one.service);
      return { ...one, names, kind: kindOf(one.scope, names.map(textOf)) };
    });
    yield undefined;
    return rivalsInOrder(rivals);
  });
}

function textOf({ where, name, port, to }: NamedTls): string {
  return JSON.stringify([where, name.value.toLowerCase(), port, to]);
}

function isSameName(a: NamedTls, b: NamedTls): boolean {
  const isAlike = a.where === b.where && a.name.value.toLowerCase() === b.name.value.toLowerCase();
  return isAlike && (a.port === b.port || a.port === 0 || b.port === 0) && a.to !== b.to;
}

function readNames({ clusterDomain }: Mesh['settings'], { namespace, spec }: Service): readonly NamedTls[] {
  const placed = (written: string) => {
    const named = gatewayNamed(written, namespace);
    return written === 'mesh' ? 'mesh' : `${named.namespace}/${named.name}`;
  };
  const all = spec.gateways.length === 0 ? ['mesh'] : spec.gateways.map(({ value }) => value);
  return spec.tls.flatMap(({ matches, destinations }) => {
    const to = destinations
      .map(({ host, port, subset }) =>
        [host && fullHost(host.value, namespace, clusterDomain), port?.value, subset?.value].join(' '),
      )
      .join();
    return matches
      .filter(
        ({ sourceLabels, sourceNamespace, destinationSubnets }) =>
          sourceLabels.size === 0 && !sourceNamespace?.value && destinationSubnets.length === 0,
      )
      .flatMap(({ gateways, sniHosts, port = 0 }) =>
        (gateways.length === 0 ? all : gateways.map(({ value }) => value)).flatMap((written) =>
          sniHosts.map((name) => ({ where: placed(written), name, port, to })),
        ),
      );
  });
}
