import { egressGatewaysOf } from '../../mesh/clients/gateways-of-pods.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';

export const gatewaySelectsAll = defineRule({
  id: 'gateway-selects-all',
  stage: 'route',
  summary: 'A Gateway for outside hosts has no selector, so ingress gateways serve these hosts too.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['IstioGateway'],
  inputs: ['ServiceEntry', 'VirtualService', 'Service', 'Pod', 'Workload', 'IstioGateway', 'Gateway', 'GatewayClass'],

  // istio@86c9f01 pilot/pkg/model/push_context.go mergeGateways; server/docs/istio-semantics-classic.md §F.1, §L.5.
  *check(gateway, mesh) {
    const { selector, servers } = gateway.spec;
    if (selector.size > 0 || servers.length === 0) return;
    const [pods] = egressGatewaysOf(mesh, gateway);
    if (!pods) return;
    const other = ingressIn(mesh, gateway);
    const finding = {
      at: gateway.at.name,
      message: `${other ? 'The ingress gateway serves' : 'Every other gateway of the mesh, if there is one, serves'} the outside hosts of this Gateway too, because it has no selector: give it the labels of the pods of ${pods.namespace}/${pods.name}.`,
      related: other ? [{ resource: other, at: other.at.name, message: 'This is for an ingress gateway.' }] : [],
      data: { labels: [...pods.labels] },
    };
    yield other ? finding : { ...finding, severity: 'information' as const };
  },

  *fixes({ labels }, gateway) {
    const [key, value] = labels.find(([name]) => name === 'istio') ?? labels[0] ?? [];
    if (key === undefined) return;
    yield {
      title: `Select pods with ${key}: ${value}`,
      safety: 'unsafe',
      changes: [{ op: 'set', in: gateway, path: ['spec', 'selector', key], value: value! }],
    };
  },
});

/** An object that shows an ingress gateway, as Istio's charts label it. §F.2. */
function ingressIn(mesh: Mesh, gateway: Resource<'IstioGateway'>): Resource | undefined {
  const isIngress = (value: string | undefined) => value?.includes('ingressgateway') === true;
  const gateways = mesh.all('IstioGateway').filter((one) => one !== gateway);
  return (
    gateways.find(({ spec }) => isIngress(spec.selector.get('istio')) || isIngress(spec.selector.get('app'))) ??
    mesh.all('Service').find(({ spec }) => isIngress(spec.selector?.get('istio')))
  );
}
