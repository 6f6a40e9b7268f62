import { egressGatewaysOf } from '../../mesh/clients/gateways-of-pods.ts';
import { defineRule } from '../rule.ts';

export const gatewayRedirectsEgress = defineRule({
  id: 'gateway-redirects-egress',
  stage: 'route',
  summary: 'An egress gateway answers requests with a redirect to https instead of sending them on.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['IstioGateway'],
  inputs: ['ServiceEntry', 'VirtualService', 'Service', 'Pod', 'Workload', 'IstioGateway', 'Gateway', 'GatewayClass'],

  // istio@86c9f01 pilot/pkg/networking/core/gateway.go (RequireTls); server/docs/istio-semantics-classic.md §F.28.
  *check(gateway, mesh) {
    const redirecting = gateway.spec.servers.filter(({ tls }) => tls?.httpsRedirect);
    if (redirecting.length === 0) return;
    const [pods] = egressGatewaysOf(mesh, gateway);
    if (!pods) return;
    for (const { tls, port, index } of redirecting)
      yield {
        at: tls!.key,
        message: `Requests of applications on port ${port ?? ''} of egress gateway ${pods.namespace}/${pods.name} get 301, a redirect to https: httpsRedirect does not make the gateway use TLS.`,
        data: { index },
      };
  },

  *fixes({ index }, gateway) {
    yield {
      title: 'Send requests on without a redirect',
      safety: 'unsafe',
      changes: [{ op: 'remove', in: gateway, path: ['spec', 'servers', index, 'tls'] }],
    };
  },
});
