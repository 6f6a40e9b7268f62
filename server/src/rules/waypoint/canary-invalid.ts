import type { Canary, CanaryIgnored } from '../../mesh/binding/canary.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import type { Resource } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';

export const canaryInvalid = defineRule({
  id: 'canary-invalid',
  stage: 'waypoint',
  summary: 'A canary waypoint gets no traffic, or gets it without the routes of the main waypoint.',
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
      message: `Canary waypoint ${namespace}/${name} ${fault}.`,
      data: {},
    };
  },
});

/** istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go buildWeightedWaypoints. */
const reasons: Readonly<Record<CanaryIgnored, string>> = {
  'invalid-weight': 'gets no traffic: the weight must be a whole number from 0 to 100',
  'same-as-primary': 'changes nothing: it is the same Gateway as the waypoint',
  missing: 'gets no traffic: there is no such Gateway in these files',
  'attachment-denied': 'gets no traffic: its allowedRoutes do not accept this namespace',
  'traffic-type': 'gets no traffic: it does not serve services',
};

function faultOf(canary: Canary, primary: Resource<'Gateway'>): string | undefined {
  if (canary.state === 'ignored') return reasons[canary.reason];
  if (canary.state !== 'weighted') return undefined;
  const [its, own] = [canary.gateway.spec.gatewayClassName?.value, primary.spec.gatewayClassName?.value];
  // istio/istio#61326: another class's controller does not see routes of the first.
  return its !== undefined && own !== undefined && its !== own
    ? `gets its share of traffic without the routes of the waypoint: its class is ${its}, and that of the waypoint is ${own}`
    : undefined;
}
