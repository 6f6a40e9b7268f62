import type { Span } from '../../base/span.ts';
import { normalizeHost } from '../../names/hosts.ts';
import { since } from '../../mesh/settings.ts';
import type { FieldPath } from '../../base/field-path.ts';
import type { VirtualServiceMatch, VirtualServiceRoute } from '../../model/specs.ts';
import { isForMesh as areForMesh } from '../../mesh/routes/virtual-service-entries.ts';
import { isForMesh } from '../shared/route-targets.ts';
import { defineRule } from '../rule.ts';
import { boundOwners, readsRoutesOf } from '../shared/waypoint-objects.ts';
import { bindingInputs } from '../shared/inputs.ts';

interface Data {
  /** What can be set or, without a value, left out. */
  readonly path: FieldPath | undefined;
  readonly value: string | undefined;
}

export const unsupportedMatch = defineRule({
  id: 'unsupported-match',
  stage: 'route',
  summary:
    'A VirtualService matches by something that waypoints do not support, so the route applies to no client or to all.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['VirtualService'],
  isOfIstioWaypoints: true,
  inputs: bindingInputs,

  *check(service, mesh) {
    const { hosts, http, tls, tcp } = service.spec;
    const host = hosts.find(({ value }) =>
      boundOwners(mesh, value).some((one) => readsRoutesOf(one, service.namespace)),
    );
    if (!host || !isForMesh(service)) return;
    for (const { match, path } of Object.entries({ http, tls, tcp }).flatMap(([protocol, routes]) =>
      matchesOf(protocol, routes),
    )) {
      const { sourceLabels, sourceNamespace, span } = match;
      // istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go: matches by source are dropped, since 1.25.
      if (sourceNamespace)
        yield unsupported(
          sourceNamespace.span,
          'This match applies to clients of every namespace: a waypoint ignores `sourceNamespace`.',
          { path: [...path, 'sourceNamespace'], value: undefined },
        );
      else if (sourceLabels.size > 0 && since(mesh.settings, '1.25'))
        yield unsupported(span, 'This match never applies: a waypoint does not support `sourceLabels`.', {
          path: undefined,
          value: undefined,
        });
    }
    for (const {
      match: { sniHosts },
      path,
    } of matchesOf('tls', tls)) {
      const [only, ...more] = sniHosts;
      // istio@86c9f01 pilot/pkg/networking/core/tls.go getTLSRouteMatch.
      if (!only || (more.length === 0 && normalizeHost(only.value) === normalizeHost(host.value))) continue;
      yield unsupported(
        only.span,
        `The waypoint ignores this TLS route: \`sniHosts\` must contain only the host, ${host.value}.`,
        { path: [...path, 'sniHosts'], value: host.value },
      );
    }
  },

  *fixes({ path, value }, service) {
    if (path && value !== undefined)
      yield {
        title: `Match only ${value}`,
        safety: 'unsafe',
        changes: [{ op: 'set', in: service, path, value: [value] }],
      };
    else if (path)
      yield { title: 'Remove sourceNamespace', safety: 'unsafe', changes: [{ op: 'remove', in: service, path }] };
  },
});

/** Those that are not for Gateways alone, by their place. */
function matchesOf(
  protocol: string,
  routes: readonly VirtualServiceRoute[],
): readonly { readonly match: VirtualServiceMatch; readonly path: FieldPath }[] {
  return routes
    .flatMap(({ matches }, i) => matches.map((match, j) => ({ match, path: ['spec', protocol, i, 'match', j] })))
    .filter(({ match: { gateways } }) => areForMesh(gateways));
}

function unsupported(at: Span, message: string, data: Data) {
  return { at, message, data };
}
