import { describe, type Resource } from '../../model/resource.ts';
import { fullHost, normalizeHost } from '../../names/hosts.ts';
import { scopeOf } from '../../mesh/hosts/visibility.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { compareText } from '../../base/compare.ts';
import { isForMesh } from '../shared/route-targets.ts';
import { defineRule } from '../rule.ts';

type Service = Resource<'VirtualService'>;

export const virtualServiceShadowed = defineRule({
  id: 'virtual-service-shadowed',
  stage: 'route',
  summary: 'Two VirtualServices have HTTP routes for the same host: Istio uses only the one that was created first.',
  severity: 'warning',
  since: '0.2.0',
  peers: ['IST0109', 'KIA1106'],
  subjects: ['VirtualService'],
  inputs: ['VirtualService'],

  *check(service, mesh) {
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
