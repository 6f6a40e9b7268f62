import type { Mesh } from '../../mesh/mesh.ts';
import { useWaypointOn } from '../../mesh/binding/use-waypoint.ts';
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';

type Gateway = Resource<'Gateway'>;
type Labelled = AnyResource<'ServiceEntry' | 'Service' | 'Namespace'>;
interface Data {
  readonly gateway: boolean;
}

export const waypointClassMismatch = defineRule({
  id: 'waypoint-class-mismatch',
  stage: 'waypoint',
  summary:
    'Traffic goes to a Gateway that cannot handle it: a `use-waypoint` label names a Gateway whose class is not a waypoint class.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['ServiceEntry', 'Service', 'Namespace', 'Gateway'],
  inputs: ['Gateway', 'Namespace', 'ServiceEntry', 'Service'],

  *check(subject, mesh): Iterable<RuleFinding<Data>> {
    yield* subject.kind === 'Gateway' ? wrongClass(subject, mesh) : wrongName(subject, mesh);
  },

  *fixes({ gateway }, subject) {
    if (!gateway) return;
    yield {
      title: 'Change the class to istio-waypoint',
      safety: 'unsafe',
      changes: [{ op: 'set', in: subject, path: ['spec', 'gatewayClassName'], value: 'istio-waypoint' }],
    };
  },
});

/** A Gateway with a waypoint's listener is intended as a waypoint: its class is the fault, reported once for all objects that name it. */
function* wrongClass(gateway: Gateway, mesh: Mesh): Iterable<RuleFinding<Data>> {
  if (isWaypointClass(gateway, mesh.settings) !== false || !listensAsWaypoint(gateway)) return;
  const users = mesh.enrolled(gateway.namespace, gateway.name);
  if (users.length === 0) return;
  yield {
    at: gateway.spec.gatewayClassName?.span ?? gateway.at.name,
    message: `Traffic to ${listOf(users)} goes to this Gateway, which does not answer as a waypoint: ${classOf(gateway)} is not a waypoint class.`,
    related: relatedTo(users, (name) => `${name} names this Gateway.`),
    data: { gateway: true },
  };
}

// Istio does not look at the class when it binds, and sends to port 15008 of whatever the Gateway runs (INFER).
// istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go gatewayToWaypointTransform.
function* wrongName(object: Labelled, mesh: Mesh): Iterable<RuleFinding<Data>> {
  const label = useWaypointOn(object);
  if (!label) return;
  const gateway = mesh.named('Gateway', label.namespace, label.name)[0];
  if (!gateway || isWaypointClass(gateway, mesh.settings) !== false || listensAsWaypoint(gateway)) return;
  yield {
    at: label.field.span,
    message: `Traffic goes to Gateway ${label.namespace}/${label.name}, which does not answer as a waypoint: ${classOf(gateway)} is not a waypoint class.`,
    related: [
      {
        resource: gateway,
        at: gateway.spec.gatewayClassName?.span ?? gateway.at.name,
        message: `Gateway ${gateway.name} is declared here.`,
      },
    ],
    data: { gateway: false },
  };
}

function listensAsWaypoint({ spec }: Gateway): boolean {
  return spec.listeners.some(({ protocol }) => protocol?.value === 'HBONE');
}

function classOf({ spec }: Gateway): string {
  return spec.gatewayClassName?.value ?? '(none)';
}
