import type { Resource } from '../../model/resource.ts';
import { trafficType } from '../../mesh/binding/waypoint-gateway.ts';
import { objectsNotServed } from '../shared/refused-enrolments.ts';
import { waypointFor } from '../../model/label-names.ts';
import { defineRule, type Fix } from '../rule.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';
import { bindingInputs } from '../shared/inputs.ts';

export const waypointIgnoresServices = defineRule({
  id: 'waypoint-ignores-services',
  stage: 'waypoint',
  summary: 'ServiceEntries name a waypoint that does not serve services, so their traffic goes direct.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0171'],
  subjects: ['Gateway'],
  inputs: bindingInputs,

  *check(gateway, mesh) {
    const value = trafficType(mesh, gateway);
    if (value === undefined || value === 'service' || value === 'all') return;
    const refused = objectsNotServed(mesh, gateway);
    if (refused.length === 0) return;
    const own = gateway.labels.get(waypointFor);
    const meaning = ['workload', 'none'].includes(value) ? 'excludes services' : 'is not a valid value';
    yield {
      at: own?.span ?? gateway.spec.gatewayClassName?.span ?? gateway.at.name,
      message: `Traffic to ${listOf(refused)} skips the waypoint: ${own ? 'the label' : 'the label of its class,'} ${waypointFor}: ${value}${own ? '' : ','} ${meaning}.`,
      related: relatedTo(refused, (name) => `Traffic to ${name} goes direct.`),
      data: { value },
    };
  },

  *fixes({ value }, gateway) {
    // With `all`, a waypoint for workloads still serves them.
    if (value === 'workload') yield setTo('all', 'safe', gateway);
    yield setTo('service', value === 'workload' ? 'unsafe' : 'safe', gateway);
  },
});

function setTo(value: string, safety: Fix['safety'], gateway: Resource<'Gateway'>): Fix {
  return {
    title: `Set ${waypointFor}: ${value}`,
    safety,
    changes: [{ op: 'set', in: gateway, path: ['metadata', 'labels', waypointFor], value }],
  };
}
