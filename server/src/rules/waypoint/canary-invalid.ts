import type { Canary, CanaryIgnored } from '../../mesh/binding/canary.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import type { Resource } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';

export const canaryInvalid = defineRule({
  id: 'canary-invalid',
  stage: 'waypoint',
  summary: 'A canary waypoint gets no traffic, or gets it without the routes of the other one.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['ServiceEntry', 'Service'],
  inputs: ['Namespace', 'Gateway', 'GatewayClass'],

  *check(object, mesh) {
    const binding = bindWaypoint(mesh, object);
    const canary = binding.state === 'bound' ? binding.canary : undefined;
    const fault = canary && binding.state === 'bound' ? faultOf(canary, binding.gateway) : undefined;
    if (!canary || !fault) return;
    const { on, field, namespace, name } = canary.name;
    yield {
      at: on.id === object.id ? field.span : object.at.name,
      message: `Canary ${namespace}/${name} ${fault}.`,
      data: {},
    };
  },
});

/** istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go buildWeightedWaypoints. */
const reasons: Readonly<Record<CanaryIgnored, string>> = {
  'invalid-weight': 'gets no traffic, as its weight is no whole number from 0 to 100',
  'same-as-primary': 'is the waypoint itself, so nothing is shared out',
  missing: 'gets no traffic, as there is no such Gateway',
  'attachment-denied': 'gets no traffic, as its allowedRoutes do not admit the namespace',
  'traffic-type': 'gets no traffic, as it is not for services',
};

function faultOf(canary: Canary, primary: Resource<'Gateway'>): string | undefined {
  if (canary.state === 'ignored') return reasons[canary.reason];
  if (canary.state !== 'weighted') return undefined;
  const [its, own] = [canary.gateway.spec.gatewayClassName?.value, primary.spec.gatewayClassName?.value];
  // istio/istio#61326: another class's controller does not see routes of the first.
  return its !== undefined && own !== undefined && its !== own
    ? `is of class ${its} and the waypoint of ${own}, so the routes of one do not reach the other`
    : undefined;
}
