import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import { defineRule } from '../rule.ts';
import { unloggedEntries } from '../shared/unlogged-entries.ts';
import { listOf } from '../shared/resource-lists.ts';
import { bindingInputs, targetingInputs } from '../shared/inputs.ts';

export const egressNotLogged = defineRule({
  id: 'egress-not-logged',
  stage: 'telemetry',
  summary: 'Nothing logs the traffic that leaves the mesh through a waypoint.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['Gateway'],
  isOfIstioWaypoints: true,
  inputs: [...bindingInputs, ...targetingInputs],

  *check(gateway, mesh) {
    const { settings } = mesh;
    // Mesh settings that are not shown may well have a log.
    if (settings.origin === 'default' || settings.accessLogFile !== '' || settings.defaultAccessLogProviders.length > 0)
      return;
    if (isWaypointClass(gateway, settings) !== true || !mesh.knows('Telemetry')) return;
    const silent = unloggedEntries(mesh, gateway);
    if (silent.length === 0) return;
    yield {
      at: gateway.at.name,
      message: `Calls through this waypoint to ${listOf(silent)} are not logged: no Telemetry in these files asks for it, and the mesh configuration has no access log.`,
      data: {},
    };
  },

  *fixes(_, gateway) {
    const manifest = {
      apiVersion: 'telemetry.istio.io/v1',
      kind: 'Telemetry',
      metadata: { name: 'access-log', namespace: gateway.namespace },
      spec: { accessLogging: [{ providers: [{ name: 'envoy' }] }] },
    };
    yield {
      title: `Create a Telemetry that logs in namespace ${gateway.namespace}`,
      safety: 'unsafe',
      changes: [{ op: 'create-file', beside: gateway, fileName: 'access-log.yaml', manifest }],
    };
  },
});
