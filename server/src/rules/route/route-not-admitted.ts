import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { admitsRoutesFrom } from '../../mesh/routes/routes-at-listener.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { GatewayListener, ParentRef } from '../../model/specs.ts';
import { defineRule } from '../rule.ts';
import { admitting } from '../shared/written-manifests.ts';
import { gatewayApi, parentsOf, routeKinds } from '../shared/route-targets.ts';

type Gateway = Resource<'Gateway'>;

export const routeNotAdmitted = defineRule({
  id: 'route-not-admitted',
  stage: 'route',
  summary: 'A route has no effect, because no listener of its Gateway accepts routes of its namespace.',
  severity: 'warning',
  since: '0.2.0',
  peers: ['IST0171'],
  subjects: routeKinds,
  inputs: ['Gateway', 'Namespace'],

  *check(route, mesh) {
    if (route.refused) return;
    for (const { ref } of parentsOf(route, gatewayApi, 'Gateway')) {
      const namespace = ref.namespace?.value ?? route.namespace;
      const gateways = mesh.named('Gateway', namespace, ref.name?.value ?? '');
      const [gateway] = gateways;
      if (!ref.name || !gateway || !gateways.every((one) => refuses(mesh, one, ref, route.namespace))) continue;
      yield {
        at: ref.name.span,
        message: `This route has no effect: no listener of ${describe(gateway)} that it names accepts routes of namespace ${route.namespace}.`,
        related: listenersOf(gateway, ref).map((listener) => ({
          resource: gateway,
          at: listener.allowedRoutes?.key ?? listener.name?.span ?? listener.span,
          message: `This listener accepts routes of ${textOf(listener, gateway)}.`,
        })),
        data: { namespace, name: ref.name.value, listener: listenersOf(gateway, ref)[0]?.index ?? 0 },
      };
    }
  },

  *fixes({ namespace, name, listener }, route, mesh) {
    const [gateway] = mesh.named('Gateway', namespace, name);
    const from = gateway?.spec.listeners[listener]?.allowedRoutes?.from?.value ?? 'Same';
    if (!gateway || from !== 'Same') return;
    yield {
      title: `Accept routes of namespace ${route.namespace} at Gateway ${name}`,
      safety: 'unsafe',
      changes: [
        {
          op: 'set',
          in: gateway,
          path: ['spec', 'listeners', listener, 'allowedRoutes', 'namespaces'],
          value: admitting([namespace, route.namespace]),
        },
      ],
    };
  },
});

/** Other vendors' gateways, and listeners whose namespaces depend on labels that no file shows, are left alone. */
function refuses(mesh: Mesh, gateway: Gateway, ref: ParentRef, namespace: string): boolean {
  const listeners = listenersOf(gateway, ref);
  return (
    isWaypointClass(gateway, mesh.settings) === false &&
    listeners.length > 0 &&
    listeners.every((listener) => admitsRoutesFrom(mesh, { gateway, listener }, namespace) === false)
  );
}

function listenersOf({ spec }: Gateway, { sectionName }: ParentRef): readonly GatewayListener[] {
  return spec.listeners.filter(({ name }) => !sectionName || name?.value === sectionName.value);
}

function textOf({ allowedRoutes }: GatewayListener, gateway: Gateway): string {
  const from = allowedRoutes?.from?.value ?? 'Same';
  if (from === 'Selector') return 'the namespaces that its selector matches';
  return from === 'Same' ? `namespace ${gateway.namespace} only` : 'no namespace';
}
