import { protocolKind } from '../../names/protocols.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { ParentRef, ServiceEntryPort } from '../../model/specs.ts';
import { istioNetworking, parentsOf, routeKinds, type Route } from '../shared/route-targets.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { bound } from '../shared/waypoint-objects.ts';

export const routeKindMismatch = defineRule({
  id: 'route-kind-mismatch',
  stage: 'route',
  summary: 'A route is never used, because it is for another protocol than the ports to which it is attached.',
  severity: 'warning',
  since: '0.1.0',
  subjects: routeKinds,
  inputs: ['ServiceEntry', 'Namespace', 'Gateway', 'GatewayClass'],

  *check(route, mesh) {
    for (const { ref } of parentsOf(route, istioNetworking, 'ServiceEntry')) {
      const entries = mesh.named('ServiceEntry', ref.namespace?.value ?? route.namespace, ref.name?.value ?? '');
      for (const { entry } of entries.flatMap((one) => bound(mesh, one))) yield* mismatch(route, ref, entry);
    }
  },
});

function* mismatch(route: Route, ref: ParentRef, entry: Resource<'ServiceEntry'>): Generator<RuleFinding> {
  const isHttp = route.kind === 'HTTPRoute' || route.kind === 'GRPCRoute';
  const ports = entry.spec.ports.filter(({ number }) => ref.port === undefined || number?.value === ref.port.value);
  if (ports.length === 0 || ports.some((port) => takes(port, isHttp))) return;
  yield {
    at: (ref.port ?? ref.name)?.span ?? ref.span,
    message: `This ${route.written.kind} is not used: for its waypoint ${ref.port ? `port ${ref.port.value}` : 'every port'} of ${describe(entry)} is ${isHttp ? 'not HTTP' : 'HTTP'}.`,
    related: [
      {
        resource: entry,
        at: ports[0]!.protocol?.span ?? ports[0]!.span,
        message: `The protocol of a port decides which routes apply.`,
      },
    ],
    data: {},
  };
}

/** istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go buildWaypointInternal: a chain per kind, and both where the protocol is left open. */
function takes({ protocol }: ServiceEntryPort, isHttp: boolean): boolean {
  const kind = protocolKind(protocol?.value);
  return kind === 'sniffed' || (kind === 'http') === isHttp;
}
