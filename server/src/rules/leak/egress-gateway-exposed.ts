import { defineRule } from '../rule.ts';
import { relatedTo } from '../shared/resource-lists.ts';
import { routeInputs } from '../shared/inputs.ts';
import { routesToEgressGateway } from '../shared/routes-to-egress-gateway.ts';

const serviceType = 'networking.istio.io/service-type';

export const egressGatewayExposed = defineRule({
  id: 'egress-gateway-exposed',
  stage: 'leak',
  summary: 'An egress gateway of the Gateway API is reachable from outside, because its Service is a load balancer.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['Gateway'],
  inputs: ['Gateway', 'ServiceEntry', 'Service', ...routeInputs],

  // istio@86c9f01 pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go configureIstioGateway; server/docs/istio-semantics-classic.md §I.1, §L.71.
  *check(gateway, mesh) {
    const { gatewayClassName, services, hasParameters } = gateway.spec;
    if (gatewayClassName?.value !== 'istio' || services || hasParameters) return;
    const written = gateway.annotations.get(serviceType);
    if (written && written.value !== 'LoadBalancer' && written.value !== 'NodePort') return;
    const routes = routesToEgressGateway(mesh, gateway);
    if (routes.length === 0) return;
    yield {
      at: written?.span ?? gateway.at.name,
      message: `This egress gateway is reachable from outside the cluster: Istio makes its Service a ${written?.value ?? 'LoadBalancer, unless the cluster sets another type'}; set annotation ${serviceType} to ClusterIP.`,
      related: relatedTo(routes, (name) => `${name} sends requests for an outside host to it.`),
      data: {},
    };
  },

  *fixes(_, gateway) {
    yield {
      title: 'Make it reachable only inside the cluster',
      safety: 'unsafe',
      changes: [{ op: 'set', in: gateway, path: ['metadata', 'annotations', serviceType], value: 'ClusterIP' }],
    };
  },
});
