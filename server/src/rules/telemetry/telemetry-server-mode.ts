import { egressGatewaysSelected } from '../../mesh/clients/gateways-of-pods.ts';
import { defineRule } from '../rule.ts';

export const telemetryServerMode = defineRule({
  id: 'telemetry-server-mode',
  stage: 'telemetry',
  summary:
    'An egress gateway does not write an access log that is set for mode SERVER, because it logs only in mode CLIENT.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['Telemetry'],
  inputs: ['ServiceEntry', 'IstioGateway', 'Gateway', 'GatewayClass', 'VirtualService', 'Service', 'Pod', 'Workload'],

  // istio@86c9f01 pilot/pkg/model/telemetry.go workloadMode; server/docs/istio-semantics-classic.md §H.30.
  *check({ namespace, spec }, mesh) {
    const { accessLogging, selector, targetRefs } = spec;
    if (targetRefs.length > 0 || accessLogging.some(({ mode }) => mode?.value !== 'SERVER')) return;
    const gateways = egressGatewaysSelected(mesh, selector?.matchLabels ?? new Map()).filter(
      (gateway) => gateway.namespace === namespace || namespace === mesh.settings.rootNamespace,
    );
    const [gateway] = gateways;
    if (!gateway) return;
    for (const [i, { mode }] of accessLogging.entries())
      if (mode)
        yield {
          at: mode.span,
          message: `Nothing is logged: egress gateway ${gateway.namespace}/${gateway.name} logs requests in mode CLIENT, never in mode SERVER.`,
          data: { path: ['spec', 'accessLogging', i, 'match', 'mode'] },
        };
  },

  *fixes({ path }, telemetry) {
    yield { title: 'Set mode: CLIENT', safety: 'safe', changes: [{ op: 'set', in: telemetry, path, value: 'CLIENT' }] };
  },
});
