import { describe, type Resource } from '../../model/resource.ts';
import { fullHost, normalizeHost } from '../../names/hosts.ts';
import { scopeOf } from '../../mesh/hosts/visibility.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { compareText } from '../../base/compare.ts';
import { isForMesh } from '../shared/route-targets.ts';
import { gatewayNamed } from '../../mesh/routes/gateway-servers.ts';
import type { Field } from '../../model/field.ts';
import { defineRule, type RuleFinding } from '../rule.ts';

type Service = Resource<'VirtualService'>;

export const virtualServiceShadowed = defineRule({
  id: 'virtual-service-shadowed',
  stage: 'route',
  summary:
    'Two VirtualServices have HTTP routes for one host, or TLS routes for one server name: Istio uses only the one that was created first.',
  severity: 'warning',
  since: '0.2.0',
  peers: ['IST0109', 'KIA1106'],
  subjects: ['VirtualService'],
  inputs: ['VirtualService'],

  *check(service, mesh): Iterable<RuleFinding<object>> {
    yield* sameServerName(mesh, service);
    if (!isForMesh(service)) return;
    const reported = new Set<Service>();
    for (const host of service.spec.hosts) {
      const name = fullHost(host.value, service.namespace, mesh.settings.clusterDomain);
      for (const rival of mesh.virtualServices(name)) {
        // The pair is one fault: it stands at the second of the two.
        if (reported.has(rival) || !isBefore(rival, service) || !clash(mesh, rival, service)) continue;
        reported.add(rival);
        yield {
          at: host.span,
          message: `Only one of two VirtualServices applies to ${normalizeHost(host.value)}: ${describe(rival)} has it too, and Istio uses the one that was created first.`,
          related: [
            { resource: rival, at: rival.at.name, message: `${describe(rival)} has HTTP routes for the same host.` },
          ],
          data: {},
        };
      }
    }
  },
});

function isBefore(a: Service, b: Service): boolean {
  return compareText(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`) < 0;
}

/** istio@86c9f01 pilot/pkg/networking/core/httproute.go dedupeDomains: the first virtual host of a name stays. */
function clash(mesh: Mesh, a: Service, b: Service): boolean {
  return isForMesh(a) && haveCommonPort(a, b) && meet(scopeOf(mesh, a), scopeOf(mesh, b));
}

type Scope = ReturnType<typeof scopeOf>;

function meet(a: Scope, b: Scope): boolean {
  if (a === 'nowhere' || b === 'nowhere') return false;
  if (a === 'everywhere' || b === 'everywhere') return true;
  return [...a].some((namespace) => b.has(namespace));
}

/** A VirtualService whose routes are for other ports or gateways gives a port no virtual host. */
function haveCommonPort(a: Service, b: Service): boolean {
  const [x, y] = [portsOf(a), portsOf(b)];
  if (x.size === 0 || y.size === 0) return false;
  return x.has(0) || y.has(0) || [...x].some((port) => y.has(port));
}

/** Ports for which it has HTTP routes in the mesh; 0 means all. */
function portsOf({ spec }: Service): ReadonlySet<number> {
  return new Set(
    spec.http.flatMap(({ matches }) =>
      matches.length === 0
        ? [0]
        : matches
            .filter(
              ({ gateways, sourceLabels, sourceNamespace }) =>
                sourceLabels.size === 0 &&
                !sourceNamespace?.value &&
                (gateways.length === 0 || gateways.some(({ value }) => value === 'mesh')),
            )
            .map(({ port }) => port ?? 0),
    ),
  );
}

/** Where a TLS route passes a server name on, and to what. */
interface NamedTls {
  /** `mesh`, or the Gateway. */
  readonly where: string;
  readonly name: Field<string>;
  /** 0 means all. */
  readonly port: number;
  readonly to: string;
}

/** The first of several matches with one server name counts. server/docs/istio-semantics-classic.md §D.30, §F.18, §L.43. */
function* sameServerName(mesh: Mesh, service: Service): Iterable<RuleFinding<object>> {
  const own = namedTls(mesh, service);
  const names = new Set(
    service.spec.hosts.map(({ value }) => fullHost(value, service.namespace, mesh.settings.clusterDomain)),
  );
  const rivals = own.length === 0 ? [] : [...new Set([...names].flatMap((name) => mesh.virtualServices(name)))];
  for (const rival of rivals) {
    if (!isBefore(rival, service) || !meet(scopeOf(mesh, rival), scopeOf(mesh, service))) continue;
    const theirs = namedTls(mesh, rival);
    const clashing = own.find((one) => theirs.some((other) => isSameName(one, other)));
    if (!clashing) continue;
    yield {
      at: clashing.name.span,
      message: `Only one of two VirtualServices applies to server name ${clashing.name.value} at ${clashing.where === 'mesh' ? 'sidecars' : `Gateway ${clashing.where}`}: ${describe(rival)} has it too, and Istio uses the one that was created first.`,
      related: [{ resource: rival, at: rival.at.name, message: `${describe(rival)} has the same server name.` }],
      data: {},
    };
  }
}

function isSameName(a: NamedTls, b: NamedTls): boolean {
  const isAlike = a.where === b.where && a.name.value.toLowerCase() === b.name.value.toLowerCase();
  return isAlike && (a.port === b.port || a.port === 0 || b.port === 0) && a.to !== b.to;
}

function namedTls(mesh: Mesh, { namespace, spec }: Service): readonly NamedTls[] {
  const placed = (written: string) => {
    const named = gatewayNamed(written, namespace);
    return written === 'mesh' ? 'mesh' : `${named.namespace}/${named.name}`;
  };
  const all = spec.gateways.length === 0 ? ['mesh'] : spec.gateways.map(({ value }) => value);
  return spec.tls.flatMap(({ matches, destinations }) => {
    const to = destinations
      .map(({ host, port, subset }) =>
        [host && fullHost(host.value, namespace, mesh.settings.clusterDomain), port?.value, subset?.value].join(' '),
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
