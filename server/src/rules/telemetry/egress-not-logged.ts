import type { Mesh } from '../../mesh/mesh.ts';
import { isWaypointClass } from '../../mesh/waypoint-gateway.ts';
import type { Resource } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';
import { isNamespaceWide } from '../telemetry-scope.ts';
import { entriesBehind } from '../waypoint-objects.ts';
import { listOf } from '../wording.ts';

export const egressNotLogged = defineRule({
  id: 'egress-not-logged',
  stage: 'telemetry',
  summary: 'What leaves the mesh by a waypoint is logged nowhere.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['Gateway'],
  inputs: ['ServiceEntry', 'Service', 'Namespace', 'GatewayClass', 'Telemetry', 'AuthorizationPolicy', 'BackendTLSPolicy'],

  *check(gateway, mesh) {
    const { settings } = mesh;
    // Mesh settings that are not shown may well have a log.
    if (settings.origin === 'default' || settings.accessLogFile !== '' || settings.defaultAccessLogProviders.length > 0) return;
    if (isWaypointClass(gateway, settings) !== true || !mesh.knows('Telemetry')) return;
    const entries = entriesBehind(mesh, gateway);
    const silent = entries.filter((entry) => !isLogged(mesh, gateway, entry));
    if (silent.length === 0 || silent.length < entries.length) return;
    yield { at: gateway.at.name, message: `No Telemetry logs what goes through this waypoint to ${listOf(silent)}, and the mesh has no access log.`, data: {} };
  },

  *fixes(_, gateway) {
    const manifest = {
      apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry', metadata: { name: 'access-log', namespace: gateway.namespace },
      spec: { accessLogging: [{ providers: [{ name: 'envoy' }] }] },
    };
    yield { title: `Create a Telemetry that logs in namespace ${gateway.namespace}`, safety: 'unsafe', changes: [{ op: 'create-file', beside: gateway, fileName: 'access-log.yaml', manifest }] };
  },
});

/** istio@86c9f01 pilot/pkg/model/telemetry.go applicableTelemetries. */
function isLogged(mesh: Mesh, gateway: Resource<'Gateway'>, entry: Resource<'ServiceEntry'>): boolean {
  const namespaces = new Set([mesh.settings.rootNamespace, gateway.namespace, entry.namespace]);
  const wide = [...namespaces].flatMap((namespace) => mesh.inNamespace('Telemetry', namespace)).filter(isNamespaceWide);
  const targeted = [...mesh.targeting('Gateway', gateway.namespace, gateway.name), ...mesh.targeting('ServiceEntry', entry.namespace, entry.name)];
  return [...wide, ...targeted].some((one) => one.kind === 'Telemetry' && (one as Resource<'Telemetry'>).spec.accessLogging.some(({ disabled }) => !disabled));
}
