import { istioNetworking, parentsOf, type Route } from '../shared/route-targets.ts';
import { normalizeHost } from '../../names/hosts.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { defineRule } from '../rule.ts';

export const routeHostnamesIgnored = defineRule({
  id: 'route-hostnames-ignored',
  stage: 'route',
  summary: 'A route for a ServiceEntry or Service lists `hostnames`, which Istio ignores there.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['HTTPRoute', 'GRPCRoute'],
  isOfIstioWaypoints: true,
  inputs: ['ServiceEntry'],

  *check(route, mesh) {
    const [first] = route.spec.hostnames;
    const entries = parentsOf(route, istioNetworking, 'ServiceEntry');
    const services = [...parentsOf(route, '', 'Service'), ...parentsOf(route, 'core', 'Service')];
    // A parent that is a Gateway reads the hostnames.
    if (
      !first ||
      entries.length + services.length !== route.spec.parentRefs.length ||
      route.spec.parentRefs.length === 0
    )
      return;
    const others = entries.length > 0 && services.length === 0 ? hostsLeftOut(mesh, route) : undefined;
    const [other] = others ?? [];
    const finding = {
      at: first.span,
      message:
        other === undefined
          ? 'Istio ignores `hostnames` in this route: its parent is a ServiceEntry or Service, so it applies to all requests for that parent.'
          : `This route also applies to requests for ${other}: Istio ignores \`hostnames\` if the parent is a ServiceEntry or Service.`,
      data: {},
    };
    // If all hosts are listed, or the parent is not in the files, the list may make no difference.
    yield other === undefined ? { ...finding, severity: 'information' as const } : finding;
  },

  *fixes(_, route) {
    yield {
      title: 'Remove the hostnames',
      safety: 'unsafe',
      changes: [{ op: 'remove', in: route, path: ['spec', 'hostnames'] }],
    };
  },
});

/** Hosts of the parents that the list does not have; undefined where a parent is not in the files. */
function hostsLeftOut(mesh: Mesh, route: Route): readonly string[] | undefined {
  const wanted = new Set(route.spec.hostnames.map(({ value }) => normalizeHost(value)));
  const parents = parentsOf(route, istioNetworking, 'ServiceEntry').map(({ ref }) =>
    mesh.named('ServiceEntry', ref.namespace?.value ?? route.namespace, ref.name?.value ?? ''),
  );
  if (parents.some((found) => found.length === 0)) return undefined;
  return parents
    .flat()
    .flatMap(({ spec }) => spec.hosts.map(({ value }) => value).filter((host) => !wanted.has(normalizeHost(host))));
}
