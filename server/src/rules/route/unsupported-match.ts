import type { Span } from '../../base/span.ts';
import { normalizeHost } from '../../mesh/hosts.ts';
import { since } from '../../mesh/settings.ts';
import type { VirtualServiceMatch } from '../../model/specs.ts';
import { isForMesh } from '../routes.ts';
import { defineRule } from '../rule.ts';
import { boundOwners, readsRoutesOf } from '../waypoint-objects.ts';

export const unsupportedMatch = defineRule({
  id: 'unsupported-match',
  stage: 'route',
  summary: 'A VirtualService matches by something that a waypoint does not look at.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['VirtualService'],
  inputs: ['ServiceEntry', 'Service', 'Namespace', 'Gateway', 'GatewayClass'],

  *check(service, mesh) {
    const { hosts, http, tls, tcp } = service.spec;
    const host = hosts.find(({ value }) => boundOwners(mesh, value).some((one) => readsRoutesOf(one, service.namespace)));
    if (!host || !isForMesh(service)) return;
    for (const match of [...http, ...tls, ...tcp].flatMap(({ matches }) => matches).filter(isAtMesh)) {
      const { sourceLabels, sourceNamespace, span } = match;
      // istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go: matches by source are dropped, since 1.25.
      if (sourceNamespace) yield told(sourceNamespace.span, 'A waypoint does not look at `sourceNamespace`, so this match is for callers of every namespace.');
      else if (sourceLabels && since(mesh.settings, '1.25')) yield told(span, 'A waypoint does not look at `sourceLabels`, so this match is never met.');
    }
    for (const { sniHosts } of tls.flatMap(({ matches }) => matches).filter(isAtMesh)) {
      const [only, ...more] = sniHosts;
      // istio@86c9f01 pilot/pkg/networking/core/tls.go getTLSRouteMatch.
      if (!only || (more.length === 0 && normalizeHost(only.value) === normalizeHost(host.value))) continue;
      yield told(only.span, `A waypoint uses a TLS route only where \`sniHosts\` is the host alone, which is ${host.value}.`);
    }
  },
});

/** Not for Gateways alone. */
function isAtMesh({ gateways }: VirtualServiceMatch): boolean {
  return gateways.length === 0 || gateways.some(({ value }) => value === 'mesh');
}

function told(at: Span, message: string) {
  return { at, message, data: {} };
}
