import { isIntendedForAmbient } from '../shared/intent.ts';
import { defineRule } from '../rule.ts';

export const dynamicDnsPortDropped = defineRule({
  id: 'dynamic-dns-port-dropped',
  stage: 'capture',
  summary: 'Connections to a port of a DYNAMIC_DNS host are closed, because waypoints ignore ports with its protocol.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  inputs: ['Namespace'],

  *check(entry, mesh) {
    if (entry.spec.resolution?.value !== 'DYNAMIC_DNS' || !isIntendedForAmbient(mesh, entry)) return;
    for (const { protocol, number, index } of entry.spec.ports) {
      if (!protocol || !number || !dropped.has(protocol.value.toUpperCase())) continue;
      // istio@86c9f01 pilot/pkg/networking/core/cluster_waypoint.go (HTTP and TLS ports only).
      yield {
        at: protocol.span,
        message: `Connections to ${protocol.value} port ${number.value} fail: for a DYNAMIC_DNS host a waypoint serves only HTTP and TLS ports.`,
        data: { index },
      };
    }
  },

  *fixes({ index }, entry) {
    yield {
      title: 'Declare the port as HTTP',
      safety: 'unsafe',
      changes: [{ op: 'set', in: entry, path: ['spec', 'ports', index, 'protocol'], value: 'HTTP' }],
    };
  },
});

/** What the webhook accepts besides. istio@86c9f01 pkg/config/validation/validation.go. */
const dropped: ReadonlySet<string> = new Set(['GRPC', 'HTTP2']);
