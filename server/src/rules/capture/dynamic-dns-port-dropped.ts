import { isIntendedForAmbient } from '../shared/intent.ts';
import { defineRule } from '../rule.ts';

export const dynamicDnsPortDropped = defineRule({
  id: 'dynamic-dns-port-dropped',
  stage: 'capture',
  summary: 'Requests to a port of a DYNAMIC_DNS host fail, because waypoints ignore ports with its protocol.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  isOfIstioWaypoints: true,
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
    const port = entry.spec.ports[index];
    const isOn80 = port?.number?.value === 80;
    // On another port clients send the port in the Host, and the waypoint answers 404.
    if (!isOn80 && entry.spec.ports.some(({ number }) => number?.value === 80)) return;
    const at = (field: string) => ['spec', 'ports', index, field];
    yield {
      title: isOn80 ? 'Declare the port as HTTP' : 'Declare the port as HTTP port 80',
      safety: 'unsafe',
      changes: [
        ...(isOn80 ? [] : [{ op: 'set', in: entry, path: at('number'), value: 80 } as const]),
        { op: 'set', in: entry, path: at('protocol'), value: 'HTTP' },
      ],
    };
  },
});

/** What the webhook accepts besides. istio@86c9f01 pkg/config/validation/validation.go. */
const dropped: ReadonlySet<string> = new Set(['GRPC', 'HTTP2']);
