import { isNamespaceWide, namespaceWide } from '../../mesh/telemetry/namespace-telemetries.ts';
import { defineRule } from '../rule.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';

export const telemetryConflict = defineRule({
  id: 'telemetry-conflict',
  stage: 'telemetry',
  summary: 'Several Telemetry objects are for the whole namespace; Istio uses only the one that was created first.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0160'],
  subjects: ['Telemetry'],
  inputs: [],

  *check(telemetry, mesh) {
    if (!isNamespaceWide(telemetry)) return;
    const all = namespaceWide(mesh, telemetry.namespace);
    // Of a group the one whose name comes last reports, so that it is reported once.
    if (all.some(({ name }) => name > telemetry.name)) return;
    const others = all.filter(({ name }) => name !== telemetry.name);
    if (others.length === 0) return;
    yield {
      at: telemetry.at.name,
      message: `Istio uses only the Telemetry that was created first: ${listOf(others)} ${others.length > 1 ? 'are' : 'is'} for the whole namespace ${telemetry.namespace} too.`,
      related: relatedTo(others, (name) => `${name} is for the whole namespace too.`),
      data: {},
    };
  },
});
